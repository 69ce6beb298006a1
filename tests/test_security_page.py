"""docs/security.md: each threat has what is done and what shows it, and that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/security.md").read_text("utf-8")

_PROOF = re.compile(r"`(tests/[\w./-]+?\.py)(?:::(\w+))?`")
#: What opens a connection, or asks somebody for an address.
_REACHES_OUT = {
    *("open_connection", "create_connection", "open_unix_connection", "create_unix_connection", "urlopen"),
    *("getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo", "getfqdn", "sock_connect"),
}


def rows(page, heading):
    """The cells of each row in the table under ``heading``, without its head."""
    part = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def unproven(page):
    """The threats for which no test is named that there is."""
    lost = []
    for threat, _deed, shown in rows(page, "What we protect"):
        proofs = _PROOF.findall(shown)
        if not proofs or not all(is_there(ROOT / path, name) for path, name in proofs):
            lost.append(threat)
    return lost


def is_there(path, name):
    """Whether there is a test file at ``path``, and in it the test ``name``, if one is named."""
    if not path.is_file():
        return False
    tree = ast.parse(path.read_text("utf-8"))
    return not name or any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree))


def test_every_threat_is_answered_and_shown():
    found = rows(PAGE, "What we protect")
    assert len(found) > 50
    assert [row[0] for row in found if len(row) != 3 or not all(row)] == []
    assert unproven(PAGE) == []


def test_a_proof_that_is_not_there_is_noticed():
    page = (
        "## What we protect\n\n| threat | deed | shown |\n|---|---|---|\n"
        "| a | b | `tests/test_security_page.py` |\n"
        "| c | d | `tests/test_security_page.py::test_a_proof_that_is_not_there_is_noticed`, [x](y.md) |\n"
        "| e | f | `tests/test_security_page.py::test_nothing` |\n| g | h | `tests/none.py` |\n| i | j |  |\n"
        "\n## Not protected yet\n\n| k | l |\n"
    )
    assert unproven(page) == ["e", "g", "i"]


def reached(source):
    """The names in ``source`` by which something is asked of the network."""
    nodes = ast.walk(ast.parse(source))
    names = {getattr(node, "attr", getattr(node, "id", "")) for node in nodes}
    return names & _REACHES_OUT


def test_the_server_reaches_out_to_nobody():
    rooms = ("core", "commands", "irc", "listeners", "store")
    found = {
        path.name: reached(path.read_text("utf-8"))
        for room in rooms
        for path in (ROOT / "chatapp" / room).rglob("*.py")
    }
    # There it is about the name that we are told to listen at.
    assert {name: names for name, names in found.items() if names} == {"sockets.py": {"getaddrinfo"}}


def test_a_hand_stretched_out_is_noticed():
    assert reached("async def f():\n    await asyncio.open_connection('x', 1)\n") == {"open_connection"}
    assert reached("socket.socket().bind(x)") == set()

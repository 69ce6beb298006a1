"""docs/protocol.md says of the protocol what the code says, and nothing else."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import chatapp.commands  # noqa: F401  fills the table
from chatapp.commands.modes import CHANNEL_KINDS, USER_KINDS
from chatapp.commands.table import COMMANDS
from chatapp.commands.welcome import isupport_tokens
from chatapp.core.member import PREFIXES
from chatapp.core.settings import Settings
from chatapp.irc import caps, numerics

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "protocol.md").read_text("utf-8")
#: What speaks to a client.
SPEAKERS = ("core", "commands", "listeners", "server")


def rows(heading, page=PAGE):
    """The rows of the table under ``heading``, each a list of cells without backticks."""
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().replace("`", "") for cell in line[1:-1].split("|")] for line in lines[2:]]


def sources():
    for package in SPEAKERS:
        for path in sorted((ROOT / "chatapp" / package).rglob("*.py")):
            yield ast.parse(path.read_text("utf-8"))


def numerics_used(tree):
    """The numerics that a module works with; importing one is not enough."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return {name for name in names if isinstance(getattr(numerics, name, None), numerics.Numeric)}


def fails_used(tree):
    """Every ``(command, code)`` of a ``Failed``, also through a function that fills in the command."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        names = [arg.arg for arg in function.args.args]
        for call in ast.walk(function):
            if not (isinstance(call, ast.Call) and ast.unparse(call.func) in ("Failed", "ctx.fail")):
                continue
            command, code = call.args[:2]
            said = command.value if isinstance(command, ast.Constant) else "any"
            if isinstance(code, ast.Constant):
                yield said, code.value
            elif ast.unparse(code) in names and function.name != "fail":
                at = names.index(ast.unparse(code))
                yield from ((said, c.args[at].value) for c in calls if ast.unparse(c.func) == function.name)


def test_commands():
    told = {name: early == "early" for name, early, _sentence in rows("Commands")}
    assert told == {name: entry.before_registration for name, entry in COMMANDS.items()}


def test_capabilities():
    assert {name for name, _sentence in rows("Capabilities")} == set(caps.OFFERED)
    assert set(caps.OFFERED.values()) == {""}, "the page says that none has a value"


def test_modes_of_channels():
    told = {(letter, kind) for letter, kind, _parameter, _sentence in rows("Modes of channels")}
    kinds = {
        "A": CHANNEL_KINDS.lists,
        "B": CHANNEL_KINDS.always,
        "C": CHANNEL_KINDS.when_set,
        "D": CHANNEL_KINDS.flags,
    }
    real = {(letter, kind) for kind, letters in kinds.items() for letter in letters}
    real |= {(letter, f"prefix {symbol}") for letter, symbol in PREFIXES.items()}
    assert told == real
    assert "".join(PREFIXES) == CHANNEL_KINDS.prefixes


def test_modes_of_users():
    assert {letter for letter, _sentence in rows("Modes of users")} == set(USER_KINDS.flags)


def test_isupport():
    told = [token for token, _meaning in rows("What 005 says")]
    tokens = isupport_tokens(Settings())
    assert told == [key if value is None else f"{key}={value}" for key, value in tokens.items()]


def test_numerics():
    used = set().union(*map(numerics_used, sources()))
    told = [(code, name) for code, name, _when in rows("Numerics")]
    assert told == sorted((getattr(numerics, name).code, name) for name in used)


def test_fails():
    used = {found for tree in sources() for found in fails_used(tree)}
    told = [(command, code) for command, code, _when in rows("FAIL")]
    assert set(told) == used
    assert len(told) == len(set(told))


def test_every_row_says_something():
    headings = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    tables = {heading: rows(heading) for heading in headings if rows(heading)}
    assert len(tables) == 8
    for heading, table in tables.items():
        for row in table:
            assert row[0] and (row[-1] or row[-2]), f"{heading}: {row}"


def test_what_is_missing_would_be_noticed():
    page = (
        "\n## FAIL\n\n| command | code | when |\n|---|---|---|\n| `*` | `X` | then |\n\n## Next\n| a | b |\n"
    )
    assert rows("FAIL", page) == [["*", "X", "then"]]
    source = (
        "def f(code):\n    return Failed('A', code)\ndef g(ctx):\n    f('ONE')\n    Failed(x, 'TWO')\n"
        "    ctx.fail('B', 'THREE')\n    print(RPL_AWAY)"
    )
    assert set(fails_used(ast.parse(source))) == {("A", "ONE"), ("any", "TWO"), ("B", "THREE")}
    assert numerics_used(ast.parse(source + "\nfrom x import RPL_INFO")) == {"RPL_AWAY"}

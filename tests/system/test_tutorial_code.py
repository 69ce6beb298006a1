"""Every program of "From a socket exercise to a chat" runs, prints what the page shows, and is heard."""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import pytest
from ports import free_port
from system.server_process import PATIENCE, ServerProcess, program_in
from system.talker import Talker

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"en": DOCS / "from-sockets.md", "pt_BR": DOCS / "from-sockets.pt-BR.md"}
#: What is typed that comes not back.
UNECHOED = {"Ana", "exit", "sair"}

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SAID = re.compile(r"\d\d:\d\d <(\w+)> (.*)")


def programs(page):
    """Each Python block of ``page``, with what it shows and what Bruno hears of it."""
    found = []
    for kind, text in _BLOCK.findall(page.read_text("utf-8")):
        if kind == "python":
            found.append((text, [], []))
        elif kind == "shown":
            found[-1][1].extend(text.splitlines())
        elif kind == "heard":
            found[-1][2].extend(text.splitlines())
    return found


def said(rows, nick):
    return [match[2] for row in rows if (match := _SAID.fullmatch(row)) and match[1] == nick]


def timeless(row):
    return re.sub(r"\d\d:\d\d", "21:03", row.rstrip("\r\n"))


class Run:
    """A program that runs as the page shows it: somebody types, and Bruno speaks when he is to."""

    def __init__(self, code, bruno):
        self._bruno = bruno
        self._process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._too_late = threading.Timer(PATIENCE, self._process.kill)

    def shows(self, rows):
        """Go through ``rows``, of which those that are typed are typed, up to the end of the program."""
        typed = UNECHOED.union(said(rows, "Ana"))
        may_skip = False
        for row in rows:
            if row in typed:
                self._process.stdin.write(f"{row}\n")
                self._process.stdin.flush()
            elif row == "...":
                may_skip = True
            else:
                for words in said([row], "Bruno"):
                    self._bruno.say(f"PRIVMSG #lobby :{words}")
                self._reads(timeless(row), may_skip)
                may_skip = False
        rest, errors = self._process.communicate()
        assert (rest, errors, self._process.returncode) == ("", "", 0)

    def _reads(self, wanted, may_skip):
        passed = []
        while row := self._process.stdout.readline():
            if timeless(row) == wanted:
                return
            passed.append(row)
            assert may_skip, f"{row!r} came where the page has {wanted!r}"
        _rest, errors = self._process.communicate()
        raise AssertionError(f"it never showed {wanted!r}, but {passed}; {errors}")

    def __enter__(self):
        self._too_late.start()
        return self

    def __exit__(self, *_):
        self._too_late.cancel()
        self._process.kill()
        self._process.communicate()


class Lesson(NamedTuple):
    """A page, and a server that speaks its language."""

    language: str
    folder: Path
    address: tuple[str, int]
    udp_port: int

    @property
    def page(self):
        return PAGES[self.language]

    def at_our_server(self, code):
        """``code`` with the ports of our server instead of those that the page has."""
        return code.replace("12345", str(self.address[1])).replace("5002", str(self.udp_port))


@pytest.fixture(scope="module", params=PAGES)
def lesson(request, tmp_path_factory):
    language, udp_port = request.param, free_port(socket.SOCK_DGRAM)
    folder = tmp_path_factory.mktemp(language)
    with ServerProcess(folder, language, LISTENER__UDP_PORT=str(udp_port)) as server:
        yield Lesson(language, folder, server.address, udp_port)


@pytest.fixture
def bruno(lesson):
    with Talker(lesson.address, "Bruno") as bruno:
        bruno.join("#lobby")
        yield bruno
        bruno.say("QUIT")
        bruno.waits_for("ERROR")


@pytest.mark.parametrize("number", range(len(programs(PAGES["en"]))))
def test_what_the_page_shows_is_what_comes_out(lesson, bruno, number):
    code, shown, heard = programs(lesson.page)[number]

    with Run(lesson.at_our_server(code), bruno) as run:
        run.shows(shown)

    if "socket" in code or "asyncio" in code:
        for words in said(shown + heard, "Ana"):
            assert bruno.waits_for("PRIVMSG #lobby ").endswith(f" PRIVMSG #lobby :{words}")
        bruno.waits_for(" QUIT ")


def test_the_inspector_shows_what_the_page_shows(lesson, bruno):
    found = _BLOCK.findall(lesson.page.read_text("utf-8"))
    (wanted,) = [text.splitlines() for kind, text in found if kind == "inspected"]
    options = ["--host", "localhost", "--port", str(lesson.address[1]), "--name", "Ana"]
    command = [*program_in(lesson.language, lesson.folder), "client", *options, "--inspect", "--linear"]
    home = {name: str(lesson.folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}

    report = subprocess.run(
        [sys.executable, *command],
        input="olá\n",
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **home, "LANGUAGE": lesson.language, "PYTHONUTF8": "1"},
        timeout=PATIENCE,
    )

    assert (report.returncode, report.stderr) == (0, "")
    rows = iter(report.stdout.splitlines())
    patterns = [re.escape(row).replace("…", r"\w+") for row in wanted if row != "..."]
    missing = next((each for each in patterns if not any(re.fullmatch(each, row) for row in rows)), "")
    assert missing == ""
    bruno.waits_for("PRIVMSG #lobby :olá")
    bruno.waits_for(" QUIT ")


class Words(ast.NodeTransformer):
    """Takes the words out of a program, so that programs can be compared."""

    def visit_Constant(self, node):
        return ast.Constant("" if isinstance(node.value, str | bytes) else node.value)


def test_both_pages_have_the_same_programs():
    english, portuguese = [
        [ast.dump(Words().visit(ast.parse(code))) for code, _shown, _heard in programs(page)]
        for page in PAGES.values()
    ]
    assert english == portuguese
    assert len(english) == 8

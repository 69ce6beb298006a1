"""What the documents show can be typed: our command lines are understood, the first chat is as told."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from chatapp import __version__, cli
from chatapp.client import command_line, slash
from chatapp.server.banner import banner, dangers
from chatapp.server.verbs import table

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text("utf-8")

_OURS = re.compile(r"(?:^|[\s/=])(chat-server|chat-client)((?: +[^\s`|&<>;]+)*)")


def blocks(page):
    """The fenced blocks of ``page``."""
    return re.findall(r"^ *```\w*\n(.*?)^ *```", page, re.MULTILINE | re.DOTALL)


def shown(page):
    """Each command line of ours in the blocks of ``page``: the program and its arguments."""
    for block in blocks(page):
        for line in block.splitlines():
            line = re.sub(r"\s# .*", "", line).strip().removeprefix("$ ")
            if (found := _OURS.search(line)) and not line.startswith(("#", "/")):
                yield found[1], shlex.split(found[2])


def parse(program, args):
    if program == "chat-server":
        verb = table.find(args)
        if verb:
            verb.load().parser().parse_intermixed_args(args[1:])
        else:
            cli._server_parser().parse_args(args)
    else:
        verb, flags = command_line.split(args)
        command_line.parser(verb, "0").parse_args(flags)


def misunderstood(page):
    """The command lines of ``page`` that the program would not take."""
    wrong = []
    for program, args in shown(page):
        try:
            parse(program, args)
        except SystemExit as end:
            if end.code:
                wrong.append(f"{program} {shlex.join(args)}")
    return wrong


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_command_lines_are_understood(path):
    assert misunderstood(path.read_text("utf-8")) == []


def test_one_that_is_not_understood_is_found():
    page = (
        "```\n$ .venv/bin/chat-server --port 1 && x\nchat-client --help  # fine\nchat-client --nome Ana\n```"
    )
    assert [args for _program, args in shown(page)] == [["--port", "1"], ["--help"], ["--nome", "Ana"]]
    assert misunderstood(page) == ["chat-client --nome Ana"]


def test_the_tutorial_shows_the_banner_as_it_is():
    data = "/home/ana/.local/share/chatapp"
    told = banner(
        [("0.0.0.0", 12345)],
        data,
        "#lobby",
        "192.168.1.20",
        dangers("", False, encrypts=True),
        code="QX3M-7KTB-P2WD-HE5N",
        has_console=True,
        keys=["7477-accd-666b-0afd-3566-9b7c-7335-8faa"],
    )
    (block,) = [block for block in blocks(TUTORIAL) if "is listening" in block]
    assert block == f"$ chat-server --port 12345\n{told}"
    assert __version__ in block


def test_the_tutorial_types_commands_that_there_are():
    section = TUTORIAL.partition("## 5.")[2].partition("## 8.")[0]
    names = re.findall(r"^/(\w+)", section, re.MULTILINE)
    assert names == ["topic", "me", "msg", "reply", "react", "search", "register"]
    assert all(map(slash.find, names))


@pytest.mark.parametrize(
    "words",
    [
        "The server has stopped; everything said is kept.",
        "What you type is kept and sent later.",
        "Connected again.",
        "the server is going down",
    ],
)
def test_the_tutorial_quotes_what_the_programs_say(words):
    assert words in " ".join(TUTORIAL.replace("│", " ").split())
    assert any(words in path.read_text("utf-8") for path in (ROOT / "chatapp").rglob("*.py"))

"""docs/performance.md says what chat-bench does: its commands can be given, and its rows are all there."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from pathlib import Path

import pytest

from chatapp.bench.options import build_parser
from chatapp.bench.rows import LOADS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "performance.md").read_text("utf-8")
COMMANDS = [
    shlex.split(line.replace("$PID", "4711"), comments=True)[1:]
    for block in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("chat-bench ")
]


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_there_are_commands_of_every_scenario():
    assert {words[0] for words in COMMANDS} == {
        *("room", "rooms", "rate", "idle", "join", "selftest", "crash", "compare", "growth")
    }


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_can_be_given(words):
    build_parser(defaultdict(lambda: print)).parse_args(words)


def test_every_option_of_the_table_is_one():
    names = re.findall(r"`(--[a-z-]+)`", section("Measure your own server").partition("|---|")[2])
    parser = build_parser(defaultdict(lambda: print))
    room = parser._subparsers._group_actions[0].choices["room"].format_help()

    assert len(names) > 10
    assert [name for name in names if name not in room] == []


def test_every_load_has_its_row():
    told = re.findall(r"`([a-z]+-[a-z0-9-]+)`", section("Beside other servers").partition("|---|")[2])

    assert sorted(set(told) & {load.name for load in LOADS}) == sorted(load.name for load in LOADS)

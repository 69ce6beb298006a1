"""docs/client.md lists every key and every command, in the tables' own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatapp import cli
from chatapp.client.command import usage
from chatapp.client.screen.keys import key_help, key_table
from chatapp.client.slash import COMMANDS

DOCS = (Path(__file__).parents[2] / "docs" / "client.md").read_text("utf-8")


def rows_of(title):
    section = DOCS.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


def test_every_key_is_there_and_no_other():
    assert rows_of("Keys") == [f"| {key} | {what} |" for key, what in key_help()]


def test_every_command_is_there_and_no_other():
    expected = []
    for command in COMMANDS:
        also = " ".join(f"`/{alias}`" for alias in command.aliases)
        expected.append(f"| `{usage(command)}` | {command.help} | {also} |")
    assert rows_of("Commands") == expected


def test_every_option_is_there_and_no_other(capsys):
    with pytest.raises(SystemExit):
        cli.client(["--help", "--lang", "en"])
    offered = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help", "--version"}
    assert set(re.findall(r"^\| `(--[a-z-]+)", "\n".join(rows_of("Options")), re.MULTILINE)) == offered


def test_no_key_is_listed_or_bound_twice():
    shown = [key.shown for key in key_table()]
    bound = [sequence for key in key_table() for sequence in key.sequences]
    assert len(shown) == len(set(shown))
    assert len(bound) == len(set(bound))

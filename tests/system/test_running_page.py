"""The story of docs/running.md, from nothing to the upgrade, typed word for word."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from ports import free_port
from system.machine import Machine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the story is of a Linux with systemd"),
]

PAGE = Path(__file__).parents[2] / "docs" / "running.md"
#: The exit code of doctor is 1 where it finds something to fix, and on a machine of tests it may.
MAY_FIND = "chat-server doctor"


def story():
    """Every line that is to be typed, in the order of the page."""
    section = re.search(r"^## As a service\n(.*?)^## ", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)[1]
    blocks = re.findall(r"^```\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_followed_word_for_word_it_ends_with_a_server_that_has_everything(tmp_path):
    told = {}
    with Machine(tmp_path, free_port()) as machine:
        for line in story():
            code, told[line] = machine.types(line)
            assert code == 0 or (MAY_FIND in line and code == 1), f"{line}\n{told[line]}"
        assert (tmp_path / "var/lib/chatapp").stat().st_mode & 0o777 == 0o700
        backups = list((tmp_path / "var/backups/chatapp").iterdir())

    (tail,) = (line for line in told if "chat-client tail" in line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d <Ana> Is anybody here\?\n", told[tail])
    (check,) = (line for line in told if "--check" in line)
    assert " is whole, and has\n" in told[check]
    assert len(backups) == 2
    assert {path.stat().st_mode & 0o777 for path in backups} == {0o600}


def test_the_story_has_all_its_parts():
    typed = "\n".join(story())
    for part in (
        "pip install",
        "enable --now chatapp\n",
        "start chatapp-backup",
        "rm -r",
        " restore ",
        "--upgrade",
    ):
        assert part in typed

"""docs/backup.md tells of every flag, every field and every file that there is, and of no other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from chatapp.core.message import Message
from chatapp.server.transcript import as_json, entry_of
from chatapp.server.verbs import backup, export, restore
from chatapp.store import bundle, directory

PAGE = (Path(__file__).parents[3] / "docs" / "backup.md").read_text("utf-8")
COMMON = {"--config", "--data-dir", "--lang", "--help", "-h"}


def section(title):
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)[1]


def rows(text, title):
    """The first column of the table that begins with ``title``."""
    table = re.search(rf"^\| {title} \|.*\n\|-.*\n((?:\|.*\n)+)", text, re.MULTILINE)[1]
    return [line.split("|")[1] for line in table.splitlines()]


@pytest.mark.parametrize(("title", "verb"), [("Back up", backup), ("Restore", restore), ("Export", export)])
def test_every_flag_is_told(title, verb):
    told = {flag for row in rows(section(title), "flag") for flag in re.findall(r"--[a-z]+", row)}
    there = {flag for action in verb.parser()._actions for flag in action.option_strings}
    assert told == there - COMMON


def test_every_file_of_a_backup_is_told():
    told = {row.strip(" `") for row in rows(section("Back up"), "in the file is")}
    assert told == {"manifest.json", directory.DATABASE, directory.CERTIFICATE, bundle.SETTINGS}


def test_every_field_of_json_is_told():
    told = {row.strip(" `") for row in rows(section("Export"), "field")}
    source = ":ana!a@host"
    messages = [
        Message(1, "PRIVMSG", f"{source} PRIVMSG #tea :yes", "ana", "+draft/reply=1"),
        Message(1, "JOIN", f"{source} JOIN #tea", "ana"),
    ]
    there = {field for each in messages for field in json.loads(as_json(entry_of(each), "#tea"))}
    assert told == there

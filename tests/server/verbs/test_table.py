"""The table of the verbs: whole, the same in the help and on the page, and mistakes told in words."""

from __future__ import annotations

import errno
import io
import os
import re
from pathlib import Path

import pytest

from chatapp import cli
from chatapp.core.ports import StoreError
from chatapp.server.config import ConfigError
from chatapp.server.verbs import account, table

ROOT = Path(__file__).parents[3]
NOT_VERBS = {"__init__.py", "table.py", "command_line.py"}


def test_every_module_of_the_package_is_in_the_table():
    files = {path.name for path in (ROOT / "chatapp/server/verbs").glob("*.py")} - NOT_VERBS

    assert files == {f"{verb.name.replace('-', '_')}.py" for verb in table.VERBS}


def test_the_names_are_in_order_and_each_is_there_once():
    names = [verb.name for verb in table.VERBS]

    assert names == sorted(set(names))


@pytest.mark.parametrize("verb", table.VERBS, ids=lambda verb: verb.name)
def test_every_verb_takes_the_common_flags_and_is_named_as_it_is_called(verb):
    parser = verb.load().parser()

    flags = {flag for action in parser._actions for flag in action.option_strings}
    assert flags >= {"--config", "--data-dir", "--lang", "--help"}
    assert parser.prog == f"chat-server {verb.name}"
    assert parser.description.endswith(".")
    assert callable(verb.load().run)


def test_the_help_names_every_verb_with_its_sentence(capsys):
    with pytest.raises(SystemExit) as end:
        cli.server(["--help"])

    told = capsys.readouterr().out
    assert end.value.code == 0
    for verb in table.VERBS:
        assert re.search(rf"^  {verb.name} +{re.escape(verb.sentence)}$", told, re.MULTILINE)
    assert max(map(len, told.splitlines())) <= 80


def test_the_page_has_the_same_table():
    page = (ROOT / "docs/running.md").read_text("utf-8")

    rows = re.findall(r"^\| `chat-server ([a-z-]+)` \| (.+?) \|$", page, re.MULTILINE)
    assert rows == [(verb.name, verb.sentence) for verb in table.VERBS]


def test_a_verb_behind_a_flag_is_told_where_it_stands(capsys):
    with pytest.raises(SystemExit) as end:
        cli.server(["--port", "1", "owner-code"])

    assert end.value.code == 2
    assert capsys.readouterr().err.endswith(
        "owner-code stands before all flags: chat-server owner-code ...\n"
    )


def test_a_flag_that_a_verb_does_not_have_is_told_with_the_nearest(capsys):
    with pytest.raises(SystemExit) as end:
        cli.server(["owner-code", "--data-dri", "x"])

    assert end.value.code == 2
    assert "there is no --data-dri; did you mean --data-dir?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("why", "code"), [(ConfigError(["one", "two"]), 2), (StoreError("one\ntwo"), 1)], ids=["settings", "data"]
)
def test_what_a_verb_cannot_do_is_told_in_words(why, code, capsys, monkeypatch):
    def fail(_given):
        raise why

    monkeypatch.setattr(account, "run", fail)

    assert cli.server(["account", "list"]) == code
    assert capsys.readouterr().err == "one\ntwo\n"


def test_what_a_file_says_of_itself_moves_no_cursor(capsys, monkeypatch):
    def fail(_given):
        raise StoreError("malformed \x1b[2J")

    monkeypatch.setattr(account, "run", fail)

    assert cli.server(["account", "list"]) == 1
    assert capsys.readouterr().err == "malformed ␛[2J\n"


def test_what_the_system_refuses_is_told_in_words(capsys, monkeypatch):
    def fail(_given):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/root/x")

    monkeypatch.setattr(account, "run", fail)

    assert cli.server(["account", "list"]) == 1
    assert capsys.readouterr().err == "/root/x: permission denied\n"


def test_a_disk_that_is_full_is_told_without_numbers(capsys, monkeypatch):
    def fail(_given):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(account, "run", fail)

    assert cli.server(["account", "list"]) == 1
    assert capsys.readouterr().err == "the disk is full\n"


def test_a_word_too_many_is_not_called_missing(capsys, tmp_path):
    with pytest.raises(SystemExit) as end:
        cli.server(["restore", "one.tar.gz", "two.tar.gz"])

    assert end.value.code == 2
    assert capsys.readouterr().err.endswith("error: two.tar.gz is one word too many; see --help\n")


def test_who_ends_it_while_it_is_still_loading_sees_no_traceback(capsys, monkeypatch):
    def interrupt(_name):
        raise KeyboardInterrupt

    monkeypatch.setattr(table, "import_module", interrupt)

    assert cli.server(["doctor"]) == 130
    assert capsys.readouterr() == ("", "")


def test_letters_that_the_output_has_not_end_no_verb(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="ascii"))
    monkeypatch.setattr(account, "run", lambda _given: print("João") or 0)

    assert cli.server(["account", "list"]) == 0
    assert written.getvalue().splitlines() == [rb"Jo\xe3o"]


def test_a_name_may_stand_behind_flags(monkeypatch):
    given = []
    monkeypatch.setattr(account, "run", lambda each: given.append(each) or 0)

    assert cli.server(["account", "add", "--password-stdin", "Ana"]) == 0
    assert (given[0].verb, given[0].name) == ("add", "Ana")

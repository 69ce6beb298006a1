"""chat-server backup, restore and export as typed: what they say, and how they end."""

from __future__ import annotations

import errno
import io
import json
import os
import re
from pathlib import Path

import pytest
from store.archives import keep, left_in, read, said

from chatapp import cli
from chatapp.core.stamp import parse_time
from chatapp.server.last_backup import last_backup
from chatapp.server.progress import ProgressLine

AT = parse_time("2026-11-20T12:05:09.000Z")
NAME = r"chatapp-backup-\d{4}-\d\d-\d\dT\d{6}Z\.tar\.gz"


@pytest.fixture
def data(tmp_path):
    return keep(tmp_path / "data", said(AT, "one"), said(AT + 1, "two"))


@pytest.fixture
def server(tmp_path, monkeypatch, capsys):
    """Call ``chat-server`` with the data; its exit code, what it said, and what it complained of."""
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)

    def call(*args, data="data"):
        try:
            code = cli.server([*map(str, args), *(["--data-dir", str(tmp_path / data)] if data else [])])
        except SystemExit as end:
            code = end.code
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_a_backup_is_made_where_one_stands(server, data, tmp_path):
    code, out, err = server("backup")

    (name,) = [name for name in left_in(tmp_path) if name != "data"]
    assert re.fullmatch(NAME, name)
    assert (code, err) == (0, "")
    assert re.fullmatch(
        rf"{NAME} \(\d kB\) has\n  2 messages and events up to 2026-11-20 \d\d:05, 1 room, 0 accounts\n", out
    )
    assert last_backup(data.path).file == str(tmp_path / name)


def test_a_key_in_it_is_told(server, data):
    (data.path / "tls.pem").write_text("key")
    assert server("backup")[1].endswith(
        "The server's key for TLS is in it: keep the file where nobody else can read it.\n"
    )


def test_the_settings_that_are_named_are_in_it(server, data, tmp_path):
    (tmp_path / "my.toml").write_text("[server]\nname = 'x'\n")

    assert server("backup", "--to", "copy", "--config", "my.toml")[0] == 0
    code, out, _err = server("restore", "copy", data="new")

    assert code == 0
    place = tmp_path / "new" / "restored-chat-server.toml"
    assert f"The settings of then are in {place}, to read; the server does not take them from there.\n" in out
    assert (tmp_path / "new" / "restored-chat-server.toml").read_text() == "[server]\nname = 'x'\n"


def test_the_newest_are_kept(server, data, tmp_path):
    (tmp_path / "to").mkdir()
    for day in ("18", "19"):
        server("backup", "--to", "copy")
        (tmp_path / "copy").rename(tmp_path / "to" / f"chatapp-backup-2026-11-{day}T000000Z.tar.gz")
    (tmp_path / "to" / "dear").touch()

    code, out, err = server("backup", "--to", "to", "--keep", "2")

    assert (code, err) == (0, "")
    assert out.endswith("chatapp-backup-2026-11-18T000000Z.tar.gz is deleted: there are newer ones\n")
    assert [name for name in left_in(tmp_path / "to") if "T000000Z" in name] == [
        "chatapp-backup-2026-11-19T000000Z.tar.gz"
    ]
    assert "dear" in left_in(tmp_path / "to")


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_to_keep_none_is_a_mistake(server, data, number):
    code, _out, err = server("backup", "--keep", number)
    assert code == 2
    assert "expected a whole number, at least 1" in err


def test_a_folder_that_is_not_there_is_not_made_a_file(server, data):
    code, _out, err = server("backup", "--to", "copies/")
    assert code == 2
    assert err.endswith("argument --to: there is no folder copies\n")

    code, _out, err = server("backup", "--to", "copies/first")
    assert code == 2
    assert err.endswith(f"argument --to: there is no folder {Path('copies').absolute()}\n")


def test_keeping_is_for_folders(server, data):
    code, _out, err = server("backup", "--to", "copy", "--keep", "2")
    assert (code, err) == (2, "copy: is no folder; --keep is for a folder of backups\n")


@pytest.mark.parametrize("args", [["backup"], ["export", "tea"], ["owner-code"], ["restore", "copy"]])
def test_where_nothing_is_kept_there_is_nothing_to_do(server, args):
    assert server(*args, "--data-dir", ":memory:", data="") == (
        1,
        "",
        "Nothing is kept: data_dir is :memory:\n",
    )


def test_back_and_forth(server, data, tmp_path):
    server("backup", "--to", "copy")

    assert server("restore", "copy", "--check", data="none")[1].startswith(
        "copy is whole, and has\n  2 messages"
    )
    assert left_in(tmp_path) == ["copy", "data"]
    code, out, err = server("restore", "copy", data="new")

    assert (code, err) == (0, "")
    assert out.splitlines()[2:] == [
        "There was no key for TLS in it: if there is none here, the server makes a new one.",
        "Now start the server.",
    ]
    assert read(tmp_path / "new") == [said(AT, "one"), said(AT + 1, "two")]
    assert server("restore", "copy", data="new")[0] == 1
    code, out, _err = server("restore", "copy", "--replace", data="new")
    assert code == 0
    assert f"What was there before is in {tmp_path / 'new' / 'replaced-'}" in out


def test_of_a_folder_the_newest_is_taken(server, data, tmp_path):
    (tmp_path / "to").mkdir()
    assert server("restore", "to", data="new")[2] == "to: there is no backup in this folder\n"
    server("backup", "--to", "to")
    (tmp_path / "to" / "chatapp-backup-2025-01-01T000000Z.tar.gz").write_text("an old one")
    (tmp_path / "to" / "zzz.tar.gz").write_text("something else")

    assert server("restore", "to", data="new")[0] == 0
    assert read(tmp_path / "new") == [said(AT, "one"), said(AT + 1, "two")]


@pytest.mark.parametrize("flags", [[], ["--check"]])
def test_what_is_not_there_is_told_in_words(server, flags):
    code, _out, err = server("restore", "missing", *flags)
    assert code == 1
    assert re.match(r"missing: .*\(there is no such file or folder\)", err)


def test_an_export_to_the_screen(server, data):
    assert server("export", "tea", "--utc") == (
        0,
        "2026-11-20 12:05:09Z <ana> one\n2026-11-20 12:05:09Z <ana> two\n",
        "",
    )
    code, out, _err = server("export", "#TEA", "--format", "json")
    assert (code, [json.loads(row)["text"] for row in out.splitlines()]) == (0, ["one", "two"])
    assert server("export", "tea", "--since", "2026-11-21", "--utc") == (0, "", "")


def test_an_export_to_a_file(server, data, tmp_path):
    code, out, err = server("export", "tea", "--out", "tea.txt", "--until", "2026-11-21")
    assert (code, out, err) == (0, "tea.txt: 2 entries of #Tea\n", "")
    assert server("export", "tea", "--out", "tea.txt")[0] == 1
    code, _out, err = server("export", "tea", "--out", "none/tea.txt")
    assert code == 1
    assert err.endswith("the export cannot be written (there is no such file or folder)\n")


def test_a_place_that_cannot_be_written_is_told_by_its_own_name(server, data, monkeypatch):
    def refuse(path, **_mode):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    assert server("backup", "--to", "copy")[2] == "copy: the backup cannot be written (permission denied)\n"
    assert server("export", "tea", "--out", "copy")[2] == (
        "copy: the export cannot be written (permission denied)\n"
    )


def test_an_export_of_all(server, data, tmp_path):
    assert server("export", "--all", "to") == (0, "to/tea.txt: 2 entries of #Tea\n", "")
    assert server("owner-code", data="new")[0] == 0
    told = "There is no room yet: nothing was written\n"
    assert server("export", "--all", "none", data="new") == (0, "", told)


def test_a_room_that_is_not_there_is_told_with_the_nearest(server, data):
    assert server("export", "#tee") == (1, "", "There is no room #tee; did you mean #tea?\n")


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["tea", "--all", "to"],
        ["--all", "to", "--out", "x"],
        ["tea", "--since", "yesterday"],
        ["tea", "--since", "2026-11-20", "--until", "2026-11-19"],
    ],
)
def test_mistakes_are_told_with_the_usage(server, data, args):
    code, _out, err = server("export", *args)
    assert code == 2
    assert err.startswith("usage: chat-server export")


def test_a_person_who_ends_it_sees_no_traceback(server, data, monkeypatch):
    def interrupt(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("chatapp.store.backup.pack", interrupt)
    assert server("backup") == (130, "", "")


class Terminal(io.StringIO):
    def isatty(self):
        return True


class TestProgress:
    def test_one_line_that_is_gone_in_the_end(self, monkeypatch):
        monkeypatch.setenv("TERM", "xterm")
        out = Terminal()
        with ProgressLine(out) as line:
            line.show("copying", 0, 50_000_000)
            line.show("copying", 1, 50_000_000)  # too soon to look again
            line.show("checking")
        assert out.getvalue() == "\r\x1b[Kcopying ... 0 % of 50 MB\r\x1b[Kchecking ...\r\x1b[K"

    def test_it_fits_the_terminal(self, monkeypatch):
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((10, 24)))
        out = Terminal()
        ProgressLine(out).show("exporting #a-very-long-name")
        assert out.getvalue() == "\r\x1b[Kexporting"

    @pytest.mark.parametrize("out", [io.StringIO(), Terminal()], ids=["file", "dumb"])
    def test_where_nobody_looks_nothing_is_written(self, out, monkeypatch):
        monkeypatch.setenv("TERM", "dumb")
        with ProgressLine(out) as line:
            line.show("copying", 1, 2)
        assert out.getvalue() == ""

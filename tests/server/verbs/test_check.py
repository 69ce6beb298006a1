"""chat-server check: every setting with its origin, and whether a start would work."""

from __future__ import annotations

import re
import socket
import tomllib

import pytest
from server.verbs.calling import call

from chatapp.server.config import SECRETS
from chatapp.server.settings import SECTIONS, options


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "chat.toml"
    path.write_text(
        '[server]\nnetwork = "Classroom"\npassword = "sesame"\nmotd = """\nOlá\nmundo\u202e\n"""\n'
        '[[listener]]\nhost = "127.0.0.1"\nport = 0\n[[listener]]\npath = "x.sock"\ntls = false\n'
        '[[operator]]\nname = "ana"\npassword = "zanzibar"\nwhois = "boss"\n'
    )
    return path


def test_each_value_has_its_origin(file, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHATAPP_LIMITS__NICK_LENGTH", "20")
    code, out, err = call(capsys, "check", "--config", str(file), "--data-dir", str(tmp_path / "data"))

    assert (code, err) == (0, "")
    rows = [re.split(r" +# ", line, maxsplit=1) for line in out.splitlines()]
    assert ['network = "Classroom"', "chat.toml, line 2"] in rows
    assert ["password = (set)", "chat.toml, line 3"] in rows
    assert ['motd = "Ol\\u00e1\\nmundo\\u202e\\n"', "chat.toml, line 4"] in rows
    assert ["nick_length = 20", "CHATAPP_LIMITS__NICK_LENGTH"] in rows
    assert ['name = "chatapp"', "default"] in rows
    assert "# command line" in out
    assert ['whois = "boss"', "chat.toml, line 17"] in rows
    assert "sesame" not in out
    assert "zanzibar" not in out


def test_it_lists_every_key_as_the_file_would_have_it(file, tmp_path, capsys):
    _code, out, _err = call(capsys, "check", "--config", str(file), "--data-dir", str(tmp_path / "data"))

    listing = out.partition("\n\nok ")[0]
    found = tomllib.loads(listing.replace("(set)", '"(set)"'))
    assert found.keys() == SECTIONS.keys()
    for section, keys in options().items():
        table = found[section][0] if isinstance(found[section], list) else found[section]
        assert list(table) == list(keys)
    assert [each["path"] for each in found["listener"]] == ["", "x.sock"]


def test_no_secret_is_shown_and_none_is_called_set_that_is_not(tmp_path, capsys, monkeypatch):
    for section, key in SECRETS - {("operator", "password")}:
        monkeypatch.setenv(f"CHATAPP_{section}__{key}".upper(), "sesame")
    _code, out, _err = call(capsys, "check", "--data-dir", str(tmp_path / "data"))
    assert "sesame" not in out
    assert out.count("(set)") == len(SECRETS) - 1

    monkeypatch.undo()
    _code, out, _err = call(capsys, "check", "--data-dir", str(tmp_path / "data"))
    assert "(set)" not in out


def test_mistakes_are_told_as_at_the_start(tmp_path, capsys):
    file = tmp_path / "chat.toml"
    file.write_text("[server]\nnmae = 1\n[limits]\nnick_length = -1\n")

    assert call(capsys, "check", "--config", str(file)) == (
        2,
        "",
        f"{file}, line 2: [server] has no key nmae; did you mean name?\n"
        f"{file}, line 4: [limits] nick_length: expected a whole number, 1 or more; found -1\n",
    )


def test_a_start_that_would_not_work(tmp_path, capsys, monkeypatch):
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("CHATAPP_LISTENER__HOST", "127.0.0.1")
    monkeypatch.setenv("CHATAPP_LISTENER__TLS_CERTIFICATE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("CHATAPP_LOG__TO", str(tmp_path / "none" / "log"))
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("CHATAPP_LISTENER__PORT", str(other.getsockname()[1]))
        code, out, err = call(capsys, "check", "--data-dir", str(file))

    assert (code, err) == (2, "A server with these settings would not start.\n")
    topics = re.findall(r"^fix   (\w[\w ]*\w)  ", out, re.MULTILINE)
    assert topics == ["who comes in", "certificate", "data"]
    assert len(re.findall(r"^fix ", out, re.MULTILINE)) == 4


def test_a_data_directory_from_a_newer_program(tmp_path, capsys):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(tmp_path / "chat.db")) as database:
        database.execute("PRAGMA user_version = 999")

    assert call(capsys, "check", "--data-dir", str(tmp_path))[0] == 2


def test_a_damaged_lock(tmp_path, capsys):
    (tmp_path / "chat.lock").write_bytes(b"this is no lock " * 100)
    code, out, _err = call(capsys, "check", "--data-dir", str(tmp_path))

    assert code == 2
    assert f"-> rm {tmp_path / 'chat.lock'}" in " ".join(out.split())


def test_nothing_is_kept(capsys, monkeypatch):
    monkeypatch.setenv("CHATAPP_LISTENER__PORT", "0")
    code, out, _err = call(capsys, "check", "--data-dir", ":memory:")

    assert code == 0
    assert 'data_dir = ":memory:"                           # command line' in out
    assert "Nothing is kept: data_dir is :memory:" in out

"""The keys of servers: kept in a file for people, and what is wrong with it is never passed over."""

from __future__ import annotations

import os
import sys

import pytest

from chatapp.client.known_servers import KnownServers
from chatapp.client.trust import Distrusted

KEY, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture
def path(tmp_path):
    return tmp_path / "config" / "known_servers"


def test_nobody_is_known_at_first(path):
    assert KnownServers(path).find("localhost", 12345) == ""
    assert not path.parent.exists()


def test_who_was_met_is_known_the_next_time(path):
    KnownServers(path).remember("Chat.Example", 12345, KEY)

    known = KnownServers(path)
    assert known.find("chat.example", 12345) == KEY
    assert known.find("chat.example", 12346) == ""
    assert known.find("example", 12345) == ""


def test_the_file_is_for_people(path):
    known = KnownServers(path)
    known.remember("localhost", 12345, KEY)
    known.remember("::1", 1, OTHER)

    assert path.read_text("utf-8").splitlines() == [
        "# The servers that chat-client has met: host, port, SHA-256 of the public key.",
        f"localhost 12345 sha256:{KEY}",
        f"::1 1 sha256:{OTHER}",
    ]
    assert list(path.parent.iterdir()) == [path]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0


def test_a_new_key_takes_the_place_of_the_old_one_and_the_rest_stays(path):
    path.parent.mkdir()
    path.write_text(f"# mine\n\nlocalhost 1 {KEY}\nLOCALHOST  2  {KEY}", "utf-8")

    KnownServers(path).remember("localhost", 2, OTHER)

    assert path.read_text("utf-8") == f"# mine\n\nlocalhost 1 {KEY}\nlocalhost 2 sha256:{OTHER}\n"


@pytest.mark.parametrize(
    ("host", "other"),
    [("chat.example", "Chat.Example."), ("::1", "0:0:0:0:0:0:0:1"), ("2001:db8::a", "2001:DB8::000A")],
)
def test_another_way_of_writing_a_host_is_no_other_server(path, host, other):
    KnownServers(path).remember(host, 1, KEY)
    assert KnownServers(path).find(other, 1) == KEY

    KnownServers(path).remember(other, 1, OTHER)
    assert KnownServers(path).find(host, 1) == OTHER
    assert KEY not in path.read_text("utf-8")


def test_a_line_that_was_deleted_is_forgotten_by_who_starts_then(path):
    known = KnownServers(path)
    known.remember("localhost", 1, KEY)
    path.unlink()

    assert KnownServers(path).find("localhost", 1) == ""
    assert known.find("localhost", 1) == KEY  # as long as it runs, it has had TLS


def test_what_another_client_has_learned_since_counts(path):
    known = KnownServers(path)
    known.remember("localhost", 1, KEY)
    KnownServers(path).remember("localhost", 1, OTHER)

    assert known.find("localhost", 1) == OTHER


@pytest.mark.parametrize(
    "line",
    ["localhost", f"localhost 1 {KEY[:-1]}", f"localhost x {KEY}", f"localhost 1 {KEY} x", "a 1 md5:00"],
)
def test_a_line_that_makes_no_sense_is_told_of(path, line):
    path.parent.mkdir()
    path.write_text(f"# mine\n{line}\n", "utf-8")

    with pytest.raises(Distrusted, match=r"known_servers, line 2: expected HOST PORT"):
        KnownServers(path).find("elsewhere", 1)


def test_a_file_that_cannot_be_read_is_told_of(path):
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\n")

    with pytest.raises(Distrusted, match=r"cannot be read \(it is not text in UTF-8\)"):
        KnownServers(path).find("localhost", 1)
    path.unlink()
    path.mkdir()
    with pytest.raises(Distrusted, match=r"cannot be read \((it is a folder|permission denied)\)"):
        KnownServers(path).find("localhost", 1)


def test_where_it_cannot_be_written_it_is_known_as_long_as_we_run(path, monkeypatch):
    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    known = KnownServers(path)

    with pytest.raises(OSError, match="No space"):
        known.remember("localhost", 1, KEY)
    assert known.find("localhost", 1) == KEY
    assert list(path.parent.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_stays_a_link(path, tmp_path):
    path.parent.mkdir()
    real = tmp_path / "dotfiles"
    real.write_text("", "utf-8")
    path.symlink_to(real)

    KnownServers(path).remember("localhost", 1, KEY)

    assert path.is_symlink()
    assert KEY in real.read_text("utf-8")

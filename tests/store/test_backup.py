"""A backup is made beside whoever writes, is whole or not there, and takes nobody's place."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from store.archives import NOW, backup, keep, left_in, said, silent

from chatapp.core.ports import Changes, Kept, Span, StoreError
from chatapp.store import copying
from chatapp.store.backup import Request, back_up, check, keep_newest, name_at
from chatapp.store.bundle import read_manifest
from chatapp.store.directory import DISK_FLOOR, DataDirectory
from chatapp.store.open import open_store
from chatapp.store.restore import restore


def test_it_says_what_is_in_it(tmp_path):
    data = keep(tmp_path / "data", said(1), said(2))
    (data.path / "tls.pem").write_text("the key")
    settings = tmp_path / "my.toml"
    settings.write_text("[server]\n")

    manifest = back_up(Request(data, tmp_path / "copy", settings), NOW, silent)

    assert manifest == check(tmp_path / "copy", silent) == read_manifest(tmp_path / "copy")
    assert (manifest.messages, manifest.rooms, manifest.accounts, manifest.newest) == (2, 1, 0, 2)
    assert (manifest.made, manifest.data_dir) == ("2026-11-20T13:05:09Z", str(data.path))
    assert [part.name for part in manifest.parts] == ["chat.db", "tls.pem", "chat-server.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_its_owner_may_read_it_and_nothing_else_is_left(tmp_path):
    data = keep(tmp_path / "data", said(1))
    (tmp_path / "to").mkdir()

    target = backup(data, tmp_path / "to" / "copy")

    assert target.stat().st_mode & 0o777 == 0o600
    assert left_in(tmp_path / "to") == ["copy"]


def test_it_overwrites_nothing(tmp_path):
    data = keep(tmp_path / "data", said(1))
    (tmp_path / "copy").write_text("dear")

    with pytest.raises(StoreError, match="is there already"):
        backup(data, tmp_path / "copy")

    assert (tmp_path / "copy").read_text() == "dear"


def test_what_comes_to_its_place_meanwhile_is_not_overwritten_either(tmp_path):
    data = keep(tmp_path / "data", said(1))

    def intrude(_words, _done, _whole):
        (tmp_path / "copy").write_text("dear")

    with pytest.raises(StoreError, match="there is something of this name"):
        back_up(Request(data, tmp_path / "copy"), NOW, intrude)

    assert (tmp_path / "copy").read_text() == "dear"
    assert left_in(tmp_path) == ["copy", "data"]


@pytest.mark.parametrize("there", [False, True])
def test_where_there_is_no_data_there_is_no_backup(tmp_path, there):
    if there:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "chat.db").touch()

    with pytest.raises(StoreError, match="there is no data of chatapp here"):
        backup(DataDirectory(tmp_path / "data"), tmp_path / "copy")

    assert not (tmp_path / "copy").exists()


def test_data_that_one_may_not_read_is_told(tmp_path, monkeypatch):
    def forbidden(_path):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "is_file", forbidden)
    with pytest.raises(StoreError, match=r"data: cannot be read \(permission denied\)"):
        backup(DataDirectory(tmp_path / "data"), tmp_path / "copy")


def test_a_damaged_database_makes_no_backup(tmp_path):
    data = keep(tmp_path / "data", *[said(at, "x" * 400) for at in range(1, 200)])
    content = bytearray(data.database.read_bytes())
    content[9 * 4096 : 12 * 4096] = b"\xff" * 3 * 4096
    data.database.write_bytes(content)

    with pytest.raises(StoreError, match="damaged or not a database"):
        backup(data, tmp_path / "copy")

    assert left_in(tmp_path) == ["data"]


def test_who_writes_meanwhile_is_not_held_up_and_what_they_write_is_not_in_it(tmp_path, monkeypatch):
    """Between two pieces a whole transaction goes through, and the copying does not begin anew."""
    monkeypatch.setattr(copying, "_PAGES", 1)
    keep(tmp_path / "data", *[said(at, "x" * 400) for at in range(1, 101)])
    pieces = []

    async def main():
        store = await open_store(tmp_path / "data", "full")
        loop = asyncio.get_running_loop()

        def speak(words, _done, _whole):
            if words == "copying":
                stamp = 1000 + len(pieces)
                job = store.history.keep(Changes([Kept("#tea", said(stamp))]))
                asyncio.run_coroutine_threadsafe(job, loop).result(60)
                pieces.append(stamp)

        request = Request(DataDirectory(tmp_path / "data"), tmp_path / "copy")
        manifest = await asyncio.to_thread(back_up, request, NOW, speak)
        there = await store.history.read(Span("#tea", limit=10**6))
        await store.close()
        return manifest, there

    manifest, there = asyncio.run(main())

    pages = manifest.parts[0].bytes // 4096
    assert len(pieces) == pages > 10  # one for each page: it was copied once
    assert len(there) == 100 + pages
    assert (manifest.messages, manifest.newest) == (100, 100)


def test_what_a_killed_server_left_in_its_log_is_in_the_backup_and_stays_in_the_log(tmp_path):
    data = DataDirectory(tmp_path / "killed")

    async def main():
        store = await open_store(tmp_path / "data", "full")
        await store.history.keep(Changes([Kept("#tea", said(1))]))
        shutil.copytree(tmp_path / "data", data.path)  # as kill -9 leaves it
        await store.close()

    asyncio.run(main())
    log = data.path / "chat.db-wal"
    before = log.read_bytes()

    backup(data, tmp_path / "copy")

    assert before and log.read_bytes() == before
    assert read_manifest(tmp_path / "copy").messages == 1


class TestNoRoom:
    def test_a_full_disk_is_told_in_words_and_nothing_is_left(self, tmp_path, monkeypatch):
        data = keep(tmp_path / "data", said(1))

        def full(*_arguments):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr("chatapp.store.backup.pack", full)

        with pytest.raises(StoreError, match=r"there is no room for a backup here: it takes up to 68 MB"):
            backup(data, tmp_path / "copy")

        assert left_in(tmp_path) == ["data"]

    def test_on_another_disk_the_server_needs_nothing_of_it(self, tmp_path, monkeypatch):
        data = keep(tmp_path / "data", said(1))

        def full(*_arguments):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr("chatapp.store.backup.pack", full)
        monkeypatch.setattr("chatapp.store.backup._shares_disk", lambda _request: False)

        with pytest.raises(StoreError, match=r"it takes up to 1 MB"):
            backup(data, tmp_path / "copy")

    def test_it_ends_before_the_server_beside_it_has_no_room(self, tmp_path, monkeypatch):
        data = keep(tmp_path / "data", said(1))
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=DISK_FLOOR - 1))

        with pytest.raises(StoreError, match="there is no room for a backup"):
            backup(data, tmp_path / "copy")

        assert left_in(tmp_path) == ["data"]

    def test_a_database_that_cannot_be_written_to_the_end(self, tmp_path, monkeypatch):
        data = keep(tmp_path / "data", said(1))

        def full(_source, _target, _progress):
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

        monkeypatch.setattr("chatapp.store.backup.copy_database", full)

        with pytest.raises(StoreError, match="there is no room for a backup"):
            backup(data, tmp_path / "copy")


@pytest.mark.slow
def test_what_a_killed_backup_left_behind_is_taken_away_by_the_next(tmp_path):
    data = keep(tmp_path / "data", said(1))
    program = f"""
from store.archives import NOW
from chatapp.store.backup import Request, back_up
from chatapp.store.directory import DataDirectory
from pathlib import Path
import os, signal
def die(words, done, whole):
    if words == "reading it back":
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
back_up(Request(DataDirectory(Path({str(data.path)!r})), Path({str(tmp_path / "first")!r})), NOW, die)
"""
    tests = str(Path(__file__).parents[1])
    child = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": tests}, capture_output=True
    )
    assert child.returncode != 0
    assert [name[:19] for name in left_in(tmp_path)] == [".chatapp-unfinished", "data"]

    backup(data, tmp_path / "second")

    assert left_in(tmp_path) == ["data", "second"]


def test_one_that_is_being_made_is_left_alone(tmp_path):
    data = keep(tmp_path / "data", said(1))
    made = []

    def meanwhile(words, _done, _whole):
        if words == "packing" and not made:
            made.append(backup(data, tmp_path / "second"))

    back_up(Request(data, tmp_path / "first"), NOW, meanwhile)

    assert left_in(tmp_path) == ["data", "first", "second"]


#: The name of the last of four days.
LAST = name_at(NOW + timedelta(days=3))


class TestKeepNewest:
    @pytest.fixture
    def data(self, tmp_path):
        return keep(tmp_path / "data", said(1))

    @pytest.fixture
    def folder(self, tmp_path, data):
        """Backups of four days."""
        (tmp_path / "backups").mkdir()
        for days in range(4):
            backup(data, tmp_path / "backups" / name_at(NOW + timedelta(days=days)))
        return tmp_path / "backups"

    def test_the_oldest_go(self, folder, data):
        newest = left_in(folder)[2:]

        gone = keep_newest(2, data, folder / LAST)

        assert left_in(folder) == newest
        assert [path.name for path in gone] == [name_at(NOW), name_at(NOW + timedelta(days=1))]

    def test_fewer_than_that_stay_all(self, folder, data):
        assert keep_newest(9, data, folder / LAST) == []
        assert len(left_in(folder)) == 4

    def test_the_one_just_made_stays_though_a_wrong_clock_has_made_later_ones(self, folder, data):
        made = backup(data, folder / name_at(NOW - timedelta(days=9)))

        gone = keep_newest(2, data, made)

        assert left_in(folder) == [made.name, LAST]
        assert len(gone) == 3

    def test_what_is_not_ours_stays(self, folder, data, tmp_path):
        """Not another server's, not what only has such a name, not what a person named."""
        other = keep(tmp_path / "other", said(1))
        strangers = [
            backup(other, folder / name_at(NOW - timedelta(days=1))),
            folder / name_at(NOW - timedelta(days=2)),
            backup(data, folder / "before-the-party.tar.gz"),
        ]
        strangers[1].write_text("not a backup")

        keep_newest(1, data, folder / LAST)

        assert left_in(folder) == sorted([*(path.name for path in strangers), LAST])


def test_the_names_sort_by_time():
    assert name_at(NOW) == "chatapp-backup-2026-11-20T130509Z.tar.gz"


def test_an_interrupted_examination_ends(tmp_path):
    """Ctrl-C comes while SQLite works: what looks at it is called, and the exception is not lost."""
    data = keep(tmp_path / "data", said(1))

    def interrupt(_done, _whole):
        raise KeyboardInterrupt

    with closing(sqlite3.connect(data.database)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copying, "OPERATIONS", 1)
        with pytest.raises(KeyboardInterrupt):
            copying.examine(data.database, interrupt)


def test_a_backup_of_a_backup_is_the_same(tmp_path):
    data = keep(tmp_path / "data", said(1), said(2))
    first = backup(data, tmp_path / "first")
    again = DataDirectory(tmp_path / "again")
    restore(first, again, NOW, silent, replace=False)

    second = backup(again, tmp_path / "second")

    assert read_manifest(first).parts == read_manifest(second).parts

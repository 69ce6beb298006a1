"""Opening, closing and opening again: nothing is lost, and nobody else gets in."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from chatapp.core.message import Message
from chatapp.core.ports import Changes, ChannelState, Kept, ListEntry, Span, StoreError
from chatapp.store import directory, migration
from chatapp.store import open as opening
from chatapp.store.directory import DamagedLock
from chatapp.store.open import open_store

#: The version that this program writes.
PRESENT = len(migration.migrations())


def with_store(path, story):
    async def main():
        store = await open_store(path, "normal")
        try:
            return await story(store)
        finally:
            await store.close()

    return asyncio.run(main())


def kept(stamp, key="#tea"):
    return Kept(key, Message(stamp, "PRIVMSG", f":ana!ana@localhost PRIVMSG #tea :{stamp}"))


async def nothing(store):
    return None


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOTDIR, "there is a file"),
        (errno.EACCES, "this user may not write there"),
        (errno.EROFS, "this user may not write there"),
        (errno.ENOSPC, "the disk is full"),
    ],
)
def test_a_folder_that_cannot_be_made_is_told_with_the_way_out(tmp_path, monkeypatch, number, told):
    def refuse(path):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(directory, "private", refuse)

    with pytest.raises(StoreError) as caught:
        with_store(tmp_path, nothing)

    assert str(caught.value).startswith(f"{tmp_path}: ")
    assert told in str(caught.value)


def test_everything_is_found_again(tmp_path):
    state = ChannelState("#Tea", 1, "chá", modes="nt", lists={"b": (ListEntry("*!*@*", "ana", 2),)})

    async def first(store):
        await store.history.keep(Changes([kept(1), kept(2, "ana bruno"), kept(3)], {"#tea": state}))

    async def second(store):
        await store.history.keep(Changes([kept(4)]))
        return (
            await store.last_stamp(),
            await store.channels(),
            [message.stamp for message in await store.history.read(Span("#tea"))],
            await store.history.conversations_of("ana"),
        )

    with_store(tmp_path / "deep" / "data", first)
    assert with_store(tmp_path / "deep" / "data", second) == (4, {"#tea": state}, [1, 3, 4], ["bruno"])


def test_a_clean_end_leaves_one_file_of_data(tmp_path):
    async def story(store):
        await store.history.keep(Changes([kept(1)]))

    with_store(tmp_path, story)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chat.db", "chat.lock"]


@pytest.mark.parametrize(("synchronous", "level"), [("full", 2), ("normal", 1)])
def test_the_setting_says_how_safe_a_commit_is(tmp_path, synchronous, level):
    async def main():
        store = await open_store(tmp_path, synchronous)
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "fullfsync")

        def ask(connection):
            return [connection.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas]

        found = await store._database.write(ask)
        await store.close()
        return found

    assert asyncio.run(main()) == ["wal", level, 1, int(synchronous == "full")]


def test_a_second_server_on_the_same_data_is_refused_and_the_first_goes_on(tmp_path):
    async def first(store):
        with pytest.raises(StoreError, match="another chat-server uses this data"):
            await open_store(tmp_path)
        await store.history.keep(Changes([kept(1)]))
        return await store.last_stamp()

    assert with_store(tmp_path, first) == 1
    with_store(tmp_path, nothing)


@pytest.mark.slow
def test_a_second_process_is_refused(tmp_path):
    program = f"""
import asyncio
from pathlib import Path
from chatapp.store.open import open_store
asyncio.run(open_store(Path({str(tmp_path)!r})))
"""

    def run():
        return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)

    async def first(store):
        return await asyncio.to_thread(run)

    child = with_store(tmp_path, first)
    assert child.returncode == 1
    assert "another chat-server uses this data" in child.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_the_owner_may_read_the_data(tmp_path):
    async def story(store):
        await store.history.keep(Changes([kept(1)]))
        return {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()}

    modes = with_store(tmp_path / "data", story)
    assert set(modes) >= {"chat.db", "chat.db-wal", "chat.lock"}
    assert set(modes.values()) == {0o600}
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_place_where_no_folder_can_be(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"):
        with_store(tmp_path / "file" / "data", nothing)


def test_a_damaged_database_is_told_in_words(tmp_path):
    (tmp_path / "chat.db").write_bytes(b"these are not the bytes you are looking for" * 100)
    with pytest.raises(StoreError, match="damaged or not a database of chatapp"):
        with_store(tmp_path, nothing)


def test_a_damaged_lock_is_told_in_words(tmp_path):
    (tmp_path / "chat.lock").write_bytes(b"this is no lock " * 100)
    with pytest.raises(DamagedLock, match=r"chat\.lock: is damaged; delete it while no server runs"):
        with_store(tmp_path, nothing)


def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(tmp_path):
    with_store(tmp_path, nothing)
    set_version(tmp_path, 99)
    with pytest.raises(StoreError, match=rf"newer chatapp \(format 99, this one knows {PRESENT}\)"):
        with_store(tmp_path, nothing)
    assert version_of(tmp_path / "chat.db") == 99


def test_an_upgrade_runs_each_step_once_and_leaves_a_copy(tmp_path, monkeypatch):
    async def keep_one(store):
        await store.history.keep(Changes([kept(1)]))

    async def read(store):
        return [message.stamp for message in await store.history.read(Span("#tea"))]

    with_store(tmp_path, keep_one)
    steps = [*migration.migrations(), "CREATE TABLE two (x);", "CREATE TABLE three (x);"]
    monkeypatch.setattr("chatapp.store.database.migrations", lambda: steps)
    assert with_store(tmp_path, read) == [1]
    assert with_store(tmp_path, read) == [1]

    assert version_of(tmp_path / "chat.db") == PRESENT + 2
    copy = tmp_path / f"chat-before-upgrade-from-{PRESENT}.db"
    assert version_of(copy) == PRESENT
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT stamp FROM message").fetchall() == [(1,)]
    assert not list(tmp_path.glob("*.part"))


def test_an_upgrade_that_fails_changes_nothing(tmp_path, monkeypatch):
    with_store(tmp_path, nothing)
    steps = [*migration.migrations(), "CREATE TABLE two (x); INSERT INTO nowhere VALUES (1);"]
    monkeypatch.setattr("chatapp.store.database.migrations", lambda: steps)
    with pytest.raises(StoreError, match="nowhere"):
        with_store(tmp_path, nothing)
    with closing(sqlite3.connect(tmp_path / "chat.db")) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'two'").fetchone() == (0,)
    assert version_of(tmp_path / "chat.db") == PRESENT


def test_the_migrations_are_numbered_without_a_gap():
    folder = Path(migration.__file__).parent / "migrations"
    numbers = sorted(int(path.name.split("_")[0]) for path in folder.glob("*.sql"))
    assert numbers == list(range(1, len(migration.migrations()) + 1))


class TestWarnings:
    def warnings(self, path):
        async def story(store):
            return store.warnings(), store.has_room()

        return with_store(path, story)

    def test_an_old_sqlite(self, tmp_path, monkeypatch):
        monkeypatch.setattr(opening, "SOUND_WAL", (99,))
        (warning,), _ = self.warnings(tmp_path)
        assert sqlite3.sqlite_version in warning and str(tmp_path) in warning

    def test_a_sound_sqlite_and_a_roomy_disk(self, tmp_path, monkeypatch):
        monkeypatch.setattr(opening, "SOUND_WAL", (3, 37))
        assert self.warnings(tmp_path) == ([], True)

    def test_a_disk_that_is_almost_full(self, tmp_path, monkeypatch):
        monkeypatch.setattr(opening, "SOUND_WAL", (3, 37))
        monkeypatch.setattr(directory.DataDirectory, "free_bytes", lambda self: 12_000_000)
        (warning,), has_room = self.warnings(tmp_path)
        assert "almost full: 12 MB" in warning and not has_room

    def test_memory(self):
        (warning,), has_room = self.warnings(None)
        assert "Nothing is kept" in warning and has_room


def set_version(path, version):
    with closing(sqlite3.connect(path / "chat.db")) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


def version_of(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]

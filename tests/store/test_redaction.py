"""Of what was taken back nothing is left in the files."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest
from store.contract import said

from chatapp.core.ports import Changes, Kept, Redaction, Search
from chatapp.store import cleansing
from chatapp.store.database import Database
from chatapp.store.directory import DataDirectory
from chatapp.store.open import open_store

SECRET = "zanzibar"


async def story(path, is_searched):
    store = await open_store(path, "normal")
    try:
        for stamp in range(1, 400):
            text = f"the password is {SECRET}" if stamp == 200 else f"hello number {stamp}"
            await store.history.keep(Changes([Kept("#tea", said(stamp, text))]))
            if is_searched and stamp % 10 == 0:  # each time another piece of the index is made
                await store.history.search(Search(["#tea"], (SECRET,)))
        await store.history.keep(Changes(redactions=[Redaction(200, ("#tea",))]))
        return await store.history.search(Search(["#tea"], (SECRET,)))
    finally:
        await store.close()


@pytest.mark.slow
@pytest.mark.parametrize("is_searched", [False, True])
def test_what_was_taken_back_is_not_on_the_disk(tmp_path, is_searched):
    assert asyncio.run(story(tmp_path, is_searched)) == []

    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(b"hello number 399" in data for data in files)
    assert not any(SECRET.encode() in data for data in files)


async def story_of_a_server_that_goes_on(path):
    store = await open_store(path, "normal")
    try:
        await store.history.keep(Changes([Kept("#tea", said(1, SECRET))]))
        await store.history.keep(Changes(redactions=[Redaction(1, ("#tea",))]))
        await store.history._cleansing._task
        return holding(path)
    finally:
        await store.close()


def holding(path):
    return [each.name for each in path.rglob("*") if each.is_file() and SECRET.encode() in each.read_bytes()]


@pytest.mark.slow
def test_what_was_taken_back_leaves_the_disk_while_the_server_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(cleansing, "PAUSE", 0.05)

    assert asyncio.run(story_of_a_server_that_goes_on(tmp_path)) == []


async def story_of_a_reader(path):
    directory = DataDirectory(path)
    database = Database(directory, "normal")
    await database.open()
    reader = sqlite3.connect(directory.database, isolation_level=None)
    try:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM message").fetchone()
        await database.write(
            lambda connection: connection.execute("INSERT INTO conversation (key) VALUES ('x')")
        )
        while_read = await database.empty_log()
        reader.execute("COMMIT")
        return while_read, await database.empty_log()
    finally:
        reader.close()
        await database.close()


def test_nobody_waits_for_a_reader(tmp_path):
    assert asyncio.run(story_of_a_reader(tmp_path)) == (False, True)


async def story_after_a_kill(path):
    store = await open_store(path, "normal")
    try:
        return holding(path)
    finally:
        await store.close()


def test_what_a_killed_server_left_in_the_log_goes_at_the_next_start(tmp_path):
    """The log is as after a kill: a reader keeps it from being folded in at the end."""
    asyncio.run(story_of_a_reader(tmp_path))
    other = sqlite3.connect(tmp_path / "chat.db", isolation_level=None)
    other.execute("PRAGMA wal_autocheckpoint = 0")
    other.execute("PRAGMA secure_delete = ON")
    other.execute("INSERT INTO conversation (key) VALUES (?)", (SECRET,))
    other.execute("DELETE FROM conversation WHERE key = ?", (SECRET,))
    left = {name: (tmp_path / name).read_bytes() for name in ("chat.db", "chat.db-wal")}
    other.close()
    for name, data in left.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "chat.db-shm").unlink(missing_ok=True)
    assert holding(tmp_path) == ["chat.db-wal"]

    assert asyncio.run(story_after_a_kill(tmp_path)) == []

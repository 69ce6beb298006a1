"""Looking at a data directory from outside: what it tells, and that it leaves nothing behind."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import asynccontextmanager, closing

import pytest
from powerless import powerless

from chatapp.core.message import Message
from chatapp.core.ports import Changes, Kept, Search, StoreError
from chatapp.store import inspection
from chatapp.store.directory import DamagedLock
from chatapp.store.inspection import Count, Format, contents_of, format_of, is_held
from chatapp.store.migration import migrations
from chatapp.store.open import open_store


@asynccontextmanager
async def opened(path):
    store = await open_store(path, "normal")
    try:
        yield store
    finally:
        await store.close()


def said(stamp, key="#tea", command="PRIVMSG"):
    return Kept(key, Message(stamp, command, f":ana!ana@localhost {command} {key} :{stamp}"))


def fill(path, *messages):
    async def main():
        async with opened(path) as store:
            await store.history.keep(Changes(list(messages)))

    asyncio.run(main())


def files(path):
    return sorted(each.name for each in path.iterdir())


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    assert not is_held(tmp_path / "data")
    assert format_of(tmp_path / "data") == Format(0, len(migrations()))
    assert list(tmp_path.iterdir()) == []


def test_what_is_in_it_is_told_and_nothing_is_left_behind(tmp_path):
    fill(tmp_path, said(1), said(2), said(9, command="JOIN"), said(5, "#other"))
    before = files(tmp_path)

    found = contents_of(tmp_path, 10)

    assert found.messages == Count(4, True)
    assert (found.conversations, found.newest) == (2, 9)
    assert (found.accounts, found.has_owner) == (0, False)
    assert found.bytes == (tmp_path / "chat.db").stat().st_size
    assert format_of(tmp_path) == Format(len(migrations()), len(migrations()))
    assert files(tmp_path) == before


def test_where_somebody_has_searched_the_index_may_be_behind(tmp_path):
    async def main():
        async with opened(tmp_path) as store:
            await store.history.keep(Changes([said(1), said(2, "#other")]))
            await store.history.search(Search(("#tea",), ("1",)))
            assert contents_of(tmp_path, 10).unindexed == 0
            await store.history.keep(Changes([said(3), said(4, "#other")]))
            assert contents_of(tmp_path, 10).unindexed == 1

    asyncio.run(main())


def test_without_time_it_is_told_that_there_are_more(tmp_path, monkeypatch):
    monkeypatch.setattr(inspection, "_STEP", 2)
    fill(tmp_path, *map(said, range(1, 6)))

    assert contents_of(tmp_path, 10).messages == Count(5, True)
    clock = iter([0, 1, 1.5, 99, 99, 99])
    monkeypatch.setattr(inspection.time, "monotonic", lambda: next(clock))
    assert contents_of(tmp_path, 10).messages == Count(4, False)


def test_beside_a_server_that_runs(tmp_path):
    async def main():
        async with opened(tmp_path) as store:
            assert is_held(tmp_path)
            code = await store.owner.renew()
            await store.history.keep(Changes([said(7)]))
            found = contents_of(tmp_path, 10)
            assert (found.messages, found.newest, found.has_owner) == (Count(1, True), 7, False)
            assert await store.owner.claim(code)
            assert contents_of(tmp_path, 10).has_owner
            await store.history.keep(Changes([said(8)]))  # it was not held up, nor its lock lost
            assert is_held(tmp_path)
        assert not is_held(tmp_path)

    asyncio.run(main())


def test_the_log_of_a_server_that_was_killed_counts_as_well(tmp_path):
    fill(tmp_path, said(1))
    with closing(sqlite3.connect(tmp_path / "chat.db", isolation_level=None)) as killed:
        killed.execute("PRAGMA wal_autocheckpoint = 0")
        killed.execute(
            "INSERT INTO message SELECT conversation, 2, kind, command, body, account, tags FROM message"
        )
        assert (tmp_path / "chat.db-wal").stat().st_size

        assert contents_of(tmp_path, 10).messages == Count(2, True)


@pytest.mark.parametrize("look", [format_of, lambda path: contents_of(path, 10)], ids=["format", "contents"])
def test_what_is_no_database_is_told(tmp_path, look):
    (tmp_path / "chat.db").write_bytes(b"not a database " * 1000)

    with pytest.raises(StoreError, match="is damaged or not a database of chatapp"):
        look(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="rights of Unix")
def test_a_damaged_lock_is_told(tmp_path):
    (tmp_path / "chat.lock").write_bytes(b"this is no lock " * 100)
    with pytest.raises(DamagedLock):
        is_held(tmp_path)


def test_what_may_not_be_read_is_told(tmp_path):
    fill(tmp_path, said(1))
    (tmp_path / "chat.db").chmod(0)
    (tmp_path / "chat.lock").chmod(0)

    for look in (is_held, format_of, lambda path: contents_of(path, 10)):
        with powerless(), pytest.raises(StoreError):
            look(tmp_path)

"""The writing thread joins what waits, and one bad job takes nobody with it."""

from __future__ import annotations

import asyncio
import re
import threading
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chatapp.core.message import Message
from chatapp.core.ports import Changes, ChannelState, Kept, Span, StoreError
from chatapp.store.database import Database
from chatapp.store.directory import DataDirectory
from chatapp.store.history import SqliteHistory
from chatapp.store.open import open_store


@asynccontextmanager
async def opened(directory=None):
    database = Database(directory, "normal")
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def writing_thread_busy(database):
    """While the block lasts a first job holds the writing thread, and what is asked for waits."""
    begun, release = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hold(_):
        loop.call_soon_threadsafe(begun.set)
        assert release.wait(60)

    holding = database.write(hold)
    await begun.wait()
    try:
        yield
    finally:
        release.set()
    await holding


def insert(key):
    return lambda connection: (
        connection.execute("INSERT INTO conversation (key) VALUES (?)", (key,)).lastrowid
    )


def keys(connection):
    return [key for (key,) in connection.execute("SELECT key FROM conversation ORDER BY id")]


def said(stamp, text="hello"):
    return Message(stamp, "PRIVMSG", f":ana!ana@localhost PRIVMSG #tea :{text}")


@pytest.fixture(params=["file", "memory"])
def directory(request, tmp_path):
    return DataDirectory(tmp_path / "data") if request.param == "file" else None


def test_all_that_waits_is_kept_in_one_transaction_and_the_loop_woken_once(directory, monkeypatch):
    async def main():
        statements = []
        wakes = 0
        loop = asyncio.get_running_loop()
        wake = loop.call_soon_threadsafe

        def count_wakes(*args):
            nonlocal wakes
            wakes += 1
            return wake(*args)

        async with opened(directory) as database:
            async with writing_thread_busy(database):
                database.write(lambda connection: connection.set_trace_callback(statements.append))
                waiting = [database.write(insert(f"#{number}")) for number in range(100)]
                monkeypatch.setattr(loop, "call_soon_threadsafe", count_wakes)
            ids = await asyncio.gather(*waiting)
            monkeypatch.undo()
            assert ids == sorted(ids)
            assert statements.count("COMMIT") == 1
            assert sum(statement.startswith("INSERT") for statement in statements) == 100
            assert wakes == 2  # for the job that held the thread, and for all that waited

    asyncio.run(main())


def test_a_bad_job_fails_alone_and_the_order_stays(directory):
    async def main():
        async with opened(directory) as database:
            async with writing_thread_busy(database):
                jobs = [insert("#a"), insert("#b"), insert("#a"), lambda _: 1 / 0, insert("#c")]
                waiting = [database.write(job) for job in jobs]
            results = await asyncio.gather(*waiting, return_exceptions=True)
            assert [isinstance(result, StoreError) for result in results] == [False, False, True, True, False]
            assert isinstance(results[3].__cause__, ZeroDivisionError)
            assert await database.read(keys) == ["#a", "#b", "#c"]

    asyncio.run(main())


def test_nothing_of_a_failed_job_stays(directory):
    def half_done(connection):
        insert("#half")(connection)
        raise ValueError("no more")

    async def main():
        async with opened(directory) as database:
            with pytest.raises(StoreError, match="no more"):
                await database.write(half_done)
            await database.write(insert("#whole"))
            assert await database.read(keys) == ["#whole"]

    asyncio.run(main())


def test_a_rollback_forgets_the_ids_it_took_back(directory):
    async def main():
        async with opened(directory) as database:
            history = SqliteHistory(database)
            bad = Changes([Kept("#new", said(1)), Kept("#new", said(1, "another"))])
            with pytest.raises(StoreError):
                await history.keep(bad)
            # The id that #new nearly had goes to another conversation now.
            await history.keep(Changes([Kept("#other", said(2))]))
            await history.keep(Changes([Kept("#new", said(3))]))
            assert [message.stamp for message in await history.read(Span("#other"))] == [2]
            assert [message.stamp for message in await history.read(Span("#new"))] == [3]

    asyncio.run(main())


def test_the_ids_kept_in_memory_are_bounded(directory):
    async def main():
        async with opened(directory) as database:
            history = SqliteHistory(database)
            history.conversations.most = 3
            for stamp in range(1, 30):
                await history.keep(Changes([Kept(f"#{stamp % 7}", said(stamp))]))
                assert len(history.conversations) <= 4
            stamps = [message.stamp for message in await history.read(Span("#3"))]
            assert stamps == [3, 10, 17, 24]

    asyncio.run(main())


def test_closing_finishes_what_was_asked_for_and_refuses_the_rest(directory):
    async def main():
        async with opened(directory) as database:
            async with writing_thread_busy(database):
                waiting = [database.write(insert(f"#{number}")) for number in range(20)]
                reading = database.read(lambda connection: 42)
                closing = asyncio.create_task(database.close())
            await closing
            assert all(future.done() for future in waiting)
            assert [future.result() for future in waiting] == list(range(1, 21))
            assert await reading == 42
            for late in (database.write(insert("#late")), database.read(keys)):
                with pytest.raises(StoreError, match="closed"):
                    await late
            await database.close()

    asyncio.run(main())


def test_who_gives_up_waiting_does_not_disturb_the_others(directory):
    async def main():
        async with opened(directory) as database:
            async with writing_thread_busy(database):
                first, second = database.write(insert("#a")), database.write(insert("#b"))
                first.cancel()
            await second
            assert await database.read(keys) == ["#a", "#b"]

    asyncio.run(main())


def test_a_read_sees_all_that_was_kept_before_it(tmp_path):
    async def main():
        store = await open_store(tmp_path, "normal")
        for stamp in range(1, 200):
            await store.history.keep(Changes([Kept("#tea", said(stamp))]))
            (newest,) = await store.history.read(Span("#tea", limit=1))
            assert newest.stamp == stamp
        await store.close()

    asyncio.run(main())


def test_readers_cannot_write(tmp_path):
    async def main():
        async with opened(DataDirectory(tmp_path)) as database:
            with pytest.raises(StoreError, match="may not write"):
                await database.read(insert("#a"))

    asyncio.run(main())


def test_a_full_disk_is_told_in_words_and_passes(directory):
    def pages(connection):
        return connection.execute("PRAGMA page_count").fetchone()[0]

    async def main():
        async with opened(directory) as database:
            history = SqliteHistory(database)
            full = await database.write(pages)
            await database.write(
                lambda connection: connection.execute(f"PRAGMA max_page_count = {full}").fetchall()
            )
            with pytest.raises(StoreError, match="the disk is full"):
                await history.keep(
                    Changes([Kept("#tea", said(1, "x" * 100_000))], {"#tea": ChannelState("#tea", 1)})
                )
            await database.write(
                lambda connection: connection.execute("PRAGMA max_page_count = 1000000").fetchall()
            )
            await history.keep(Changes([Kept("#tea", said(2, "x" * 100_000))]))
            assert [message.stamp for message in await history.read(Span("#tea"))] == [2]

    asyncio.run(main())


def test_nobody_waits_for_ever_when_the_connection_breaks(directory):
    async def main():
        async with opened(directory) as database:
            async with writing_thread_busy(database):
                jobs = [insert("#a"), lambda connection: connection.close(), insert("#b")]
                waiting = [database.write(job) for job in jobs]
            results = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 60)
            assert all(isinstance(result, StoreError) for result in results)
            with pytest.raises(StoreError):
                await asyncio.wait_for(database.write(insert("#c")), 60)

    asyncio.run(main())


@pytest.mark.parametrize("newest", [True, False])
@pytest.mark.parametrize("events", [True, False])
def test_history_is_found_by_the_primary_key_alone(newest, events):
    from chatapp.store.history import span_query

    query, parameters = span_query(Span("#tea", after=3, before=9, newest=newest, events=events))

    async def main():
        async with opened() as database:
            return await database.read(
                lambda connection: [
                    row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + query, parameters)
                ]
            )

    plan = asyncio.run(main())
    assert plan[0] == "SEARCH message USING PRIMARY KEY (conversation=? AND stamp>? AND stamp<?)"
    assert not any("SORT" in step or "TEMP" in step or "SCAN" in step for step in plan)


def test_the_last_stamp_is_found_without_passing_every_message():
    from chatapp.store import history

    async def main():
        async with opened() as database:
            return await database.read(
                lambda connection: [
                    row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + history._LAST)
                ]
            )

    plan = asyncio.run(main())
    assert any(step.startswith("SEARCH message USING PRIMARY KEY (conversation=?)") for step in plan)
    assert not any(step.startswith("SCAN message") for step in plan)


def test_no_placeholder_has_a_number():
    """Values in a sequence are for a bare ``?``: for ``?1`` Python 3.12 warns, and 3.14 takes none."""
    import chatapp.store

    modules = Path(chatapp.store.__file__).parent.glob("*.py")
    assert [path.name for path in modules if re.search(r"\?[0-9]", path.read_text("utf-8"))] == []

"""What is brief is written on the loop's thread while the disk is quick: in its turn, undone if it fails."""

from __future__ import annotations

import asyncio
import threading
from contextlib import asynccontextmanager

import pytest

from chatapp.core.message import Message
from chatapp.core.ports import Changes, Kept, StoreError
from chatapp.store.database import Database
from chatapp.store.directory import DataDirectory
from chatapp.store.history import SqliteHistory
from chatapp.store.pace import QUICK, TRIAL


class Disk:
    """A clock by which each commit takes ``seconds``."""

    def __init__(self):
        self.seconds = 0.0
        self._now = 0.0

    def __call__(self):
        self._now += self.seconds
        return self._now


@pytest.fixture(params=["file", "memory"])
def directory(request, tmp_path):
    return DataDirectory(tmp_path / "data") if request.param == "file" else None


@asynccontextmanager
async def proven(directory, disk):
    """A database whose disk has been quick for long enough."""
    database = Database(directory, "normal", clock=disk)
    await database.open()
    try:
        for _commit in range(TRIAL):
            await database.write(lambda _: None)
        yield database
    finally:
        await database.close()


def on_which_thread(_connection):
    return threading.current_thread() is threading.main_thread()


def run(story, directory):
    async def main():
        disk = Disk()
        async with proven(directory, disk) as database:
            await story(database, disk)

    asyncio.run(main())


def test_a_brief_write_is_done_at_once_and_any_other_by_the_thread(directory):
    async def story(database, _disk):
        brief = database.write(on_which_thread, is_brief=True)
        assert brief.done()
        assert brief.result()
        assert not await database.write(on_which_thread)

    run(story, directory)


def test_it_waits_its_turn(directory):
    async def story(database, _disk):
        done = []
        release = threading.Event()
        waiting = [
            database.write(lambda _: release.wait(60)),
            database.write(lambda _: done.append("long")),
            database.write(lambda _: done.append("brief"), is_brief=True),
        ]
        assert not waiting[2].done()
        release.set()
        await asyncio.gather(*waiting)
        assert done == ["long", "brief"]
        assert database.write(on_which_thread, is_brief=True).result()

    run(story, directory)


def test_a_slow_disk_keeps_only_the_thread_waiting(directory):
    async def story(database, disk):
        disk.seconds = QUICK * 2
        assert database.write(on_which_thread, is_brief=True).done()  # that it is slow is seen by this one
        disk.seconds = 0.0
        for _commit in range(TRIAL):
            assert not await database.write(on_which_thread, is_brief=True)
        assert database.write(on_which_thread, is_brief=True).done()

    run(story, directory)


def test_nothing_is_known_of_a_disk_at_first(directory):
    async def main():
        database = Database(directory, "normal", clock=Disk())
        await database.open()
        assert not await database.write(on_which_thread, is_brief=True)
        await database.close()
        with pytest.raises(StoreError, match="closed"):
            await database.write(on_which_thread, is_brief=True)

    asyncio.run(main())


def test_nothing_of_a_brief_write_stays_if_it_fails(directory):
    def half_done(connection):
        connection.execute("INSERT INTO conversation (key) VALUES ('#half')")
        raise ValueError("no more")

    async def story(database, _disk):
        undone = []
        database.on_rollback(lambda: undone.append("once"))
        with pytest.raises(StoreError, match="no more"):
            await database.write(half_done, is_brief=True)
        assert undone == ["once"]
        count = database.write(_conversations, is_brief=True)
        assert count.result() == 0

    run(story, directory)


def test_people_who_talk_need_no_thread_and_what_is_read_has_their_words(directory):
    async def story(database, _disk):
        history = SqliteHistory(database)
        for stamp in range(1, 20):
            said = Message(stamp, "PRIVMSG", f":ana!a@h PRIVMSG #tea :{stamp}")
            keeping = history.keep(Changes([Kept("#tea", said)]))
            with pytest.raises(StopIteration):
                keeping.send(None)  # it never waits
            assert await database.read(_newest) == stamp

    run(story, directory)


def _conversations(connection):
    return connection.execute("SELECT count(*) FROM conversation").fetchone()[0]


def _newest(connection):
    return connection.execute("SELECT max(stamp) FROM message").fetchone()[0]

"""A disk that is nearly full: nothing more is said, everyone is told why, and it passes."""

from __future__ import annotations

import asyncio
import threading

import pytest
from listeners.house import Peer, settle

from chatapp.server.app import opened
from chatapp.server.config import load
from chatapp.store.directory import DISK_FLOOR, DataDirectory


def test_a_full_disk_is_noted_once_and_passes(tmp_path, monkeypatch, caplog):
    free = [DISK_FLOOR]
    monkeypatch.setattr(DataDirectory, "free_bytes", lambda self: free[0])
    flags = {"server.data_dir": str(tmp_path), "listener.host": "127.0.0.1", "listener.port": "0"}

    async def look_three_times():
        async with opened(load(flags=flags)) as app:
            reasons = []
            for bytes_free in (DISK_FLOOR, DISK_FLOOR - 1, DISK_FLOOR - 2, DISK_FLOOR):
                free[0] = bytes_free
                app.look_around()
                reasons.append(app.world.mute_reason)
            return reasons

    fine, full, still_full, fine_again = asyncio.run(look_three_times())

    assert fine == fine_again == ""
    assert full == still_full == "The server's disk is full: nothing can be said for now"
    assert [record.getMessage() for record in caplog.records] == [full, "The disk has room again"]


def test_what_was_read_meanwhile_is_kept_afterwards(tmp_path, monkeypatch):
    free = [DISK_FLOOR - 1]
    monkeypatch.setattr(DataDirectory, "free_bytes", lambda self: free[0])
    settings = load(
        flags={"server.data_dir": str(tmp_path), "listener.host": "127.0.0.1", "listener.port": "0"}
    )

    async def read():
        async with opened(settings) as app:
            app.look_around()
            app.world.markers.advance("~ana", "#tea", 1000)
            app.world.markers.put_off("~ana", "#tea")
            free[0] = DISK_FLOOR
            app.look_around()
            task = asyncio.create_task(app.serve())
            await app.world.settled()
            app.stop()
            await task

    async def again():
        async with opened(settings) as app:
            return app.world.markers.find("~ana", "#tea")

    asyncio.run(read())
    assert asyncio.run(again()) == 1000


async def enter(app, nick, *lines):
    peer = Peer(*await asyncio.open_connection(*app.addresses[0]))
    await peer.asks(f"NICK {nick}", f"USER {nick} 0 * :{nick}", *lines)
    return peer


#: What makes SQLite itself refuse to write, with the code of the real fault, and what ends that.
FAULTS = {
    "is full": ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 4294967294"),
    "may not write there": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
}


async def spoil(database, begin, end):
    """Have the fault begin; it ends after the event that this gives back is set."""
    writer, is_mended = [], threading.Event()

    def spoil(connection):
        writer.append(connection)
        connection.execute(begin).fetchall()

    await database.write(spoil)
    database.on_rollback(lambda: is_mended.is_set() and writer[0].execute(end).fetchall())
    return is_mended


@pytest.mark.parametrize("words", FAULTS)
def test_a_disk_that_takes_nothing_costs_nobody_a_word_and_needs_no_restart(
    words, tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr("chatapp.server.pump.Pump.__init__.__defaults__", ((0.0, 0.0), 0.01))
    texts = [f"{number} {'x' * 400}" for number in range(100)]

    async def story():
        flags = {"server.data_dir": str(tmp_path), "listener.host": "127.0.0.1", "listener.port": "0"}
        async with opened(load(flags=flags)) as app:
            task = asyncio.create_task(app.serve())
            ana, bob = [await enter(app, nick, "JOIN #tea", "CAP REQ echo-message") for nick in ("a", "b")]
            is_mended = await spoil(app.store._database, *FAULTS[words])
            await ana.say(*(f"PRIVMSG #tea :{text}" for text in texts), "PING over")
            await settle(lambda: app._pump.outage is not None)
            app.disk.look(1.0)  # the clock of the house has its own time
            told = await bob.line()
            while "NOTICE" not in told:
                told = await bob.line()
            assert told.endswith(
                ":The server's disk does not take what is said. It waits, and nothing is lost"
            )
            is_mended.set()
            lines = [line for line in await ana.until("PONG") if "PRIVMSG" in line]
            assert [line.partition(" :")[2] for line in lines] == texts
            kept = [line for line in await bob.asks("CHATHISTORY LATEST #tea * 1000") if "PRIVMSG" in line]
            assert [line.partition(" :")[2] for line in kept][-len(texts) :] == texts
            for peer in (ana, bob):
                peer.writer.close()
            app.stop()
            await task

    asyncio.run(asyncio.wait_for(story(), 60))
    assert words in caplog.text
    assert "Nothing can be kept, so nobody hears anything until it can be" in caplog.text

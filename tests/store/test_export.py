"""A room is read from one end to the other, whatever happens to it meanwhile."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest
from store.archives import keep, said

from chatapp.core.message import Message
from chatapp.core.ports import Changes, Kept, StoreError
from chatapp.store import export
from chatapp.store.directory import DataDirectory
from chatapp.store.export import Room, opened_archive
from chatapp.store.open import open_store

TEA = Room("#tea", "#Tea")
END = 2**63 - 1


def stamps(archive, room=TEA, since=0, until=END):
    return [message.stamp for message in archive.messages(room, since, until)]


def test_the_rooms_are_told_and_nobody_s_private_messages(tmp_path):
    data = keep(tmp_path, said(1))
    keep(tmp_path, said(2), room="#café", name="#Café")

    async def say_privately():
        store = await open_store(tmp_path, "normal")
        keys = ("ana bruno", "#odd bruno", "@#tea", "~1 bruno")
        await store.history.keep(Changes([Kept(key, said(3 + at)) for at, key in enumerate(keys)]))
        await store.history.keep(Changes([Kept("#gone", said(9))]))
        await store.close()

    asyncio.run(say_privately())

    with opened_archive(data) as archive:
        assert archive.rooms() == [Room("#café", "#Café"), Room("#gone", "#gone"), TEA]


@pytest.mark.parametrize("page", [1, 2, 3, 7, 1000])
def test_every_page_begins_behind_the_one_before(tmp_path, monkeypatch, page):
    monkeypatch.setattr(export, "PAGE", page)
    data = keep(tmp_path, *[said(at * 10) for at in range(1, 8)])

    with opened_archive(data) as archive:
        assert stamps(archive) == [10, 20, 30, 40, 50, 60, 70]
        assert stamps(archive, since=20, until=50) == [20, 30, 40]
        assert stamps(archive, since=21, until=50) == [30, 40]
        assert stamps(archive, Room("#none", "#none")) == []


def test_events_are_read_too(tmp_path):
    join = Message(2, "JOIN", ":bruno!b@host JOIN #tea", extended=":bruno!b@host JOIN #tea * :Bruno")
    data = keep(tmp_path, said(1), join)
    with opened_archive(data) as archive:
        assert list(archive.messages(TEA, 0, END)) == [said(1), join]


def test_a_message_is_found_by_its_stamp(tmp_path):
    data = keep(tmp_path, said(1), said(3))
    with opened_archive(data) as archive:
        assert archive.find(TEA, 3) == said(3)
        assert archive.find(TEA, 2) is None
        assert archive.find(Room("#none", "#none"), 3) is None


def test_what_is_said_between_two_pages_is_read_and_nothing_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "PAGE", 2)
    keep(tmp_path, said(1), said(2), said(3))

    async def main():
        store = await open_store(tmp_path, "normal")
        with opened_archive(DataDirectory(tmp_path)) as archive:
            reading = archive.messages(TEA, 0, END)
            found = [next(reading).stamp, next(reading).stamp]
            await store.history.keep(Changes([Kept("#tea", said(4))]))
            found += [message.stamp for message in reading]
        await store.close()
        return found

    assert asyncio.run(main()) == [1, 2, 3, 4]


def test_nothing_can_be_written(tmp_path):
    data = keep(tmp_path, said(1))
    with opened_archive(data) as archive, pytest.raises(sqlite3.OperationalError, match="readonly"):
        archive._connection.execute("DELETE FROM message")


def test_where_there_is_no_data_that_is_told(tmp_path):
    with (
        pytest.raises(StoreError, match="there is no data of chatapp here"),
        opened_archive(DataDirectory(tmp_path)),
    ):
        pass


def test_a_fault_while_reading_is_told_in_words(tmp_path):
    data = keep(tmp_path, *[said(at, "x" * 400) for at in range(1, 200)])
    content = bytearray(data.database.read_bytes())
    for at in range(4096 * 4, len(content), 4096):
        content[at : at + 16] = b"\xff" * 16
    data.database.write_bytes(content)
    with opened_archive(data) as archive, pytest.raises(StoreError, match="is damaged"):
        stamps(archive)

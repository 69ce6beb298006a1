from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client import buffer as buffers
from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind, EntryState


def entry(text: str, msgid: str = "", time: float = 0.0, **more) -> Entry:
    return Entry(EntryKind.MESSAGE, time, text, msgid=msgid, **more)


def own(text: str) -> Entry:
    return entry(text, own=True, state=EntryState.SENDING)


def texts(buffer: Buffer) -> str:
    return "".join(one.text for one in buffer.entries)


@pytest.fixture
def room() -> Buffer:
    return Buffer("#tea", BufferKind.CHANNEL)


def test_an_entry_with_a_known_msgid_is_not_added_again(room):
    assert room.add(entry("a", "1"))

    assert not room.add(entry("a", "1"))
    assert texts(room) == "a"


def test_what_is_unconfirmed_stays_last(room):
    room.add_unconfirmed(own("x"))
    room.add_unconfirmed(own("y"))
    room.add(entry("a", "1"))

    assert texts(room) == "axy"


def test_a_confirmed_message_moves_to_the_new_end_and_keeps_its_key(room):
    first, second = own("x"), own("y")
    room.add_unconfirmed(first)
    room.add_unconfirmed(second)
    key, version = second.key, second.version

    room.confirm(second, "7", 5.0, 1)

    assert texts(room) == "yx"
    assert (second.key, second.state, second.msgid) == (key, EntryState.SENT, "7")
    assert second.version > version


def test_a_failed_message_stays_above_what_still_waits(room):
    first, second = own("x"), own("y")
    room.add_unconfirmed(first)
    room.add_unconfirmed(second)

    room.fail(first)
    room.add(entry("a", "1"))

    assert texts(room) == "xay"


def test_a_page_goes_in_front_and_meets_what_is_known(room):
    room.add(entry("c", "3"))
    room.add(entry("e", "5"))

    fresh = room.merge([entry("b", "2"), entry("c", "3"), entry("d", "4")], None)

    assert texts(room) == "bcde"
    assert [one.text for one in fresh] == ["b", "d"]


def test_a_page_goes_behind_the_entry_it_follows(room):
    known = entry("a", "1", 1.0)
    room.add(known)
    room.add(entry("!", "", 2.0))
    room.add(entry("z", "9", 9.0))

    room.merge([entry("b", "2", 3.0)], known)

    assert texts(room) == "a!bz"


def test_clear_keeps_what_is_on_its_way(room):
    room.add(entry("a", "1"))
    room.add_unconfirmed(own("x"))

    room.clear()
    room.add(entry("a", "1"))

    assert texts(room) == "ax"


def test_a_full_buffer_drops_its_oldest_tenth(room, monkeypatch):
    monkeypatch.setattr(buffers, "MAX_ENTRIES", 20)
    for number in range(21):
        room.add(entry(f"{number},", str(number)))

    assert texts(room).startswith("2,3,")
    assert room.has_older
    assert room.oldest is not None and room.oldest.msgid == "2"
    assert room.known("0") is None


def test_the_unread_line_stands_before_the_first_unread(room):
    read = entry("a", "1")
    room.add(read)
    for one in (entry("b", "2"), entry("c", "3", mention=True)):
        room.add(one)
        room.count(one)

    assert room.read_up_to == read.key
    assert (room.unread, room.mentions) == (2, 1)


def test_every_change_is_told():
    told = []
    room = Buffer("#tea", BufferKind.CHANNEL, lambda: told.append(1))
    room.add(entry("a", "1"))
    before = room.version

    room.set_state(room.entries[0], EntryState.SENT)

    assert room.version > before
    assert len(told) == 2


@given(st.permutations(range(12)), st.integers(1, 4))
def test_pages_in_any_overlap_give_the_servers_order(order, size):
    room = Buffer("#tea", BufferKind.CHANNEL)
    for number in range(6, 12):
        room.add(entry(f"{number}", str(number), number))
    starts = [start for start in order if start <= 6]

    # Each page reaches as far as the one after it, as pages before the oldest do.
    for start in sorted(starts, reverse=True):
        page = range(start, min(start + size, 12))
        room.merge([entry(f"{number}", str(number), number) for number in page], None)

    assert [int(one.text) for one in room.entries] == list(range(12))

"""Entries in words: nothing is said by a symbol or colour alone, and nothing from a peer moves the cursor."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind, EntryState, Member
from chatapp.client.screen.linear_words import clock, entry_lines, place_words, state_words

NOW = 1_800_000_000.0
ROOM = Buffer("#tea", BufferKind.CHANNEL)
PERSON = Buffer("bob", BufferKind.DIRECT)
SERVER = Buffer("chat", BufferKind.SERVER)


def words(entry, room=ROOM, *, is_here=True, timestamps=""):
    return entry_lines(entry, room, is_here=is_here, timestamps=timestamps)


def said(text, kind=EntryKind.MESSAGE, nick="bob", **more):
    return Entry(kind, NOW, text, nick, **more)


@pytest.mark.parametrize(
    ("entry", "here", "elsewhere"),
    [
        (said("olá"), "bob: olá", "#tea, bob: olá"),
        (said("waves", EntryKind.ACTION), "bob waves", "#tea, bob waves"),
        (said("done", EntryKind.NOTICE), "bob, in a notice: done", "#tea, bob, in a notice: done"),
        (said("Ana?", mention=True), "bob, to you: Ana?", "#tea, bob, to you: Ana?"),
        (said("hi", own=True), "you: hi", "#tea, you: hi"),
        (said("bob joined", EntryKind.EVENT, ""), "bob joined", "#tea: bob joined"),
        (said("no such room", EntryKind.ERROR, ""), "error: no such room", "#tea: error: no such room"),
        (said("lost", EntryKind.INFO, "", place="work"), "work: lost", "work: #tea: lost"),
        (said("yes", reply_to="gone"), "bob, answering an earlier message: yes", None),
        (said("\x02bold\x02 \x0304red"), "bob: bold red", None),
    ],
)
def test_an_entry(entry, here, elsewhere):
    assert words(entry) == [here]
    if elsewhere is not None:
        assert words(entry, is_here=False) == [elsewhere]


def test_what_is_said_between_two():
    assert words(said("hi"), PERSON) == ["bob, to you alone: hi"]
    assert words(said("hi", own=True), PERSON, is_here=False) == ["you, to bob: hi"]


def test_an_answer_names_whom_it_answers():
    room = Buffer("#tea", BufferKind.CHANNEL)
    room.add(said("question", nick="eve", msgid="m1"))
    assert words(said("yes", reply_to="m1"), room) == ["bob, answering eve: yes"]


def test_further_lines_of_a_message_are_indented():
    assert words(said("one\ntwo"), timestamps="%Y") == ["2027 bob: one", "  two"]


def test_a_wall_of_text_has_an_end():
    lines = words(said("x\n" * 5000))
    assert len(lines) == 401
    assert lines[-1] == "  (and more lines)"


def test_how_far_an_own_message_has_come():
    assert state_words(said("hi\nyou", state=EntryState.WAITING)) == "waits for the connection: hi you"
    assert state_words(said("hi", state=EntryState.FAILED)) == "not sent: hi"
    assert state_words(said("hi", state=EntryState.SENT)) == ""


def test_where_one_has_gone():
    room = Buffer("#tea", BufferKind.CHANNEL)
    assert place_words(room) == "Now in #tea. You are not in it at the moment."
    room.is_joining = True
    assert place_words(room) == "Now in #tea."
    room.joined, room.topic = True, "all about \x1b[2Jtea"
    room.members = {"ana": Member("ana"), "bob": Member("bob")}
    assert place_words(room).startswith("Now in #tea. 2 people. Topic: all about ")
    assert "\x1b" not in place_words(room)
    assert place_words(SERVER) == "Now at the server chat."


def test_the_time_is_written_as_the_person_has_set_it():
    assert clock(NOW, "%H.%M") == time.strftime("%H.%M", time.localtime(NOW))
    assert clock(NOW, "") == ""
    assert clock(1e300, "%H:%M") == ""


_nasty = st.text(st.sampled_from("a \n\x1b[2J\x07\x9b\u202e\u200b\x00\r\x02\U000e0041é"), max_size=12)


@given(_nasty, _nasty, _nasty, st.sampled_from(EntryKind), st.booleans())
def test_nothing_that_came_from_a_peer_reaches_the_terminal_as_more_than_text(text, nick, room, kind, own):
    entry = Entry(kind, NOW, text, nick, own=own, place=room)
    for line in entry_lines(entry, Buffer(room, BufferKind.CHANNEL), is_here=False, timestamps="%H:%M"):
        assert not set(line) & set("\x1b\x07\x9b\u202e\x00\r\n")

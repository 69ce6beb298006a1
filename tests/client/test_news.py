"""What is new in a conversation: each entry once, in the conversation's order."""

from __future__ import annotations

import gc
import weakref

import pytest
from client.fake_server import Talk
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind, EntryState
from chatapp.client.news import News
from chatapp.irc.line import parse_line


def said(text, **more):
    return Entry(EntryKind.MESSAGE, 0.0, text, "bob", **more)


@pytest.fixture
def room():
    return Buffer("#tea", BufferKind.CHANNEL)


def texts(entries):
    return [entry.text for entry in entries]


def test_each_is_given_once(room):
    news = News()
    room.add(said("one"))
    assert texts(news.of(room)) == ["one"]
    assert news.of(room) == []
    room.add(said("two"))
    room.add(said("three"))
    assert texts(news.of(room)) == ["two", "three"]


def test_an_own_message_is_given_when_its_fate_is_known_and_what_came_meanwhile_before(room):
    news = News()
    mine = said("mine", own=True, state=EntryState.SENDING)
    room.add_unconfirmed(mine)
    assert news.of(room) == []
    room.add(said("theirs"))
    assert texts(news.of(room)) == ["theirs"]
    room.confirm(mine, "m1", 1.0, 0)
    assert texts(news.of(room)) == ["mine"]
    assert news.of(room) == []


def test_one_that_failed_is_given(room):
    news = News()
    mine = said("mine", own=True, state=EntryState.WAITING)
    room.add_unconfirmed(mine)
    news.of(room)
    room.fail(mine)
    assert texts(news.of(room)) == ["mine"]


def test_nothing_is_given_while_a_gap_is_filled_and_then_all_of_it_in_order(room):
    news = News()
    first = said("first", msgid="m1")
    room.add(first)
    news.of(room)
    room.is_loading = True
    room.add(said("live", msgid="m9"))
    assert news.of(room) == []
    room.merge([said("missed", msgid="m2")], first)
    room.is_loading = False
    assert texts(news.of(room)) == ["missed", "live"]


def test_a_conversation_that_is_closed_is_not_kept(room):
    news = News()
    room.add(said("one"))
    news.of(room)
    gone = weakref.ref(room)
    other = Buffer("#other", BufferKind.CHANNEL)
    del room
    gc.collect()
    assert news.of(other) == []
    assert gone() is None or gone().name == "#tea"  # pytest may still hold it


@given(st.lists(st.sampled_from(["say", "hear", "cut", "connect", "look"]), max_size=40))
def test_whatever_happens_each_message_is_told_once(steps):
    talk, news, told = Talk().connect(), News(), []
    is_open = True
    for number, step in enumerate(steps):
        if step == "say":
            talk.session.submit(f"mine {number}")
        elif step == "hear":
            talk.server.other_says("#lobby", f"theirs {number}")
        elif step == "cut":
            talk.cut()
            is_open = False
        elif step == "connect" and not is_open:
            talk.clock.now += 1
            talk.connect()
            is_open = True
        elif step == "look":
            talk.settle()
        told += news.of(talk.room())
    talk.cut()
    talk.connect()
    told += news.of(talk.room())

    messages = [entry.text for entry in told if entry.kind is EntryKind.MESSAGE]
    assert sorted(messages) == sorted(talk.server.texts("#lobby"))


def test_what_was_heard_behind_a_gap_waits_for_it_though_it_is_cut_again():
    talk = Talk().connect()
    news = News()
    news.of(talk.room())
    talk.cut()
    news.of(talk.room())
    talk.server.other_says("#lobby", "missed")
    talk.open()
    while not talk.room().joined:
        for line in talk.session.take_lines():
            talk.server.hear(line)
        talk.session.hear(parse_line(talk.server.out.pop(0)))
    talk.server.other_says("#lobby", "behind")
    talk.session.hear(parse_line(talk.server.out.pop()))
    talk.cut()

    assert {entry.kind for entry in news.of(talk.room())} == {EntryKind.INFO}
    talk.connect()

    told = [entry.text for entry in news.of(talk.room()) if entry.kind is EntryKind.MESSAGE]
    assert told == ["missed", "behind"] == talk.texts()
    assert news.of(talk.room()) == []


def test_where_nothing_was_missed_it_is_told_as_well():
    talk = Talk().connect()
    news = News()
    news.of(talk.room())
    talk.cut()
    talk.open()
    while not talk.room().joined:
        for line in talk.session.take_lines():
            talk.server.hear(line)
        talk.session.hear(parse_line(talk.server.out.pop(0)))
    talk.server.other_says("#lobby", "live")
    talk.session.hear(parse_line(talk.server.out.pop()))
    news.of(talk.room())
    talk.cut()
    news.of(talk.room())
    talk.connect()

    told = [entry.text for entry in news.of(talk.room()) if entry.kind is EntryKind.MESSAGE]
    assert told == ["live"]

"""The hot path: everyone hears each thing once, in order, and nothing before it is kept."""

from __future__ import annotations

import pytest

from chatapp.core.audience import Audience
from chatapp.core.delivery import Delivery
from chatapp.core.message import Message
from chatapp.core.ports import Kept
from chatapp.core.session import Session

TIME = "@time=1970-01-01T00:00:00.000Z "


class Wire:
    """What a session is lent: it notes what is written, and when it was closed."""

    def __init__(self):
        self.writes = []
        self.closed = 0

    def write(self, data):
        self.writes.append(data.decode())

    def close(self, last_words=b""):
        self.closed += 1
        self.writes.append("closed")


def message(text, command="PRIVMSG"):
    return Message(0, command, text)


@pytest.fixture
def woken():
    return []


@pytest.fixture
def delivery(woken):
    return Delivery(wake=lambda: woken.append(True))


def session(*caps):
    made = Session(Wire(), "127.0.0.1", 0)
    made.negotiate(frozenset(caps))
    return made


def heard(*sessions):
    return [session.wire.writes for session in sessions]


# Groups and ticks


def test_everyone_hears_each_in_their_dialect_in_one_write(delivery):
    plain, timed, timed_too = session(), session("server-time"), session("server-time", "batch")
    audience = Audience([plain, timed, timed_too])

    delivery.tell(message("one"), audience)
    delivery.tell(message("two"), audience)
    tick = delivery.cut()

    assert heard(plain, timed, timed_too) == [[], [], []]
    tick.release()
    both = f"{TIME}one\r\n{TIME}two\r\n"
    assert heard(plain, timed, timed_too) == [["one\r\ntwo\r\n"], [both], [both]]


def test_a_line_is_encoded_once_for_all_who_hear_alike(delivery):
    first, second = session("server-time"), session("server-time")
    audience = Audience([first, second])

    delivery.send(second, "for one alone")
    delivery.tell(message("x"), audience)

    (group,) = audience.groups()
    assert second.outbox[1] is group.lines[0]


def test_what_all_hear_alike_is_joined_once(delivery):
    first, second = session("server-time"), session("server-time")
    audience = Audience([first, second])

    delivery.tell(message("x"), audience)
    delivery.tell(message("y"), audience)

    (_, data), (_, same) = delivery.cut().writes
    assert data is same


def test_a_tick_ends_with_its_cut(delivery):
    ana = session()
    audience = Audience([ana])
    delivery.tell(message("one"), audience)
    first = delivery.cut()
    delivery.tell(message("two"), audience)
    second = delivery.cut()
    empty = delivery.cut()

    for tick in (first, second, empty):
        tick.release()

    assert heard(ana) == [["one\r\n", "two\r\n"]]
    assert (list(empty.changes.messages), empty.changes.channels, empty.writes, empty.closings) == (
        [],
        {},
        [],
        [],
    )


def test_replies_and_what_is_told_keep_their_order(delivery):
    ana = session()
    audience = Audience([ana])

    delivery.send(ana, "1")
    delivery.tell(message("2"), audience)
    delivery.relay(message("3"), ana)
    delivery.tell(message("4"), Audience([ana]))
    delivery.send(ana, "5", tags="label=x")
    delivery.cut().release()

    assert heard(ana) == [["1\r\n2\r\n3\r\n4\r\n@label=x 5\r\n"]]


def test_one_who_is_in_several_audiences_is_written_to_once(delivery):
    ana, bob = session(), session()
    one, two = Audience([ana, bob]), Audience([ana])

    delivery.tell(message("1"), one)
    delivery.tell(message("2"), two)
    delivery.tell(message("3"), one)
    delivery.cut().release()

    assert heard(ana, bob) == [["1\r\n2\r\n3\r\n"], ["1\r\n3\r\n"]]


# All save one


def test_all_hear_save_one(delivery):
    ana, bob, eve = session(), session(), session("server-time")

    delivery.tell(message("x"), Audience([ana, bob, eve]), but=ana)
    delivery.cut().release()

    assert heard(ana, bob, eve) == [[], ["x\r\n"], [f"{TIME}x\r\n"]]


def test_what_the_one_heard_before_stays(delivery):
    ana, bob = session(), session()
    audience = Audience([ana, bob])

    delivery.tell(message("1"), audience)
    delivery.tell(message("2"), audience, but=ana)
    delivery.send(ana, "3")
    delivery.cut().release()

    assert heard(ana) == [["1\r\n3\r\n"]]


def test_to_leave_out_one_who_is_not_there_changes_nothing(delivery):
    ana, bob = session(), session()

    delivery.tell(message("x"), Audience([bob]), but=ana)
    delivery.cut().release()

    assert heard(ana, bob) == [[], ["x\r\n"]]


def test_what_is_not_for_their_ears_is_not_told(delivery):
    deaf, hearing = session(), session("message-tags")

    delivery.tell(message("x", "TAGMSG"), Audience([deaf, hearing]))
    delivery.relay(message("y", "TAGMSG"), deaf)
    delivery.cut().release()

    assert heard(deaf, hearing) == [[], ["@msgid=0 x\r\n"]]


# Leaving and changing in the middle of a tick


def test_who_leaves_in_the_middle_hears_what_came_before_and_nothing_after(delivery):
    ana, bob = session(), session()
    audience = Audience([ana, bob])

    delivery.tell(message("1"), audience)
    audience.remove(ana)
    delivery.tell(message("2"), audience)
    delivery.cut().release()

    assert heard(ana, bob) == [["1\r\n"], ["1\r\n2\r\n"]]


def test_the_last_of_a_group_may_leave_and_come_back(delivery):
    ana = session()
    audience = Audience([ana])

    delivery.tell(message("1"), audience)
    audience.remove(ana)
    delivery.tell(message("lost on nobody"), audience)
    audience.add(ana)
    delivery.tell(message("2"), audience)
    delivery.cut().release()
    delivery.tell(message("3"), audience)
    delivery.cut().release()

    assert heard(ana) == [["1\r\n2\r\n", "3\r\n"]]
    assert list(audience) == [ana]


def test_who_comes_in_the_middle_hears_from_then_on(delivery):
    ana, bob = session(), session()
    audience = Audience([ana])

    delivery.tell(message("1"), audience)
    audience.add(bob)
    delivery.tell(message("2"), audience)
    delivery.cut().release()

    assert heard(ana, bob) == [["1\r\n2\r\n"], ["2\r\n"]]


def test_who_leaves_before_anything_was_said_hears_nothing(delivery):
    ana, bob = session(), session()
    audience = Audience([ana, bob])

    audience.remove(ana)
    delivery.tell(message("x"), audience)
    delivery.cut().release()

    assert heard(ana, bob) == [[], ["x\r\n"]]


def test_capabilities_change_in_the_middle_from_the_next_line_on(delivery):
    ana, bob = session(), session()
    audience = Audience([ana, bob])

    delivery.tell(message("1"), audience)
    audience.remove(ana)
    ana.negotiate(frozenset({"server-time"}))
    audience.add(ana)
    delivery.tell(message("2"), audience)
    delivery.cut().release()

    assert heard(ana, bob) == [[f"1\r\n{TIME}2\r\n"], ["1\r\n2\r\n"]]


def test_a_leaver_with_nothing_to_hear_is_not_written_to(delivery):
    ana, bob = session(), session()
    audience = Audience([ana, bob])

    delivery.tell(message("1"), audience, but=ana)
    audience.remove(ana)
    delivery.cut().release()

    assert heard(ana, bob) == [[], ["1\r\n"]]


def test_a_tick_holds_nobody_back_after_it_is_cut(delivery):
    ana, bob = session(), session()
    audience = Audience([ana, bob])
    delivery.tell(message("1"), audience)
    audience.remove(ana)
    delivery.cut().release()

    assert [(group.lines, group.apart, group.parted) for group in audience.groups()] == [([], {}, [])]
    assert (ana.outbox, bob.outbox, ana.follows, bob.follows) == ([], [], None, None)


# Keeping, closing, waking


def test_what_is_to_be_kept_is_in_the_tick_in_order(delivery):
    one, two = message("1"), message("2")

    delivery.keep(one, "#a")
    delivery.keep(two, "#a")
    delivery.keep(two, "#b")

    assert delivery.waiting == 3
    assert delivery.cut().changes.messages == [Kept("#a", one), Kept("#a", two), Kept("#b", two)]
    assert delivery.waiting == 0
    assert list(delivery.cut().changes.messages) == []


def test_closing_comes_after_the_last_words(delivery):
    ana = session()

    delivery.close(ana)
    delivery.send(ana, "ERROR :bye")
    tick = delivery.cut()
    assert ana.wire.closed == 0
    tick.release()
    delivery.cut().release()

    assert heard(ana) == [["ERROR :bye\r\n", "closed"]]


@pytest.mark.parametrize("first", ["keep", "tell", "send", "relay", "close", "keep_channel"])
def test_the_first_thing_in_a_tick_wakes_and_the_others_do_not(first, delivery, woken):
    class Room:
        folded = "#tea"

        def lasting_state(self):
            return None

    ana, room = session(), Room()
    audience = Audience([ana])
    calls = {
        "keep": lambda: delivery.keep(message("x"), "#a"),
        "tell": lambda: delivery.tell(message("x"), audience),
        "send": lambda: delivery.send(ana, "x"),
        "relay": lambda: delivery.relay(message("x"), ana),
        "close": lambda: delivery.close(ana),
        "keep_channel": lambda: delivery.keep_channel(room),
    }
    for expected in (1, 2):
        calls[first]()
        for call in calls.values():
            call()
        assert len(woken) == expected
        assert delivery.cut().changes.channels == {"#tea": None}

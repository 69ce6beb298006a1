"""A link with a clock that is set by hand: how it ends, and what its reader hears of that."""

from __future__ import annotations

import heapq
from itertools import count

import pytest

from chatapp.irc.datagram import Datagram, Kind, parse_datagram
from chatapp.irc.exchange import GIVE_UP, KEEP_ALIVE, WINDOW, Exchange
from chatapp.irc.link import Link

ID, TOKEN = "0123456789abcdef", "00112233445566778899aabbccddeeff"


class Timer:
    def __init__(self, at, callback):
        self.at, self.callback = at, callback

    def cancel(self):
        self.callback = lambda: None


class Clock:
    """Time goes on when it is told to."""

    def __init__(self):
        self.now = 0.0
        self.timers = []
        self.order = count()

    def time(self):
        return self.now

    def call_later(self, delay, callback):
        timer = Timer(self.now + delay, callback)
        heapq.heappush(self.timers, (timer.at, next(self.order), timer))
        return timer

    def call_soon(self, callback):
        self.call_later(0, callback)

    def until(self, end):
        while self.timers and self.timers[0][0] <= end:
            at, _order, timer = heapq.heappop(self.timers)
            self.now = max(self.now, at)
            timer.callback()
        self.now = end


class Side:
    """A link, its reader, and the datagrams it has sent."""

    def __init__(self, clock):
        self.clock = clock
        self.sent = []
        self.heard = b""
        self.ends = 0
        self.lost = []
        self.pauses = 0
        exchange = Exchange(ID, TOKEN, clock.now, dice=lambda: 0.0)
        self.link = Link(exchange, clock, self.sent.append, self.on_end, {"peername": ("127.0.0.1", 9)})
        self.link.start(self)

    def on_end(self):
        self.ends += 1

    def data_received(self, data):
        self.heard += data

    def pause_writing(self):
        self.pauses += 1

    def connection_lost(self, exc):
        self.lost.append(exc)

    def kinds(self):
        kinds = [parse_datagram(data).kind for data in self.sent]
        self.sent.clear()
        return kinds


def carry(one, two):
    """Bring what each has sent to the other, until nobody says more."""
    while one.sent or two.sent:
        for here, there in ((one, two), (two, one)):
            sent = here.sent[:]
            here.sent.clear()
            for data in sent:
                there.link.hear(parse_datagram(data))


@pytest.fixture
def clock():
    return Clock()


def test_what_is_written_is_read_at_the_other_side(clock):
    one, two = Side(clock), Side(clock)
    one.link.write(b"NICK Ana\r\n")
    carry(one, two)
    assert two.heard == b"NICK Ana\r\n"
    assert one.link.get_write_buffer_size() == 0
    assert one.link.get_extra_info("peername") == ("127.0.0.1", 9)
    assert one.link.get_extra_info("socket") is None


def test_what_is_lost_is_sent_again_by_the_clock(clock):
    one, two = Side(clock), Side(clock)
    one.link.write(b"hello\r\n")
    one.sent.clear()
    clock.until(1.0)
    carry(one, two)
    assert two.heard == b"hello\r\n"


def test_closing_waits_until_all_has_arrived(clock):
    one, two = Side(clock), Side(clock)
    one.link.write(b"the last words\r\n")
    one.link.close()
    assert one.kinds() == [Kind.DATA]
    one.link.write(b"nobody hears this\r\n")
    assert one.link.is_closing()
    assert (one.ends, one.lost) == (0, [])
    clock.until(1.0)
    carry(one, two)
    clock.until(1.1)
    assert two.heard == b"the last words\r\n"
    assert (one.ends, one.lost, two.ends, two.lost) == (1, [None], 1, [None])


def test_an_abort_says_goodbye_and_nothing_more(clock):
    one = Side(clock)
    one.link.write(b"x")
    one.sent.clear()
    one.link.abort()
    one.link.abort()
    one.link.close()
    clock.until(GIVE_UP * 2)
    assert one.kinds() == [Kind.BYE]
    assert (one.ends, one.lost) == (1, [None])
    assert one.link.get_write_buffer_size() == 0


def test_a_silent_other_side_is_given_up(clock):
    one = Side(clock)
    clock.until(GIVE_UP - 0.1)
    assert one.ends == 0
    assert one.kinds() == [Kind.ACK] * int((GIVE_UP - 0.1) // KEEP_ALIVE)
    clock.until(GIVE_UP + 0.1)
    assert one.ends == 1
    assert [type(problem) for problem in one.lost] == [TimeoutError]


@pytest.mark.parametrize("is_there", [True, False])
def test_who_stood_still_looks_at_what_has_come_before_giving_up(clock, is_there):
    one, two = Side(clock), Side(clock)
    one.link.write(b"here")
    carry(one, two)
    two.link.write(b"here too")
    waiting = two.sent[-1]

    clock.now += GIVE_UP + 10
    clock.until(clock.now)
    one.link.write(b"more")
    assert one.lost == []

    if is_there:
        one.link.hear(parse_datagram(waiting))
    clock.until(clock.now + 1)
    assert [type(problem) for problem in one.lost] == ([] if is_there else [TimeoutError])


def test_who_stood_still_gives_up_also_while_there_is_more_and_more_to_say(clock):
    one, two = Side(clock), Side(clock)
    one.link.write(b"here")
    carry(one, two)
    clock.now += GIVE_UP + 10
    clock.until(clock.now)
    for tenth in range(5):
        one.link.write(b"more")
        clock.until(clock.now + 0.1)
        assert (one.lost == []) is (tenth < 2)


def test_two_who_say_nothing_stay_together(clock):
    one, two = Side(clock), Side(clock)
    for second in range(200):
        clock.until(float(second))
        carry(one, two)
    assert (one.ends, two.ends) == (0, 0)


def test_the_reason_of_a_goodbye_is_told(clock):
    one = Side(clock)
    one.link.hear(Datagram(Kind.BYE, ID, TOKEN, reason="There are 16 connections"))
    one.link.hear(Datagram(Kind.DATA, ID, TOKEN, piece=b"late"))
    clock.until(0.1)
    assert [str(problem) for problem in one.lost] == ["There are 16 connections"]
    assert one.heard == b""


def test_who_pauses_reading_is_brought_nothing_and_loses_nothing(clock):
    one, two = Side(clock), Side(clock)
    two.link.pause_reading()
    text = b"x" * 1100 * (WINDOW + 20)
    one.link.write(text)
    carry(one, two)
    assert two.heard == b""
    two.link.resume_reading()
    assert len(two.heard) == 1100 * WINDOW
    clock.until(10.0)
    carry(one, two)
    assert two.heard == text


def test_who_pauses_reading_hears_what_has_come_before_the_end(clock):
    one, two = Side(clock), Side(clock)
    two.link.pause_reading()
    one.link.write(b"last words")
    carry(one, two)
    one.link.abort()
    carry(one, two)
    clock.until(1.0)
    assert (two.heard, two.lost) == (b"last words", [None])


def test_over_the_limit_the_reader_is_told(clock):
    one = Side(clock)
    one.link.set_write_buffer_limits(high=1000)
    one.link.write(b"x" * 1000)
    assert one.pauses == 0
    one.link.write(b"x")
    assert one.pauses == 1


def test_a_reader_that_aborts_while_it_reads_hears_no_more(clock):
    one, two = Side(clock), Side(clock)
    two.data_received = lambda data: two.link.abort()
    one.link.write(b"x" * 5000)
    for data in one.sent:
        two.link.hear(parse_datagram(data))
    clock.until(0.1)
    assert (two.ends, two.lost) == (1, [None])
    assert two.kinds().count(Kind.BYE) == 1


def test_a_reader_that_fails_ends_the_link_and_is_not_hushed_up(clock):
    one, two = Side(clock), Side(clock)

    def fail(_data):
        raise ZeroDivisionError

    two.data_received = fail
    one.link.write(b"x")
    with pytest.raises(ZeroDivisionError):
        two.link.hear(parse_datagram(one.sent[0]))
    assert two.kinds() == [Kind.BYE]
    clock.until(0.1)
    assert two.lost == [None]


def test_who_is_dropped_hears_of_it_at_once(clock):
    one = Side(clock)
    one.link.drop()
    one.link.drop()
    one.link.carry()
    assert (one.ends, one.lost, one.kinds()) == (1, [None], [Kind.BYE])


def test_a_reader_may_pause_and_go_on_while_it_reads(clock):
    one, two = Side(clock), Side(clock)
    heard = []

    def read(data):
        heard.append(data)
        two.link.pause_reading()
        two.link.resume_reading()

    two.data_received = read
    one.link.write(b"x" * 3000)
    carry(one, two)
    assert [len(data) for data in heard] == [1100, 1100, 800]

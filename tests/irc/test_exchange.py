"""Two sides and a network that loses, doubles, reorders, delays and truncates: everything once, in order."""

from __future__ import annotations

import heapq
import random
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.irc.datagram import DATAGRAM_BYTES, Datagram, Kind, format_datagram, parse_datagram
from chatapp.irc.exchange import GIVE_UP, KEEP_ALIVE, MOST_PATIENCE, WINDOW, Exchange

ID, TOKEN = "0123456789abcdef", "00112233445566778899aabbccddeeff"


def exchange(now=0.0):
    return Exchange(ID, TOKEN, now, dice=lambda: 0.5)


def read_all(side):
    return b"".join(iter(side.read, b""))


class Network:
    """Carries datagrams between two sides; ``evil`` is the share that is lost, and doubled, and delayed."""

    def __init__(self, seed, evil=0.3, delay=0.02):
        self.dice = random.Random(seed)
        self.evil = evil
        self.delay = delay
        self.now = 0.0
        self.sides = [Exchange(ID, TOKEN, 0.0, self.dice.random) for _ in range(2)]
        self.heard = [b"", b""]
        self.carried = 0
        self._on_way = []
        self._order = count()

    def happens(self):
        return self.dice.random() < self.evil

    def send(self, to, data):
        self.carried += 1
        assert len(data) <= DATAGRAM_BYTES
        copies = 0 if self.happens() else 2 if self.happens() else 1
        for _copy in range(copies):
            late = self.dice.random() * 0.5 if self.happens() else 0.0
            piece = data[: self.dice.randrange(len(data))] if self.dice.random() < self.evil / 6 else data
            heapq.heappush(self._on_way, (self.now + self.delay + late, next(self._order), to, piece))

    def turn(self):
        """Let time go on to the next thing that happens."""
        for at, side in enumerate(self.sides):
            for data in side.datagrams(self.now):
                self.send(1 - at, data)
        due = min(side.due() for side in self.sides)
        self.now = max(self.now, min(due, self._on_way[0][0]) if self._on_way else due)
        while self._on_way and self._on_way[0][0] <= self.now:
            _at, _order, to, data = heapq.heappop(self._on_way)
            datagram = parse_datagram(data)
            if datagram is not None:
                self.sides[to].hear(datagram, self.now)
                self.heard[to] += read_all(self.sides[to])

    def until_said(self):
        for _turn in range(20_000):
            if not any(side.waiting for side in self.sides):
                return
            self.turn()
        raise AssertionError("they never come to an end")


lines = st.lists(st.binary(max_size=3000).map(lambda raw: raw + b"\r\n"), max_size=30)


@given(seed=st.integers(0, 2**32), there=lines, back=lines)
@settings(max_examples=40, deadline=None)
@pytest.mark.slow
def test_everything_arrives_once_and_in_order(seed, there, back):
    network = Network(seed)
    for each in there:
        network.sides[0].write(each)
    for each in back:
        network.sides[1].write(each)
        network.turn()

    network.until_said()

    assert network.heard == [b"".join(back), b"".join(there)]


@given(seed=st.integers(0, 2**32))
@settings(max_examples=10, deadline=None)
@pytest.mark.slow
def test_a_thousand_lines_take_bounded_time_and_datagrams(seed):
    network = Network(seed)
    said = [f"PRIVMSG #lobby :{number} {'x' * 200}\r\n".encode() for number in range(1000)]
    for line in said:
        network.sides[0].write(line)

    network.until_said()

    assert network.heard[1] == b"".join(said)
    assert network.now < 60
    assert network.carried < 8 * (len(network.heard[1]) // 1000)


def test_a_good_network_carries_nothing_twice():
    network = Network(1, evil=0.0)
    network.sides[0].write(b"x" * 1000 * 200)
    network.until_said()
    assert network.heard[1] == b"x" * 1000 * 200
    assert network.carried <= 2 * 182 + 4


def test_small_lines_travel_together_and_whole():
    side = exchange()
    for number in range(100):
        side.write(b"PRIVMSG #lobby :%d\r\n" % number)
    pieces = [parse_datagram(data).piece for data in side.datagrams(0.0)]
    assert len(pieces) == 2
    assert all(piece.endswith(b"\r\n") for piece in pieces)


def test_an_answer_carries_the_acknowledgement():
    one, two = exchange(), exchange()
    one.write(b"PING\r\n")
    two.hear(parse_datagram(*one.datagrams(0.0)), 0.1)
    two.write(b"PONG\r\n")
    (answer,) = two.datagrams(0.1)
    one.hear(parse_datagram(answer), 0.2)
    assert (two.read(), one.read()) == (b"PING\r\n", b"PONG\r\n")
    assert one.waiting == 0


def test_no_more_than_the_window_is_on_its_way_or_taken_ahead():
    one, two = exchange(), exchange()
    one.write(b"x" * 1000 * 1000)
    now = 0.0
    for _turn in range(100):
        for data in one.datagrams(now):
            two.hear(parse_datagram(data), now)
        for data in two.datagrams(now):
            one.hear(parse_datagram(data), now)
        now = one.due()
    assert len(two._early) == WINDOW  # nobody reads there
    assert len(one._flight) <= WINDOW
    first = read_all(two)
    assert len(first) == WINDOW * 1100


def test_patience_grows_and_has_an_end():
    side = exchange()
    side.write(b"x")
    now, gaps = 0.0, []
    while now < 20:
        assert len(side.datagrams(now)) == 1
        gaps.append(side.due() - now)
        now = side.due()
    assert gaps == sorted(gaps, key=lambda gap: round(gap, 6))
    assert gaps[0] < 0.5
    assert gaps[-1] <= MOST_PATIENCE * 1.25


def test_what_was_overtaken_is_sent_again_at_once():
    one, two = exchange(), exchange()
    one.write(b"x" * 1100 * 5)
    first, *rest = one.datagrams(0.0)
    for data in rest:
        two.hear(parse_datagram(data), 0.01)
    for data in two.datagrams(0.01):
        one.hear(parse_datagram(data), 0.02)
    assert one.due() == 0.02
    assert [parse_datagram(data).number for data in one.datagrams(0.02)] == [0]
    assert parse_datagram(first).number == 0


def test_silence_is_broken_by_a_sign_of_life():
    side = exchange()
    assert side.datagrams(0.0) == []
    assert side.due() == KEEP_ALIVE
    (sign,) = side.datagrams(KEEP_ALIVE)
    assert parse_datagram(sign).kind is Kind.ACK
    assert side.datagrams(KEEP_ALIVE) == []


def test_who_hears_nothing_for_long_gives_up():
    side = exchange()
    assert not side.is_lost(GIVE_UP - 0.1)
    assert side.is_lost(GIVE_UP)
    side.hear(Datagram(Kind.ACK, ID, TOKEN), 5.0)
    assert not side.is_lost(GIVE_UP)


@pytest.mark.parametrize(("id_", "token"), [(ID, TOKEN[::-1]), (ID[::-1], TOKEN)])
def test_another_conversation_is_not_heard(id_, token):
    side = exchange()
    side.hear(Datagram(Kind.DATA, id_, token, piece=b"old\r\n"), 0.0)
    side.hear(Datagram(Kind.GONE, id_, token), 0.0)
    assert side.read() == b""
    assert not side.ended


@given(
    st.lists(
        st.builds(
            lambda kind, number, awaited, also: Datagram(
                kind, ID, TOKEN, number, awaited, tuple(also), b"y" if kind is Kind.DATA else b""
            ),
            st.sampled_from([Kind.DATA, Kind.ACK, Kind.HELLO, Kind.TOKEN]),
            st.integers(0, 300),
            st.integers(0, 300),
            st.lists(st.integers(0, 300), max_size=5),
        ),
        max_size=200,
    )
)
def test_whatever_the_other_says_nothing_grows(heard):
    side = exchange()
    side.write(b"x" * 5000)
    for datagram in heard:
        side.hear(datagram, 1.0)
        assert len(side.datagrams(1.0)) <= WINDOW + 1
        assert len(side._early) <= WINDOW
    assert side.waiting <= 5000


def test_a_goodbye_ends_it_with_its_reason():
    one, two = exchange(), exchange()
    two.hear(parse_datagram(one.goodbye("the server is going down")), 0.0)
    two.write(b"x")
    assert (two.ended, two.reason) == (True, "the server is going down")
    assert two.datagrams(1.0) == one.datagrams(1.0) == []


def test_an_acknowledgement_of_what_was_never_sent_is_none():
    side = exchange()
    side.write(b"x")
    side.datagrams(0.0)
    side.hear(Datagram(Kind.ACK, ID, TOKEN, awaited=7), 0.0)
    assert side.waiting == 1
    assert parse_datagram(format_datagram(Datagram(Kind.ACK, ID, TOKEN, awaited=7))).awaited == 7

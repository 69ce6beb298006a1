"""Tally, shared stream and readers agree, however the network cuts and whatever the server does."""

from __future__ import annotations

from array import array
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.bench.readers import Checked, Counted, Followed
from chatapp.bench.stream import SharedStream
from chatapp.bench.tally import Tally
from chatapp.bench.text import SPAN, format_text

SENDERS = (0, 3)


def line(sender: int, number: int) -> bytes:
    return b":x!x@h PRIVMSG #r :" + format_text(sender * SPAN + number, 17, 40) + b"\r\n"


def tally_of(*numbers: int, sender: int = 3) -> Tally:
    tally = Tally(SENDERS)
    data = b"".join(line(sender, number) for number in numbers)
    tally.read(data, 0, len(data))
    return tally


def figures(tally: Tally, sent: int) -> tuple[int, int, int, int]:
    return tally.received, tally.lost({3: sent}), tally.doubled, tally.disordered


def test_numbers_that_rise_by_one_are_well():
    assert figures(tally_of(1, 2, 3, 4), 4) == (4, 0, 0, 0)


def test_a_gap_is_a_loss():
    assert figures(tally_of(1, 2, 4), 4) == (3, 1, 0, 0)


def test_a_missing_end_is_a_loss():
    assert figures(tally_of(1, 2), 4) == (2, 2, 0, 0)


def test_a_missing_beginning_is_a_loss():
    assert figures(tally_of(2, 3, 4), 4) == (3, 1, 0, 0)


def test_the_same_number_again_is_a_double():
    assert figures(tally_of(1, 2, 2, 3, 1), 3) == (5, 0, 2, 0)


def test_a_late_number_is_out_of_order():
    assert figures(tally_of(1, 3, 2, 4), 4) == (4, 0, 0, 1)


def test_strangers_do_not_count():
    assert figures(tally_of(1, 2, sender=7), 0) == (0, 0, 0, 0)


def test_a_copy_goes_its_own_way():
    tally = tally_of(1, 3)
    tally.copy().read(line(3, 2), 0, len(line(3, 2)))

    assert figures(tally, 3) == (2, 1, 0, 0)


def cut(data: bytes, places: list[int]) -> list[memoryview]:
    bounds = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [memoryview(data)[a:b] for a, b in pairwise(bounds)]


STREAM = b"".join(line(n % 2 * 3, n // 2 + 1) for n in range(24))
SENT = {0: 12, 3: 12}
cuts = st.lists(st.integers(0, len(STREAM)), max_size=12)
turns = st.lists(st.integers(0, 2), min_size=40, max_size=40)


@given(st.tuples(cuts, cuts, cuts), turns)
@settings(max_examples=50, deadline=None)
def test_all_who_hear_the_same_agree_whoever_is_first(places, order):
    stream = SharedStream(Tally(SENDERS))
    followers = [Followed(stream, sender) for sender in (0, 3, None)]
    pieces = [cut(STREAM, where) for where in places]
    for turn in [*order, *([0, 1, 2] * 14)]:
        if pieces[turn]:
            assert followers[turn].take(pieces[turn].pop(0))

    assert [f.received() for f in followers] == [24, 24, 24]
    assert [f.verdict(SENT).lost for f in followers] == [0, 0, 0]
    assert [followers[0].heard(0), followers[1].heard(3)] == [12, 12]


@given(cuts, st.integers(0, 23), st.sampled_from(["lose", "double", "swap"]))
@settings(max_examples=100, deadline=None)
def test_who_hears_something_else_departs_and_is_judged_alone(places, victim, fault):
    lines = STREAM.splitlines(keepends=True)
    if fault == "lose":
        del lines[victim]
    elif fault == "double":
        lines.insert(victim, lines[victim])
    else:
        victim %= 22
        lines[victim], lines[victim + 2] = lines[victim + 2], lines[victim]
    stream = SharedStream(Tally(SENDERS))
    Followed(stream).take(memoryview(STREAM))
    reader = Followed(stream)
    for piece in cut(b"".join(lines), places):
        if not reader.take(piece):
            reader = reader.depart()
            assert reader.take(piece)

    verdict = reader.verdict(SENT)
    assert (verdict.lost, verdict.doubled, verdict.disordered) == (
        int(fault == "lose"),
        int(fault == "double"),
        int(fault == "swap"),
    )


def test_a_stream_forgets_what_nobody_needs():
    stream = SharedStream(Tally(SENDERS))
    ahead, behind = Followed(stream), Followed(stream)
    many = b"".join(line(3, number) for number in range(1, 60_001))
    half = len(many) // 2
    assert ahead.take(memoryview(many)[:half])
    assert ahead.take(memoryview(many)[half:])
    assert behind.take(memoryview(many)[:half])

    stream.forget(behind.position)

    assert stream.held <= len(many) - half + 1
    assert behind.received() == 30_000
    assert behind.take(memoryview(many)[half:])
    assert behind.verdict({3: 60_000}).lost == 0


def test_a_ping_never_enters_the_shared_stream():
    stream = SharedStream(Tally(SENDERS))

    assert not Followed(stream).take(memoryview(b"PING :x\r\n" + line(3, 1)))
    assert stream.held == 0


def test_a_checked_member_notes_delays():
    reader = Checked(Tally(SENDERS), array("q"))
    whole = line(3, 1) + line(3, 2)
    reader.take(memoryview(whole)[:50])
    reader.take(memoryview(whole)[50:])

    assert len(reader.delays) == 2
    assert reader.heard(3) == 2


def test_a_counted_member_knows_the_difference():
    reader = Counted()
    reader.take(memoryview(STREAM))

    assert reader.verdict(SENT).lost == 0
    assert reader.verdict({0: 12, 3: 14}).lost == 2
    assert reader.verdict({0: 12, 3: 11}).doubled == 1

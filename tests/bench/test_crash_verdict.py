"""What a history must hold after a crash, given what the clients heard."""

from __future__ import annotations

from chatapp.bench.crash import judge
from chatapp.bench.text import SPAN


def keys(*named: str) -> list[int]:
    """``a2`` is the second message of sender 0, ``b2`` of sender 1."""
    return [(ord(name[0]) - ord("a")) * SPAN + int(name[1:]) for name in named]


def faults(heard: list[list[int]], history: list[int]) -> tuple[int, int, int]:
    verdict = judge(heard, history)
    return verdict.lost, verdict.doubled, verdict.disordered


HEARD = keys("a1", "b1", "a2", "b2")


def test_what_was_heard_is_there():
    assert faults([HEARD, HEARD[:3]], HEARD) == (0, 0, 0)


def test_more_may_be_there_than_anybody_heard():
    assert faults([HEARD], [*HEARD, *keys("a3", "b3")]) == (0, 0, 0)


def test_something_heard_is_missing():
    assert faults([HEARD], HEARD[:3]) == (1, 0, 0)


def test_something_is_there_twice():
    assert faults([HEARD], [*HEARD, HEARD[1]])[1] == 1


def test_the_order_is_another_than_was_heard():
    assert faults([HEARD], keys("a1", "a2", "b1", "b2")) == (0, 0, 1)


def test_a_gap_that_nobody_heard_is_a_loss():
    assert faults([HEARD], [*HEARD, *keys("a4")]) == (1, 0, 0)


def test_an_unheard_sender_in_the_wrong_order():
    assert faults([[]], keys("a2", "a1")) == (0, 0, 1)


def test_nothing_heard_and_nothing_kept():
    assert faults([[], []], []) == (0, 0, 0)

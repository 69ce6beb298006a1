"""Those nobody waits for are read seldom, yet never so seldom that much gathers."""

from __future__ import annotations

import socket
from contextlib import ExitStack

from chatapp.bench.ears import Ears, Leisure


def interval_after(*visits: int) -> int:
    """How long it is to the next visit, when so many bytes had gathered at each of ``visits``."""
    leisure = Leisure()
    for count in visits:
        leisure.note(count)
        leisure.end_visit(0)
    return leisure.due_at


def test_little_gathers_so_visits_become_rare_up_to_a_limit():
    assert interval_after(100) > interval_after()
    assert interval_after(100, 100) == 2 * interval_after(100)
    assert interval_after(*[100] * 20) == 50_000


def test_much_gathers_so_visits_become_frequent_up_to_a_limit():
    assert interval_after(1 << 20) < interval_after(10_000)
    assert interval_after(*[1 << 20] * 20) == 500


def test_the_greatest_of_a_visit_decides():
    leisure = Leisure()
    for count in (1 << 20, 10):
        leisure.note(count)
    leisure.end_visit(1_000_000)

    assert leisure.due_at == 1_000_000 + interval_after(1 << 20)


def test_ears_tell_of_those_who_have_something_until_it_is_read():
    with ExitStack() as stack:
        pairs = [socket.socketpair() for _ in range(3)]
        for ours, theirs in pairs:
            stack.enter_context(ours)
            stack.enter_context(theirs)
        ears = stack.enter_context(Ears([ours for ours, _ in pairs]))
        assert ears.wait(0) == []
        pairs[1][1].send(b"x")

        assert ears.wait(1) == [pairs[1][0]]
        assert ears.wait(0) == [pairs[1][0]]
        assert pairs[1][0].recv(9) == b"x"
        assert ears.wait(0) == []

"""Redraws joined, and frames paced by what the terminal says it has taken."""

from __future__ import annotations

import asyncio

from chatapp.client.screen.pacing import (
    ASK_AGAIN,
    KNOWN_PATIENCE,
    LEAST_BYTES,
    MOST_BYTES,
    PATIENCE,
    Pace,
    Receipts,
)


def answering(way=0.001):
    """Receipts of a terminal that has answered a first question after ``way`` seconds."""
    receipts = Receipts()
    receipts.asked(0.0, 0)
    receipts.heard(way)
    return receipts


def test_a_terminal_that_has_not_answered_yet_is_not_waited_for():
    receipts = Receipts()
    assert receipts.wants_question(0.0)
    receipts.asked(0.0, 5000)
    assert receipts.wait(0.1) == 0
    assert not receipts.wants_question(0.1)
    assert receipts.is_open(0.1)
    assert not receipts.is_open(PATIENCE)


def test_where_no_answers_are_to_be_expected_nothing_is_asked():
    assert not Receipts(may_ask=False).wants_question(0.0)


def test_the_next_frame_waits_for_the_answer():
    receipts = answering()
    assert receipts.wait(1.0) == 0
    receipts.asked(1.0, 5000)
    assert receipts.wait(1.25) == KNOWN_PATIENCE - 0.25
    receipts.heard(1.3)
    assert receipts.wait(1.3) == 0
    assert not receipts.is_open(1.3)


def test_a_terminal_that_stops_answering_is_waited_for_no_more_until_it_answers():
    receipts = answering()
    receipts.asked(1.0, 5000)
    assert receipts.wait(1.0 + KNOWN_PATIENCE) == 0
    assert receipts.wait(1.1) == 0
    assert not receipts.wants_question(5.0)
    receipts.heard(5.0)
    assert receipts.wants_question(5.0)


def test_a_terminal_whose_answer_was_lost_is_asked_again():
    receipts = answering()
    receipts.asked(1.0, 5000)
    assert receipts.wait(1.0 + KNOWN_PATIENCE) == 0
    assert receipts.wants_question(1.1 + ASK_AGAIN)
    assert not receipts.is_open(1.1 + ASK_AGAIN)


def test_an_answer_to_nothing_is_no_harm():
    receipts = Receipts()
    receipts.heard(1.0)
    assert receipts.wait(1.0) == 0


def test_a_slow_terminal_is_given_twice_the_time_it_took():
    receipts = answering()
    receipts.asked(1.0, 5000)
    receipts.heard(4.0)
    receipts.asked(4.0, 5000)
    assert receipts.wait(9.0) == 1.0
    assert receipts.budget < 5000


def drawn_for(seconds, bytes_per_second, way):
    """Paint as much as is allowed on a terminal that takes so many bytes a second; its receipts."""
    receipts = answering(way)
    now = way
    while now < seconds:
        size = min(receipts.budget, 6000)
        receipts.asked(now, size)
        now += way + size / bytes_per_second
        receipts.heard(now)
    return receipts


def test_frames_for_a_slow_terminal_are_small():
    assert drawn_for(3.0, 50_000, 0.002).budget / 50_000 < 0.08


def test_frames_for_a_very_slow_terminal_have_a_least_size():
    assert drawn_for(30.0, 960, 0.002).budget == LEAST_BYTES


def test_a_long_way_to_a_fast_terminal_makes_no_frame_small():
    assert drawn_for(10.0, 5_000_000, 0.3).budget > 6000


def test_frames_grow_again():
    receipts = drawn_for(3.0, 20_000, 0.002)
    assert receipts.budget < 3000
    now = 10.0
    for _frame in range(20):
        size = receipts.budget
        receipts.asked(now, size)
        now += 0.003
        receipts.heard(now)
    assert receipts.budget == MOST_BYTES


class SteeredLoop(asyncio.SelectorEventLoop):
    """A loop whose clock the test moves."""

    now = 100.0

    def time(self):
        return self.now


def test_redraws_are_joined():
    async def story():
        loop, drawn = asyncio.get_running_loop(), []
        pace = Pace(lambda: drawn.append(loop.now), per_second=10)

        async def at(now):
            loop.now = now
            for _turn in range(3):
                await asyncio.sleep(0)

        for _change in range(10):
            pace.ask()
        await at(100.0)
        for _change in range(10):
            pace.ask()
        await at(100.05)
        assert drawn == [100.0]
        await at(100.1)
        assert drawn == [100.0, 100.1]
        pace.ask()
        pace.stop()
        await at(200.0)
        assert drawn == [100.0, 100.1]

    with asyncio.Runner(loop_factory=SteeredLoop) as runner:
        runner.run(story())

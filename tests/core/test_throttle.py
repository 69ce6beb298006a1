"""The throttle: a burst at once, then a steady pace."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatapp.core.throttle import Throttle


def test_a_burst_passes_and_then_it_says_how_long_to_wait():
    throttle = Throttle(3, 2.0, now=10.0)

    assert [throttle.wait(10.0) for _ in range(5)] == [0, 0, 0, 0.5, 0.5]
    assert throttle.wait(10.25) == 0.25
    assert throttle.wait(10.5) == 0
    assert throttle.wait(10.5) == 0.5


def test_it_fills_to_the_burst_and_no_further():
    throttle = Throttle(2, 1.0, now=0.0)
    throttle.wait(0.0)

    assert [throttle.wait(1000.0) for _ in range(3)] == [0, 0, 1.0]


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 10), st.floats(0.5, 50))
def test_never_more_pass_than_the_burst_and_the_pace_allow(pauses, burst, per_second):
    throttle = Throttle(burst, per_second, now=0.0)
    now, passed = 0.0, 0
    for pause in pauses:
        now += pause
        wait = throttle.wait(now)
        passed += not wait
        assert 0 <= wait <= 1 / per_second + 1e-6

    assert passed <= burst + now * per_second + 1e-6


@given(st.integers(1, 5), st.floats(0.5, 50))
def test_who_waits_as_long_as_they_were_told_passes(burst, per_second):
    throttle = Throttle(burst, per_second, now=0.0)
    now = 0.0
    for _ in range(20):
        if wait := throttle.wait(now):
            now += wait + 1e-9
            assert throttle.wait(now) == 0


def test_lines_that_are_through_already_are_paid_for_later():
    throttle = Throttle(burst=2, per_second=1.0, now=0.0)
    assert throttle.wait(0.0) == 0

    throttle.charge(3)

    assert throttle.wait(0.0) == 3.0
    assert throttle.wait(3.0) == 0

"""The regular round through the history."""

from __future__ import annotations

import asyncio

from chatapp.core.ports import StoreError
from chatapp.core.settings import HistorySettings
from chatapp.server.forgetting import Calendar, bounds_of, forget_regularly
from chatapp.store.pruning import Bounds


def test_bounds_are_those_of_the_settings():
    assert bounds_of(HistorySettings(), 10**15) == Bounds(0, 0, 0)
    settings = HistorySettings(channel_messages=5, direct_messages=6, keep_for=60)
    assert bounds_of(settings, 100_000_000) == Bounds(5, 6, 40_000_000)
    assert bounds_of(settings, 1) == Bounds(5, 6, 0)


def test_it_goes_round_by_the_settings_of_the_moment_and_survives_a_full_disk(caplog):
    asked = []
    rounds = iter([HistorySettings(), HistorySettings(keep_for=1), HistorySettings(channel_messages=3)])

    async def prune(bounds):
        asked.append(bounds)
        if len(asked) == 1:
            raise StoreError("the disk is full")
        task.cancel()
        return 0

    async def story():
        nonlocal task
        task = asyncio.create_task(forget_regularly(prune, lambda: next(rounds), lambda: 5_000_000, pause=0))
        await asyncio.gather(task, return_exceptions=True)

    task = None
    asyncio.run(story())
    assert [(bounds.since // 1_000_000, bounds.channel_messages) for bounds in asked] == [(4, 0), (0, 3)]
    assert "the disk is full" in caplog.text


class Clocks:
    """A clock that may be set, and one that may not."""

    def __init__(self):
        self.now = 10**15
        self.steady = 0
        self.calendar = Calendar(lambda: self.now, lambda: self.steady)

    def after(self, seconds, set_by=0):
        """Today, ``seconds`` later and after the clock was set ``set_by`` seconds ahead."""
        self.steady += seconds * 1_000_000
        self.now += (seconds + set_by) * 1_000_000
        return (self.calendar.today() - 10**15) / 1_000_000


def test_a_clock_that_is_set_far_ahead_is_believed_after_a_day(caplog):
    clocks = Clocks()
    assert clocks.after(600) == 600
    assert clocks.after(600, set_by=30 * 86400) == 1200
    assert clocks.after(600) == 1800
    assert len(caplog.records) == 1
    assert clocks.after(86400) == 1800 + 86400 + 30 * 86400


def test_a_clock_that_was_wrong_for_a_while_has_no_effect():
    clocks = Clocks()
    assert clocks.after(600, set_by=30 * 86400) == 600
    assert clocks.after(600, set_by=-30 * 86400) == 1200
    assert clocks.after(90000) == 91200


def test_a_clock_that_is_set_a_little_or_back_is_followed():
    clocks = Clocks()
    assert clocks.after(600, set_by=1800) == 2400
    assert clocks.after(600, set_by=-7200) == -4200

"""The regular round through the history."""

from __future__ import annotations

import asyncio

from chatapp.core.ports import StoreError
from chatapp.core.settings import HistorySettings
from chatapp.server.forgetting import bounds_of, forget_regularly
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
    assert asked == [Bounds(0, 0, 4_000_000), Bounds(3, 0, 0)]
    assert "the disk is full" in caplog.text

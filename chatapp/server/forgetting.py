"""The regular round through the history, where its settings say that something is forgotten."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from gettext import gettext as _

from chatapp.core.ports import StoreError
from chatapp.core.settings import HistorySettings
from chatapp.store.pruning import Bounds

log = logging.getLogger(__name__)

#: Seconds before the first round and between two: time to set a clock that was wrong at the start.
PAUSE = 600.0
#: Microseconds by which a clock may be set ahead, and for how long it must stay so before more is believed.
_SOME = 3600 * 1_000_000
_LONG_ENOUGH = 24 * _SOME


class Calendar:
    """The time by which messages age: one mistake of the system's clock must not forget them all.

    ``now`` is that clock, in microseconds since 1970, and ``steady`` one that nobody sets.
    """

    def __init__(self, now: Callable[[], int], steady: Callable[[], int]) -> None:
        self._now = now
        self._steady = steady
        self._ahead = now() - steady()
        self._doubted_since: int | None = None

    def today(self) -> int:
        """The present time; of a clock that was set far ahead only when it has stayed so for a day."""
        steady = self._steady()
        ahead = self._now() - steady
        if ahead <= self._ahead + _SOME:
            self._ahead, self._doubted_since = ahead, None
        elif self._doubted_since is None:
            self._doubted_since = steady
            log.warning(_("The clock was set far ahead: for a day no messages are forgotten by it"))
        elif steady - self._doubted_since >= _LONG_ENOUGH:
            self._ahead, self._doubted_since = ahead, None
        return steady + self._ahead


def bounds_of(settings: HistorySettings, now: int) -> Bounds:
    """How much is remembered at ``now``, in microseconds since 1970."""
    since = max(now - settings.keep_for * 1_000_000, 0) if settings.keep_for else 0
    return Bounds(settings.channel_messages, settings.direct_messages, since)


async def forget_regularly(
    prune: Callable[[Bounds], Awaitable[int]],
    settings: Callable[[], HistorySettings],
    now: Callable[[], int],
    pause: float = PAUSE,
) -> None:
    """Go round until cancelled; ``settings`` are asked each time, since they may be read again."""
    calendar = Calendar(now, lambda: time.monotonic_ns() // 1000)
    while True:
        await asyncio.sleep(pause)
        bounds = bounds_of(settings(), calendar.today())
        if any(bounds):
            try:
                await prune(bounds)
            except StoreError as why:
                log.warning(_("Old messages could not be forgotten: {reason}").format(reason=why))

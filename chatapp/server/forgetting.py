"""The regular round through the history, where its settings say that something is forgotten."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from gettext import gettext as _

from chatapp.core.ports import StoreError
from chatapp.core.settings import HistorySettings
from chatapp.store.pruning import Bounds

log = logging.getLogger(__name__)

#: Seconds between two rounds.
PAUSE = 600.0


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
    while True:
        bounds = bounds_of(settings(), now())
        if any(bounds):
            try:
                await prune(bounds)
            except StoreError as why:
                log.warning(_("Old messages could not be forgotten: {reason}").format(reason=why))
        await asyncio.sleep(pause)

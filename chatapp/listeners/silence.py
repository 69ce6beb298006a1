"""How a listener knows that nothing comes: not by the clock alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

#: Seconds in which the network is looked at once more.
_ONCE_MORE = 0.001


class Silence:
    """Calls back when nothing has come for a while.

    Where the loop has stood still for longer its timers come first, and then what has arrived meanwhile. So
    when the time is over the network is looked at once more: a server that stood still has heard nothing, and
    that is no silence of its callers.
    """

    __slots__ = ("_timer",)

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, seconds: float, then: Callable[[], object]) -> None:
        """Have ``then`` called unless `end` is within ``seconds``; a silence that began before is over."""
        self.end()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look_once_more, then)

    def end(self) -> None:
        """Something has come."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_once_more(self, then: Callable[[], object]) -> None:
        self._timer = asyncio.get_running_loop().call_later(_ONCE_MORE, then)

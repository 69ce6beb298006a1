"""Redraws joined: however often the model changes, so many pictures a second and no more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

REDRAWS_PER_SECOND = 30


class Pace:
    """Calls ``redraw`` soon after `ask`, ``per_second`` times a second at most; needs a running loop."""

    def __init__(self, redraw: Callable[[], None], per_second: int = REDRAWS_PER_SECOND) -> None:
        self._redraw = redraw
        self._pause = 1 / per_second
        self._due: asyncio.TimerHandle | None = None
        self._last = 0.0

    def ask(self) -> None:
        """Have the screen redrawn; asking again before it happens costs nothing."""
        if self._due is None:
            loop = asyncio.get_running_loop()
            self._due = loop.call_at(max(loop.time(), self._last + self._pause), self._frame)

    def stop(self) -> None:
        """Forget what was asked for."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _frame(self) -> None:
        self._due = None
        self._last = asyncio.get_running_loop().time()
        self._redraw()

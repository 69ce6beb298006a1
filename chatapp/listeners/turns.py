"""Whose lines are carried out next: first come, first served, as long as the house has a hand free."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Protocol

#: After so many seconds of turns it is looked whether somebody else has said something.
ROUND_SECONDS = 0.001


class Backlog(Protocol):
    """How much the house has taken in and not yet given to the store."""

    @property
    def is_full(self) -> bool:
        """Whether nothing more should be carried out until the store has taken some of it."""

    def took(self, lines: int) -> None:
        """So many more lines were carried out, or what took as long as so many."""

    def on_relief(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called once when the store has taken the present tick."""


class Turns:
    """One queue for all who have more to say than fits into a turn, so that nobody overtakes the rest."""

    def __init__(self, backlog: Backlog) -> None:
        self._backlog = backlog
        self._waiting: deque[Callable[[], None]] = deque()
        self._is_arranged = False

    def wait(self, go_on: Callable[[], None]) -> None:
        """Have ``go_on`` called once, after those who wait already."""
        self._waiting.append(go_on)
        self._arrange()

    def _arrange(self) -> None:
        if self._is_arranged:
            return
        self._is_arranged = True
        if self._backlog.is_full:
            self._backlog.on_relief(self._next)
        else:
            asyncio.get_running_loop().call_soon(self._next)

    def _next(self) -> None:
        """Give a turn to each of those who wait now; who wants another waits behind the others."""
        self._is_arranged = False
        end = perf_counter() + ROUND_SECONDS
        try:
            for given in range(len(self._waiting)):
                if self._backlog.is_full or (given and perf_counter() > end):
                    break
                self._waiting.popleft()()
        finally:
            if self._waiting:
                self._arrange()

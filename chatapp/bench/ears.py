"""Whom the network has something for: epoll where there is one, another selector elsewhere."""

from __future__ import annotations

import select
import selectors
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar


class HasFileno(Protocol):
    """What a selector can watch."""

    def fileno(self) -> int:
        """The number of the open socket."""


Listener = TypeVar("Listener", bound=HasFileno)

#: Between two visits, in microseconds, and what may have gathered at one connection meanwhile, in bytes.
_SHORTEST, _LONGEST = 500, 50_000
_LITTLE, _MUCH = 4 << 10, 16 << 10


class Leisure:
    """When those nobody waits for are read: seldom, so that each reading takes in much, but not too much.

    Times are microseconds. A system's buffer holds far more than what is let gather.
    """

    __slots__ = ("_greatest", "_interval", "due_at")

    def __init__(self) -> None:
        self.due_at = 0
        self._interval = 2_000
        self._greatest = 0

    def note(self, count: int) -> None:
        """So many bytes had gathered at one connection."""
        self._greatest = max(self._greatest, count)

    def end_visit(self, now: int) -> None:
        """All have been read: decide when the next time is."""
        if self._greatest > _MUCH:
            self._interval = max(_SHORTEST, self._interval // 2)
        elif self._greatest < _LITTLE:
            self._interval = min(_LONGEST, self._interval * 2)
        self._greatest = 0
        self.due_at = now + self._interval


class Ears(Generic[Listener]):
    """Watches ``listeners`` until it is closed. Those with something left to read are told of again."""

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self._by_file = {listener.fileno(): listener for listener in listeners}
        # The portable selectors make an object of each event, which costs as much as reading a small one.
        if sys.platform == "linux":
            self._epoll = select.epoll()
            for file in self._by_file:
                self._epoll.register(file, select.EPOLLIN)
            return
        self._selector = selectors.DefaultSelector()
        for file in self._by_file:
            self._selector.register(file, selectors.EVENT_READ)

    def wait(self, seconds: float, most: int = 1024) -> list[Listener]:
        """Wait for something to read; give those who have it, about ``most`` of them at once."""
        by_file = self._by_file
        if not by_file:  # Not every system can wait for nobody.
            return []
        if sys.platform == "linux":
            return [by_file[file] for file, _ in self._epoll.poll(seconds, most)]
        return [by_file[key.fd] for key, _ in self._selector.select(seconds)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if sys.platform == "linux":
            self._epoll.close()
        else:
            self._selector.close()

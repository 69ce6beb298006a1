"""Which masks of which channels end when."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from chatapp.core.masks import expiry

if TYPE_CHECKING:
    from chatapp.core.channel import Channel
    from chatapp.core.ports import ListEntry

    #: When it ends, its place among those of that moment, and the mask.
    _Waiting = tuple[int, int, Channel, str, str]


#: So many are waiting before those that were taken out are looked for.
_FEW = 1024


class Expiries:
    """Every mask with an end, the next first. One that was taken out before is passed over when it is due, or
    goes when those that are gone may be the most.
    """

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._places = count()  # so that channels are never compared
        self._many = _FEW

    def watch(self, channel: Channel, letter: str, entry: ListEntry) -> None:
        """Have ``entry`` of the list ``letter`` told of when its time is over, if it has one."""
        if end := expiry(entry):
            if len(self._waiting) >= self._many:
                self._forget_the_gone()
            heapq.heappush(self._waiting, (end, next(self._places), channel, letter, entry.mask))

    def watch_all(self, channel: Channel) -> None:
        """As `watch`, for everything in the lists of ``channel``."""
        for letter, entries in channel.lists.items():
            for entry in entries:
                self.watch(channel, letter, entry)

    def _forget_the_gone(self) -> None:
        there: dict[tuple[int, Channel, str, str], _Waiting] = {}
        for waiting in self._waiting:
            end, _place, channel, letter, mask = waiting
            entry = channel.lists[letter].find(mask)
            if entry is not None and expiry(entry) == end:
                there[end, channel, letter, mask] = waiting
        self._waiting = sorted(there.values(), key=lambda waiting: waiting[:2])
        self._many = max(_FEW, 2 * len(self._waiting))

    def due(self, now: int) -> Iterator[tuple[Channel, str, str]]:
        """Channel, letter and mask of all that ended at ``now`` or before; each is told once."""
        while self._waiting and self._waiting[0][0] <= now:
            _end, _place, channel, letter, mask = heapq.heappop(self._waiting)
            entry = channel.lists[letter].find(mask)
            if entry is not None and expiry(entry) <= now:
                yield channel, letter, entry.mask

"""How far people have read, conversation by conversation (IRCv3 draft/read-marker)."""

from __future__ import annotations

from collections.abc import Mapping

#: Markers of one person; with more, that of what was read longest ago is forgotten.
MOST = 1000


class Markers:
    """Up to when people have read, as stamps of whole milliseconds: by whose (a history key) and of what."""

    __slots__ = ("_by_owner", "_put_off")

    def __init__(self) -> None:
        self._by_owner: dict[str, dict[str, int]] = {}
        self._put_off: set[tuple[str, str]] = set()

    def remember(self, markers: Mapping[tuple[str, str], int]) -> None:
        """Take in those that outlived a restart."""
        for (owner, target), stamp in markers.items():
            self._by_owner.setdefault(owner, {})[target] = stamp

    def find(self, owner: str, target: str) -> int | None:
        return self._by_owner.get(owner, {}).get(target)

    def advance(self, owner: str, target: str, stamp: int) -> bool:
        """``owner`` has read ``target`` up to ``stamp``; tell whether that is news. It never goes back."""
        markers = self._by_owner.setdefault(owner, {})
        if stamp <= markers.get(target, -1):
            return False
        markers[target] = stamp
        return True

    def overflow(self, owner: str) -> str:
        """Forget the oldest marker if there are too many; give back of what it was, or ""."""
        markers = self._by_owner.get(owner, {})
        if len(markers) <= MOST:
            return ""
        oldest = min(markers, key=markers.__getitem__)
        del markers[oldest]
        return oldest

    def move(self, old: str, new: str) -> None:
        """What was read of the channel ``old`` was read of ``new``."""
        for markers in self._by_owner.values():
            if old in markers:
                markers[new] = markers.pop(old)
        self._put_off = {(owner, new if of == old else of) for owner, of in self._put_off}

    def forget(self, owner: str) -> None:
        """``owner`` is gone for good."""
        self._by_owner.pop(owner, None)
        self._put_off = {place for place in self._put_off if place[0] != owner}

    def put_off(self, owner: str, target: str) -> None:
        """What ``owner`` has read of ``target`` cannot be kept now."""
        self._put_off.add((owner, target))

    def take_put_off(self) -> dict[tuple[str, str], int | None]:
        """What was put off, each as it is by now: None where it is forgotten. It is given once."""
        places, self._put_off = self._put_off, set()
        return {place: self.find(*place) for place in places}

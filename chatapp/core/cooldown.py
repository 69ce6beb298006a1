"""Who did something lately, and must wait before they do it again: slow mode, knocking."""

from __future__ import annotations


class Cooldown:
    """When each last did it, the longest ago first. At most ``most`` are remembered. Times are in seconds."""

    __slots__ = ("_last", "_most")

    def __init__(self, most: int = 4096) -> None:
        self._most = most
        self._last: dict[str, int] = {}

    def left(self, who: str, now: int, pause: int) -> int:
        """For how long ``who`` must wait yet; 0 if they need not."""
        return max(self._last.get(who, now - pause) + pause - now, 0)

    def note(self, who: str, now: int, pause: int) -> None:
        """``who`` has done it; whose ``pause`` is over is forgotten."""
        self._last.pop(who, None)
        while self._last:
            first = next(iter(self._last))
            if self._last[first] + pause > now and len(self._last) < self._most:
                break
            del self._last[first]
        self._last[who] = now

    def clear(self) -> None:
        """Nobody must wait."""
        self._last.clear()

    def __len__(self) -> int:
        return len(self._last)

"""How fast one may speak: a bucket that fills with time (token bucket).

Nobody's lines are thrown away: who speaks faster than the bucket fills is read later.
"""

from __future__ import annotations


class Throttle:
    """Lets ``burst`` lines through at once, and ``per_second`` in the long run. Times are in seconds."""

    __slots__ = ("_burst", "_filled", "_level", "_per_second")

    def __init__(self, burst: int, per_second: float, now: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._level = float(burst)
        self._filled = now

    def wait(self, now: float) -> float:
        """Take one line out, or tell in how many seconds there will be enough; 0 means it was taken."""
        self._level = min(self._burst, self._level + (now - self._filled) * self._per_second)
        self._filled = now
        if self._level >= 1:
            self._level -= 1
            return 0.0
        return (1 - self._level) / self._per_second

    def charge(self, lines: int) -> None:
        """Take out ``lines`` more, which are through already; the next may have to wait for them."""
        self._level -= lines

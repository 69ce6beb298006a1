"""What the server counts of itself for its operator: plain numbers, raised a few times in a tick at most."""

from __future__ import annotations

from bisect import bisect_left


class Buckets:
    """How often a duration was how long; ``bounds`` in seconds, each bucket up to its own and with it."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, *bounds: float) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def note(self, seconds: float) -> None:
        """It took ``seconds`` once more."""
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.total += seconds


class Vitals:
    """Since the start: ticks; messages that were kept, and how long the store took for a tick that had some.

    ``deliveries`` are lines given to sessions, one for each that hears it; ``sendq_cuts`` sessions that ended
    because they did not read.
    """

    __slots__ = ("commits", "deliveries", "messages", "sendq_cuts", "ticks")

    def __init__(self) -> None:
        self.ticks = 0
        self.messages = 0
        self.deliveries = 0
        self.sendq_cuts = 0
        self.commits = Buckets(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

    def kept(self, messages: int, seconds: float) -> None:
        """A tick with ``messages`` was kept, which took ``seconds``."""
        self.messages += messages
        self.commits.note(seconds)

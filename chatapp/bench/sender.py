"""One sender: numbers its messages, keeps a window of them in flight or sends as many as it is told."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, repeat

from chatapp.bench.caller import Caller
from chatapp.bench.plan import Plan
from chatapp.bench.text import SPAN, template


class Sender:
    """Speaks through ``caller``. A message is in flight until ``heard`` counts it.

    ``heard`` tells how many of a sender's messages have come: it asks the sender's own echo, or another
    member.
    """

    __slots__ = ("_heard", "_quota", "_template", "_window", "caller", "number", "sent")

    def __init__(
        self, plan: Plan, number: int, room: int, caller: Caller, heard: Callable[[int], int]
    ) -> None:
        self.number = number
        self.caller = caller
        self.sent = 0
        self._heard = heard
        self._quota = plan.quota(number)
        self._window = plan.window
        self._template = plan.head(room).replace(b"%", b"%%") + template(plan.text_bytes) + b"\r\n"

    @property
    def is_done(self) -> bool:
        """Whether it has said all that it was to say."""
        return 0 < self._quota <= self.sent

    def stop(self) -> None:
        """Say no more."""
        self._quota = self._window = 0

    def fill_window(self, now: int) -> None:
        """Send what the window has room for."""
        free = self._window + self._heard(self.number) - self.sent
        if self._quota:
            free = min(free, self._quota - self.sent)
        if free > 0:
            self.send(free, now)
        else:
            self.caller.send(b"")

    def send(self, count: int, now: int) -> None:
        """Send ``count`` messages that say they were sent at ``now``."""
        first = self.number * SPAN + self.sent + 1
        self.sent += count
        values = chain.from_iterable(zip(range(first, first + count), repeat(now)))
        self.caller.send(self._template * count % tuple(values))

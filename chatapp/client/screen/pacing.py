"""How often the screen is drawn: redraws joined, and no more than the terminal says it has taken."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

REDRAWS_PER_SECOND = 30

#: Seconds after which a terminal that has not answered is one that does not, and until it is asked again.
PATIENCE, ASK_AGAIN = 1.0, 10.0
#: One that has answered is given more time, the more the slower it is: at least and at most so much.
KNOWN_PATIENCE, _MOST_PATIENCE = 3.0, 8.0
#: Bytes of a frame, at most and at least, however fast or slow the terminal is.
MOST_BYTES, LEAST_BYTES = 64 * 1024, 512
#: And as long as nothing is known of it.
_FIRST_BYTES = 8192
#: Seconds that a frame should keep a terminal busy at most: so long a key may have to wait.
_BUSY = 0.03
#: Frames up to so many bytes tell how long the way is, and not how slow the terminal.
_SMALL_BYTES = 700


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


class _Question(NamedTuple):
    at: float
    size: int


class Receipts:
    """What the terminal has taken, by its own word: each question asked behind a frame is its receipt.

    A terminal is believed to answer once it has. One that has not for `KNOWN_PATIENCE`, or for twice as
    long as it took before, is not waited for until it does. ``budget`` is how many bytes the next frame may
    have, so that the terminal is done with it soon. Times are in seconds of any clock.
    """

    def __init__(self, *, may_ask: bool = True) -> None:
        self.budget = _FIRST_BYTES
        self._open: deque[_Question] = deque()
        self._may_ask = may_ask
        self._answers = False
        self._way = self._patience = PATIENCE

    def wants_question(self, now: float) -> bool:
        """Whether a frame should end in a question; not where no answer is to be expected."""
        if self._open and not self._answers and now - self._open[-1].at > ASK_AGAIN:
            self._open.clear()
        return self._may_ask and (self._answers or not self._open)

    def asked(self, now: float, size: int) -> None:
        """A frame of ``size`` bytes was written, with a question at its end."""
        self._open.append(_Question(now, size))

    def heard(self, now: float) -> None:
        """An answer has come: learn from how long it took."""
        self._answers = True
        if not self._open:
            return
        question = self._open.popleft()
        took = now - question.at
        self._patience = max(KNOWN_PATIENCE, min(2 * took, _MOST_PATIENCE))
        self._way = min(self._way, took)
        if question.size <= _SMALL_BYTES:
            self._way += (took - self._way) / 10
        busy = took - self._way
        if busy > _BUSY:
            self.budget = max(LEAST_BYTES, min(self.budget, int(question.size * _BUSY / busy)))
        elif busy < _BUSY / 2 and question.size > self.budget // 2:
            self.budget = min(MOST_BYTES, 2 * self.budget)

    def wait(self, now: float) -> float:
        """For how many more seconds the next frame should wait for an answer; 0 where it need not."""
        if not self._answers or not self._open:
            return 0.0
        left = self._open[0].at + self._patience - now
        if left > 0:
            return left
        self._answers = False
        return 0.0

    def forget(self) -> None:
        """Expect no answer to what was asked: somebody else may have had it."""
        self._open.clear()

    def is_open(self, now: float) -> bool:
        """Whether an answer may still come."""
        return bool(self._open) and now - self._open[-1].at < PATIENCE

"""A loop that knows when all there was to do is done: a test waits on it for what happens, not for a time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")

#: Seconds after which what has not happened will not happen, also on a busy machine. Those in which we were
#: not let run ourselves do not count, up to so many times as many.
PATIENCE, _MOST = 60.0, 4
#: Seconds after which one looks although nothing has happened here: a thread tells the loop of nothing.
_LOOK_EVERY = 1.0


class _Selector(selectors.DefaultSelector):
    """Where the loop waits when it has nothing to do; before that, whoever waits for news looks once."""

    def __init__(self) -> None:
        super().__init__()
        self.looked = asyncio.Event()
        self.waited = 0.0
        self._is_news = True

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            ready = super().select(timeout)
            self._is_news = self._is_news or bool(ready)
            return ready
        if self._is_news:
            self.looked.set()
            ready = super().select(0)
            self._is_news = bool(ready)
            return ready
        self._is_news = True
        began = monotonic()
        ready = super().select(_LOOK_EVERY if timeout is None else min(timeout, _LOOK_EVERY))
        self.waited += min(monotonic() - began, _LOOK_EVERY)
        return ready


class NoticingLoop(asyncio.SelectorEventLoop):
    """A loop in which `until` waits."""

    def __init__(self) -> None:
        self.noticing = _Selector()
        super().__init__(self.noticing)


async def turn() -> None:
    """Wait until something has happened and all that follows from it is done."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, NoticingLoop), "this waits only on a loop of `run`"
    loop.noticing.looked.clear()
    await loop.noticing.looked.wait()


async def until(condition: Callable[[], object], seen: Callable[[], object] = lambda: "") -> None:
    """Wait until ``condition()``; if that does not come in `PATIENCE`, tell what is ``seen()`` instead."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, NoticingLoop), "this waits only on a loop of `run`"
    end = loop.noticing.waited + PATIENCE
    try:
        async with asyncio.timeout(_MOST * PATIENCE):
            while not condition():
                if loop.noticing.waited > end:
                    raise TimeoutError
                await turn()
    except TimeoutError:
        raise AssertionError(f"waited in vain, and there is: {seen()}") from None


def run(story: Coroutine[Any, Any, T]) -> T:
    """Run ``story`` on a `NoticingLoop`, as `asyncio.run` does on another."""
    with asyncio.Runner(loop_factory=NoticingLoop) as runner:
        return runner.run(story)

"""A loop on which nobody waits: when nothing is left to do, the clock goes on to what is due next."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

#: Seconds that each look at the clock takes, so that a wait too short to be told from none ends.
_TICK = 1e-6


class _HastySelector(selectors.DefaultSelector):  # type: ignore[misc,valid-type]
    """Never waits; the time that it should have waited is ``passed`` at once."""

    passed = 0.0

    def select(self, timeout=None):
        events = super().select(0)
        if not events:
            assert timeout is not None, "nothing can happen any more"
            self.passed += max(timeout, _TICK)
        return events


class HastyLoop(asyncio.SelectorEventLoop):
    """Its time is nobody's; ``complaints`` is what it was told of by `call_exception_handler`."""

    def __init__(self) -> None:
        self._hasty = _HastySelector()
        super().__init__(self._hasty)
        self.complaints: list[dict[str, Any]] = []
        self.set_exception_handler(lambda _loop, about: self.complaints.append(about))

    def time(self) -> float:
        return self._hasty.passed


class Way(asyncio.Transport):
    """A connection without a network: ``written`` is what we have said. It is never slow."""

    def __init__(self, loop: asyncio.AbstractEventLoop, address: str) -> None:
        super().__init__({"peername": (address, 50_000), "sockname": ("127.0.0.1", 1)})
        self._loop = loop
        self._protocol: Any = None
        self._is_closing = self.is_paused = False
        self.written = bytearray()
        self.is_lost = False

    def begin(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = protocol
        protocol.connection_made(self)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = protocol

    def get_protocol(self) -> Any:
        return self._protocol

    def is_closing(self) -> bool:
        return self._is_closing

    def write(self, data) -> None:
        assert isinstance(data, bytes | bytearray | memoryview)
        if not self._is_closing:
            self.written += data

    def writelines(self, chunks) -> None:
        self.write(b"".join(chunks))

    def close(self, why: Exception | None = None) -> None:
        if not self._is_closing:
            self._is_closing = True
            self._loop.call_soon(self._lose, why)

    def abort(self) -> None:
        self.close()

    def _lose(self, why: Exception | None) -> None:
        self.is_lost = True
        self._protocol.connection_lost(why)

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False

    def is_reading(self) -> bool:
        return not self.is_paused

    def get_write_buffer_size(self) -> int:
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing waits here."""

    async def bring(self, data: bytes) -> bool:
        """Have ``data`` arrive as soon as it is read; false if nobody reads any more."""
        for _patience in range(2000):
            if self._is_closing:
                return False
            if not self.is_paused:
                self._protocol.data_received(data)
                await asyncio.sleep(0)
                return True
            await asyncio.sleep(0.05)
        raise AssertionError("nobody reads what was said")

    async def end(self, is_cut: bool) -> None:
        """The other side says no more, or is gone; then nothing is left of the connection."""
        if is_cut:
            self.close(ConnectionResetError())
        elif not self._is_closing and not self._protocol.eof_received():
            self.close()
        for _patience in range(2000):
            if self.is_lost:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the connection was never closed")


def on_hasty_loop(story: Callable[[HastyLoop], Coroutine[Any, Any, None]]) -> None:
    """Run ``story`` on a new loop."""
    loop = HastyLoop()
    try:
        loop.run_until_complete(story(loop))
    finally:
        loop.close()

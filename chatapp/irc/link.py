"""A side of an exchange with its clock, its way out and its reader: what asyncio calls a transport.

Both server and client put their connections upon it. It knows no socket: datagrams come in by `Link.hear` and
leave by what it was handed; the clock is an event loop, or whatever can do the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from chatapp.irc.datagram import Datagram
from chatapp.irc.exchange import Exchange


class Timer(Protocol):
    """Something that is to be called at a time."""

    def cancel(self) -> None:
        """Do not call it."""


class Clock(Protocol):
    """What a link needs of an event loop."""

    def time(self) -> float:
        """Seconds, never going back."""

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Have ``callback`` called in ``delay`` seconds."""

    def call_soon(self, callback: Callable[[], object]) -> object:
        """Have ``callback`` called when this turn is over."""


class Reader(Protocol):
    """Who has the link: an asyncio protocol for streams."""

    def data_received(self, data: bytes) -> None:
        """The other side wrote ``data``."""

    def pause_writing(self) -> None:
        """More waits to go out than there may be."""

    def connection_lost(self, exc: Exception | None) -> None:
        """The link has ended; called once.

        ``exc`` is a TimeoutError when the other side fell silent, a ConnectionError when it gave a reason.
        """


#: A timer that comes so many seconds late tells that we stood still; then the network is looked at once more,
#: for so many, before the other side is believed to be gone.
STOOD_STILL = 1.0
ONCE_MORE = 0.25


class Link:
    """A conversation that lasts until one side ends it or falls silent.

    ``about`` is what `get_extra_info` tells. ``on_end`` is called once, before the reader is told.
    """

    def __init__(
        self,
        exchange: Exchange,
        clock: Clock,
        send: Callable[[bytes], None],
        on_end: Callable[[], None],
        about: dict[str, Any],
    ) -> None:
        self.exchange = exchange
        self._clock = clock
        self._send = send
        self._on_end = on_end
        self._about = about
        self._reader: Reader | None = None
        self._timer: Timer | None = None
        self._timer_due = 0.0
        self._limit = 1 << 20
        self._is_doubted = False  # whether the other side is there: it is looked once more
        self._is_paused = self._is_bringing = self._is_closing = self._has_ended = False

    def start(self, reader: Reader) -> None:
        """Let ``reader`` read from now on."""
        self._reader = reader
        self.carry()

    def hear(self, datagram: Datagram) -> None:
        """A datagram has come from the other side."""
        if self._has_ended:
            return
        self.exchange.hear(datagram, self._clock.time())
        if self.exchange.ended:
            self._is_paused = False  # what has come is heard before the end is
        self._bring()
        if self.exchange.ended:
            reason = self.exchange.reason
            self.fail(ConnectionError(reason) if reason else None)
        else:
            self.carry()

    def carry(self) -> None:
        """Send what is to be sent now."""
        if self._has_ended:
            return
        now = self._clock.time()
        for data in self.exchange.datagrams(now):
            self._send(data)
        if self._is_closing and not self.exchange.waiting:
            self.abort()
            return
        due = self.exchange.due()
        if self._timer is None or (self._timer_due > due and not self._is_doubted):
            self._wait(due, now)

    def drop(self) -> None:
        """As `abort`, but the reader is told at once; so not to be called by it."""
        reader, self._reader = self._reader, None
        self.abort()
        if reader is not None:
            reader.connection_lost(None)

    def fail(self, problem: Exception | None) -> None:
        """End it without a word to the other side, which is gone already."""
        if self._has_ended:
            return
        self._has_ended = self._is_closing = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._on_end()
        reader, self._reader = self._reader, None
        if reader is not None:
            self._clock.call_soon(lambda: reader.connection_lost(problem))

    # As asyncio.Transport has it

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Have ``data`` read at the other side; over the limit the reader is asked to pause, once or more."""
        if self._is_closing:
            return
        self.exchange.write(bytes(data))
        self.carry()
        if self.exchange.waiting > self._limit and self._reader is not None:
            self._reader.pause_writing()

    def close(self) -> None:
        """End it when all that was written has arrived."""
        if not self._is_closing:
            self._is_closing = True
            self.carry()

    def abort(self) -> None:
        """End it now, whatever is still on its way."""
        if not self._has_ended:
            self._send(self.exchange.goodbye())
            self.fail(None)

    def is_closing(self) -> bool:
        return self._is_closing

    def pause_reading(self) -> None:
        self._is_paused = True

    def resume_reading(self) -> None:
        self._is_paused = False
        self._bring()

    def get_write_buffer_size(self) -> int:
        return 0 if self._has_ended else self.exchange.waiting

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._limit = self._limit if high is None else high

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._about.get(name, default)

    # Inside

    def _bring(self) -> None:
        """Give the reader what has come, as long as it likes; with one that fails it is over."""
        if self._is_bringing:
            return
        self._is_bringing = True
        try:
            while self._reader is not None and not (self._is_paused or self._is_closing):
                data = self.exchange.read()
                if not data:
                    break
                self._reader.data_received(data)
        except Exception:
            self.abort()
            raise
        finally:
            self._is_bringing = False

    def _wait(self, due: float, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_due = due
        self._timer = self._clock.call_later(max(due - now, 0.0), self._timed)

    def _timed(self) -> None:
        now = self._clock.time()
        was_doubted, self._is_doubted = self._is_doubted, False
        self._timer = None
        if not self.exchange.is_lost(now):
            self.carry()
        elif now - self._timer_due >= STOOD_STILL and not was_doubted:
            self._is_doubted = True  # timers come before what has arrived meanwhile
            self._wait(now + ONCE_MORE, now)
        else:
            self.fail(TimeoutError())

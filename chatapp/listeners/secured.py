"""One connection inside TLS: an `Engine` does TLS in memory, `Secured` is asyncio around it.

The loops' own (`loop.start_tls`) takes more memory for each connection, and more time for each write: see
docs/decisions/tls.md. What was read before TLS was recognised is simply the first that is fed to it.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from typing import Any, Protocol, cast

from chatapp.listeners import tls
from chatapp.listeners.tls import CERTIFICATE, Inner

log = logging.getLogger(__name__)


class Engine(Protocol):
    """The server's side of TLS for one connection, without a socket.

    All but `feed` and `pending` raise `ssl.SSLError` for what is no TLS, or none that we speak. Whatever was
    called, what is to be sent after it is in `pending`.
    """

    #: The SHA-256 (hex) of the certificate that was shown, "" for none; known after the handshake.
    certificate: str
    #: What is pending after the handshake, and while nothing is written, is better not sent.
    may_wait: bool

    def feed(self, data: bytes) -> None:
        """Take what came from the other side."""

    def shake_hands(self) -> bool:
        """Go on with the handshake; true when it is done."""

    def read(self) -> bytes | None:
        """What was said inside; ``None`` if that is all for now, ``b""`` if the other side has closed TLS."""

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        """Say ``data`` inside."""

    def close(self) -> bool:
        """Say that this is the end, and read no more of what was said; true if the other side said so too."""

    def pending(self) -> bytes:
        """Take out what is to be sent."""


async def lead_inside(transport: asyncio.Transport, head: bytes, inner: Inner, engine: Engine) -> None:
    """Do the handshake that ``head`` begins (see `chatapp.listeners.tls.Layer`)."""
    if transport.is_closing():  # nobody would tell of its end again
        inner.connection_lost(None)
        return
    secured = Secured(transport, engine, cast(asyncio.Protocol, inner))
    transport.set_protocol(secured)
    try:
        await secured.shake_hands(head)
    finally:
        if not secured.is_open:
            transport.abort()


class Secured(asyncio.Protocol, asyncio.Transport):
    """One TLS connection: protocol of the transport below it, and transport of the protocol inside."""

    __slots__ = (
        "_below",
        "_deadline",
        "_engine",
        "_failure",
        "_has_shaken_hands",
        "_inner",
        "_is_closing",
        "_is_paused",
        "_loop",
        "_may_wait",
        "is_open",
    )

    def __init__(self, below: asyncio.Transport, engine: Engine, inner: asyncio.Protocol) -> None:
        asyncio.Transport.__init__(self)
        self._below = below
        self._engine = engine
        self._inner = inner
        self._loop = asyncio.get_running_loop()
        self._has_shaken_hands = self._loop.create_future()
        self._deadline: asyncio.TimerHandle | None = None
        self._failure: OSError | None = None
        self._is_closing = self._is_paused = False
        self._may_wait = False  # what TLS sends by itself, until we have something to send
        self.is_open = False

    async def shake_hands(self, head: bytes) -> None:
        """Do the handshake that ``head`` begins; return when it is done, or will never be."""
        self._end_within(tls.HANDSHAKE_SECONDS)
        self.data_received(head)
        if not self._below.is_closing():
            self._below.resume_reading()
        await self._has_shaken_hands

    # The protocol of the transport below

    def data_received(self, data: bytes) -> None:
        self._engine.feed(data)
        try:
            if not self.is_open:
                self._go_on_shaking()
            if self.is_open:
                self._read()
        except ssl.SSLError as why:
            self._fail(why)

    def eof_received(self) -> None:
        """Nothing more comes, and TLS was not closed: what is below hangs up by itself."""
        self._is_closing = True

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_closing = True
        self._end_within(None)
        if not self._has_shaken_hands.done():
            self._has_shaken_hands.set_result(None)
        self._inner.connection_lost(self._failure or exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    # The transport of the protocol inside

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        if self._is_closing:
            return
        try:
            self._engine.write(data)
        except ssl.SSLError as why:
            self._fail(why)
        else:
            self._flush()

    def close(self) -> None:
        """Say that this is the end, and wait for the other side's, so that it hears all; not for ever."""
        if self._is_closing:
            return
        self._is_closing = True
        try:
            is_over = self._engine.close()
        except ssl.SSLError:  # it is broken already
            is_over = True
        self._flush()
        self._end_within(tls.FAREWELL_SECONDS)
        if is_over:
            self._below.close()
        else:
            self._loop.call_soon(self._read_on)

    def abort(self) -> None:
        self._is_closing = True
        self._below.abort()

    def is_closing(self) -> bool:
        return self._is_closing or self._below.is_closing()

    def pause_reading(self) -> None:
        self._is_paused = True
        if not self.is_closing():
            self._below.pause_reading()

    def resume_reading(self) -> None:
        if self._is_paused:
            self._is_paused = False
            self._loop.call_soon(self._read_on)

    def is_reading(self) -> bool:
        return not (self._is_paused or self.is_closing())

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._below.set_write_buffer_limits(high, low)

    def get_write_buffer_size(self) -> int:
        return self._below.get_write_buffer_size()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Besides what is told below, `chatapp.listeners.tls.CERTIFICATE`: "" where none was shown."""
        if name == CERTIFICATE:
            return self._engine.certificate
        return self._below.get_extra_info(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._inner = cast(asyncio.Protocol, protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._inner

    # Between the two

    def _go_on_shaking(self) -> None:
        if not self._engine.shake_hands():
            self._flush()
            return
        self._may_wait = self._engine.may_wait
        if not self._may_wait:
            self._flush()
        self._end_within(None)
        self.is_open = True
        self._has_shaken_hands.set_result(None)
        self._inner.connection_made(self)

    def _read(self) -> None:
        """Hand over what has come; when we have hung up, only see whether the other side has as well."""
        while self._is_closing or not self._is_paused:
            data = self._engine.read()
            if data is None:
                break
            if not data:
                self._hear_end()
                return
            if not self._is_closing:
                self._inner.data_received(data)
        if not self._may_wait:
            self._flush()

    def _read_on(self) -> None:
        """Who has paused reads again, and finds first what came meanwhile."""
        try:
            self._read()
        except ssl.SSLError as why:
            self._fail(why)
        if not self._below.is_closing() and (self._is_closing or not self._is_paused):
            self._below.resume_reading()

    def _hear_end(self) -> None:
        """The other side has closed TLS. All that it said has been handed over; nobody can be answered."""
        if self._is_closing:
            self._below.close()
        else:
            self._inner.eof_received()
            self.close()

    def _flush(self) -> None:
        """Send what TLS has made."""
        data = self._engine.pending()
        if data and not self._below.is_closing():
            self._below.write(data)

    def _fail(self, why: ssl.SSLError) -> None:
        """What came is no TLS, or none that we speak: tell so in an alert, and hang up."""
        if self._failure is None:
            self._failure = why
            log.debug("No TLS: %s", why)
        self._is_closing = True
        self._flush()
        self._end_within(tls.FAREWELL_SECONDS)
        self._below.close()

    def _end_within(self, seconds: float | None) -> None:
        """Break off after ``seconds``; None takes that back."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self._loop.call_later(seconds, self._below.abort)

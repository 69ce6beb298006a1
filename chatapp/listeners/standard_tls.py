"""TLS by Python's own `ssl`, in memory; it asks callers for no certificate."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chatapp.listeners.secured import lead_inside
from chatapp.listeners.tls import Inner, new_context

#: More than a record of TLS holds (RFC 8446 section 5.1).
_PIECE_BYTES = 32768


class StandardLayer:
    """A `chatapp.listeners.tls.Layer`."""

    def __init__(self) -> None:
        self._context = new_context()

    def load_cert_chain(
        self, certfile: Path, keyfile: Path | None = None, password: Callable[[], str] | None = None
    ) -> None:
        """As that of `ssl.SSLContext`, whose errors it raises."""
        self._context.load_cert_chain(certfile, keyfile, password)

    async def lead_inside(self, transport: asyncio.Transport, head: bytes, inner: Inner) -> None:
        await lead_inside(transport, head, inner, StandardEngine(self._context))


class StandardEngine:
    """The `chatapp.listeners.secured.Engine` of one connection."""

    __slots__ = ("_incoming", "_outgoing", "_tls")

    certificate = ""
    may_wait = False  # there are no tickets (see `new_context`)

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def feed(self, data: bytes) -> None:
        self._incoming.write(data)

    def shake_hands(self) -> bool:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def read(self) -> bytes | None:
        try:
            return self._tls.read(_PIECE_BYTES)
        except ssl.SSLWantReadError:
            return None
        except ssl.SSLZeroReturnError:  # it says so in this way when we have closed as well
            return b""

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        left = memoryview(data)
        while left:  # each call makes one record
            left = left[self._tls.write(left) :]

    def close(self) -> bool:
        while self.read():  # to find words where it looks for a farewell would be an error
            pass
        try:
            self._tls.unwrap()
        except ssl.SSLWantReadError:
            return False
        return True

    def pending(self) -> bytes:
        return self._outgoing.read()

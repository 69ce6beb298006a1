"""TLS on the shared port: which versions and ciphers, and the step that puts it under a caller."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

#: Seconds that a handshake, and a farewell, may take.
HANDSHAKE_SECONDS = 10.0
FAREWELL_SECONDS = 5.0

#: For TLS 1.2: forward secrecy and authenticated encryption only (RFC 9325 section 4.2). 1.3 has no other.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"

#: What a transport tells with `get_extra_info` where callers are asked for a certificate: the SHA-256 of the
#: one that was shown, as 64 hex digits.
CERTIFICATE = "certificate"


class Inner(Protocol):
    """Who speaks inside: an `asyncio.Protocol` that is told what becomes of the handshake."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The handshake is done."""

    def connection_lost(self, exc: Exception | None) -> None:
        """It failed, or the connection has ended."""


class Layer(Protocol):
    """One way to do TLS, with a key of the server's: `standard_tls.StandardLayer` or `certfp.AskingLayer`."""

    def load_cert_chain(
        self, certfile: Path, keyfile: Path | None = None, password: Callable[[], str] | None = None
    ) -> None:
        """As that of `ssl.SSLContext`, whose errors it raises."""

    async def lead_inside(self, transport: asyncio.Transport, head: bytes, inner: Inner) -> None:
        """Do the handshake that ``head`` begins, and connect ``inner`` or tell it that there is nobody.

        ``head`` is all that was read of ``transport``, which is paused so that this stays true.
        """


class Tls:
    """What one listener needs for TLS. ``layer`` may be replaced while it listens."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer


def new_context() -> ssl.SSLContext:
    """A context for a server, without a certificate: TLS 1.2 and 1.3, no compression, no renegotiation."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_ciphers(CIPHERS)
    # Who says a word and hangs up has read no ticket, and the reset that follows would take the word away.
    context.num_tickets = 0
    return context

"""TLS on the shared port: which versions and ciphers, and the step that puts it under a caller.

The first bytes have been read when TLS is recognised, so they are given once more, through the public
`get_buffer` and `buffer_updated` of asyncio's own protocol, to the handshake that they began.
"""

from __future__ import annotations

import asyncio
import asyncio.sslproto
import logging
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

log = logging.getLogger(__name__)

#: Seconds that a handshake, and a farewell, may take.
HANDSHAKE_SECONDS = 10.0
FAREWELL_SECONDS = 5.0

#: Bytes of asyncio's buffer for each connection; a record of TLS has no more (RFC 8446 section 5.1).
_RECORD_BYTES = 16384
#: For TLS 1.2: forward secrecy and authenticated encryption only (RFC 9325 section 4.2). 1.3 has no other.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"

#: What a transport tells with `get_extra_info` where callers are asked for a certificate: the SHA-256 of the
#: one that was shown, as 64 hex digits.
CERTIFICATE = "certificate"


class Inner(Protocol):
    """Who speaks inside: an `asyncio.Protocol` that is told what becomes of the handshake.

    ``data_received`` and ``eof_received`` may come before ``connection_made``, whose transport may then be
    closing; ``connection_lost`` may come more than once.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The handshake is done."""

    def connection_lost(self, exc: Exception | None) -> None:
        """It failed, or the connection has ended."""


class Layer(Protocol):
    """One way to do TLS, with a key of the server's: `StandardLayer`, or `AskingLayer` in `certfp`."""

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


class StandardLayer:
    """TLS as Python has it; it asks callers for no certificate."""

    def __init__(self) -> None:
        self._context = new_context()

    def load_cert_chain(
        self, certfile: Path, keyfile: Path | None = None, password: Callable[[], str] | None = None
    ) -> None:
        self._context.load_cert_chain(certfile, keyfile, password)

    async def lead_inside(self, transport: asyncio.Transport, head: bytes, inner: Inner) -> None:
        caller = transport.get_protocol()
        handshake = asyncio.get_running_loop().create_task(_start(transport, self._context, inner))
        secure: asyncio.Transport | None = None
        try:
            while transport.get_protocol() is caller and not handshake.done():  # noqa: ASYNC110  one turn
                await asyncio.sleep(0)
            # Another turn, and the new protocol knows its transport; that begins to read only after it.
            await asyncio.sleep(0)
            if not handshake.done():
                _replay(cast(asyncio.BufferedProtocol, transport.get_protocol()), transport, head)
            secure = await handshake
        except OSError as why:  # also all of ssl's: a caller who cannot shake hands is not our mistake
            log.debug("No handshake: %s", why)
        finally:
            handshake.cancel()
            if secure is None:
                transport.abort()
                inner.connection_lost(None)
        if secure is not None:
            inner.connection_made(secure)


def new_context() -> ssl.SSLContext:
    """A context for a server, without a certificate: TLS 1.2 and 1.3, no compression, no renegotiation."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_ciphers(CIPHERS)
    # Who says a word and hangs up has read no ticket, and the reset that follows would take the word away.
    context.num_tickets = 0
    spare_memory()
    return context


def spare_memory() -> None:
    """Let the standard loop take 32 KiB for an idle connection instead of 272. uvloop has its own way."""
    if hasattr(asyncio.sslproto.SSLProtocol, "max_size"):
        asyncio.sslproto.SSLProtocol.max_size = _RECORD_BYTES


async def _start(
    transport: asyncio.Transport, context: ssl.SSLContext, inner: Inner
) -> asyncio.Transport | None:
    if transport.is_closing():  # nobody would tell the handshake, and it would wait out its time
        return None
    # The standard loop gives None when the peer went away in the middle.
    return await asyncio.get_running_loop().start_tls(
        transport,
        cast(asyncio.Protocol, inner),
        context,
        server_side=True,
        ssl_handshake_timeout=HANDSHAKE_SECONDS,
        ssl_shutdown_timeout=FAREWELL_SECONDS,
    )


def _replay(protocol: asyncio.BufferedProtocol, transport: asyncio.Transport, head: bytes) -> None:
    """Give ``protocol`` what was read before it was there."""
    left = memoryview(head)
    while left and not transport.is_closing():
        room = memoryview(protocol.get_buffer(len(left))).cast("B")
        count = min(len(left), len(room))
        room[:count] = left[:count]
        protocol.buffer_updated(count)
        left = left[count:]

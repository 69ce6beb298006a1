"""TLS that asks callers for a certificate and takes any, for SASL EXTERNAL; with pyOpenSSL (extra `certfp`).

Python's own `ssl` refuses whom no authority has signed. Here only the key counts, which the handshake proves:
not who has signed the certificate, nor until when it is good. Versions and ciphers are those of `tls`.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from OpenSSL import SSL

from chatapp.listeners import tls
from chatapp.listeners.tls import CERTIFICATE, CIPHERS, Inner, new_context

log = logging.getLogger(__name__)

#: More than a record of TLS holds with what is around it, for either direction.
_PIECE_BYTES = 32768
#: ``X509_V_ERR_EE_KEY_TOO_SMALL``: less than 112 bits of security, as RSA below 2048 (NIST SP 800-57 part 1).
_KEY_TOO_SHORT = 66


class AskingLayer:
    """A `chatapp.listeners.tls.Layer` that remembers the SHA-256 of the certificate that a caller shows."""

    def __init__(self) -> None:
        self._context = SSL.Context(SSL.TLS_SERVER_METHOD)
        self._context.set_min_proto_version(SSL.TLS1_2_VERSION)
        # What is resumed would show its certificate no more.
        self._context.set_options(SSL.OP_NO_COMPRESSION | SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_TICKET)
        self._context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        self._context.set_mode(SSL.MODE_RELEASE_BUFFERS)
        self._context.set_cipher_list(CIPHERS.encode())
        self._context.set_verify(SSL.VERIFY_PEER, _take)
        self._context.set_verify_depth(0)  # a long chain of long keys would only cost time

    def load_cert_chain(
        self,
        certfile: Path,
        keyfile: Path | None = None,
        password: Callable[[], str] | None = None,
    ) -> None:
        """As that of `ssl.SSLContext`, which is asked first: its errors are those that are known."""
        new_context().load_cert_chain(certfile, keyfile, password)
        try:
            self._context.use_certificate_chain_file(str(certfile))
            self._context.use_privatekey_file(str(keyfile or certfile))
            self._context.check_privatekey()
        except SSL.Error as why:
            raise _told_by_ssl(why) from why

    async def lead_inside(self, transport: asyncio.Transport, head: bytes, inner: Inner) -> None:
        if transport.is_closing():  # nobody would tell of its end again
            inner.connection_lost(None)
            return
        secured = Secured(transport, SSL.Connection(self._context), cast(asyncio.Protocol, inner))
        transport.set_protocol(secured)
        try:
            await secured.shake_hands(head)
        finally:
            if not secured.is_open:
                transport.abort()


def _told_by_ssl(why: SSL.Error) -> ssl.SSLError:
    """``why`` as Python's own library would tell it."""
    reasons = why.args[0] if why.args and isinstance(why.args[0], list) else []
    words = "; ".join(str(reason[-1]) for reason in reasons)
    return ssl.SSLError(ssl.SSL_ERROR_SSL, words or type(why).__name__)


def _take(connection: SSL.Connection, _shown: object, error: int, _depth: int, _is_good: int) -> bool:
    """Take any certificate; but whoever has the public half of a short key may find the other."""
    if error == _KEY_TOO_SHORT:
        connection.set_app_data(error)
    return True


class Secured(asyncio.Protocol, asyncio.Transport):
    """One TLS connection: protocol of the transport below it, and transport of the protocol inside."""

    def __init__(self, below: asyncio.Transport, tls: SSL.Connection, inner: asyncio.Protocol) -> None:
        asyncio.Transport.__init__(self)
        tls.set_accept_state()
        self._below = below
        self._tls = tls
        self._inner = inner
        self._loop = asyncio.get_running_loop()
        self._has_shaken_hands = self._loop.create_future()
        self._deadline: asyncio.TimerHandle | None = None
        self._failure: OSError | None = None
        self._certificate = ""
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
        self._tls.bio_write(data)
        try:
            if not self.is_open:
                self._go_on_shaking()
            if self.is_open:
                self._read()
        except SSL.Error as why:
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
        left = memoryview(data)
        try:
            while left:
                left = left[self._tls.send(left) :]
        except SSL.Error as why:
            self._fail(why)
        else:
            self._flush()

    def close(self) -> None:
        """Say that this is the end, and wait for the other side's, so that it hears all; not for ever."""
        if self._is_closing:
            return
        self._is_closing = True
        try:
            is_over = self._tls.shutdown()
        except SSL.Error:  # it is broken already
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
            return self._certificate
        return self._below.get_extra_info(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._inner = cast(asyncio.Protocol, protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._inner

    # Between the two

    def _go_on_shaking(self) -> None:
        try:
            self._tls.do_handshake()
        except SSL.WantReadError:
            self._flush()
            return
        # In TLS 1.3 all that is left to send are tickets, which cannot be turned off here. Who says a word
        # and hangs up would not have read them, and the reset that follows would take the word away.
        self._may_wait = self._tls.get_protocol_version() >= SSL.TLS1_3_VERSION
        if not self._may_wait:
            self._flush()
        shown = self._tls.get_peer_certificate()
        if shown is not None and self._tls.get_app_data() != _KEY_TOO_SHORT:
            self._certificate = shown.digest("sha256").decode().replace(":", "").lower()
        self._end_within(None)
        self.is_open = True
        self._has_shaken_hands.set_result(None)
        self._inner.connection_made(self)

    def _read(self) -> None:
        """Hand over what has come; when we have hung up, only see whether the other side has as well."""
        while self._is_closing or not self._is_paused:
            try:
                data = self._tls.recv(_PIECE_BYTES)
            except SSL.WantReadError:
                break
            except SSL.ZeroReturnError:
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
        except SSL.Error as why:
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
        pieces = []
        while True:
            try:
                pieces.append(self._tls.bio_read(_PIECE_BYTES))
            except SSL.WantReadError:
                break
        if pieces and not self._below.is_closing():
            self._below.write(b"".join(pieces))

    def _fail(self, why: SSL.Error) -> None:
        """What came is no TLS, or none that we speak: tell so in an alert, and hang up."""
        if self._failure is None:
            self._failure = _told_by_ssl(why)
            log.debug("No TLS: %s", self._failure)
        self._is_closing = True
        self._flush()
        self._end_within(tls.FAREWELL_SECONDS)
        self._below.close()

    def _end_within(self, seconds: float | None) -> None:
        """Break off after ``seconds``; None takes that back."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self._loop.call_later(seconds, self._below.abort)

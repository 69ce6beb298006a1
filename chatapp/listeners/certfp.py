"""TLS that asks callers for a certificate and takes any, for SASL EXTERNAL; with pyOpenSSL (extra `certfp`).

Python's own `ssl` refuses whom no authority has signed. Here only the key counts, which the handshake proves:
not who has signed the certificate, nor until when it is good. Versions and ciphers are those of `tls`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

from OpenSSL import SSL

from chatapp.listeners.secured import lead_inside
from chatapp.listeners.tls import CIPHERS, Inner, new_context

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
        await lead_inside(transport, head, inner, AskingEngine(self._context))


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


class AskingEngine:
    """The `chatapp.listeners.secured.Engine` of one connection."""

    __slots__ = ("_tls", "certificate", "may_wait")

    def __init__(self, context: SSL.Context) -> None:
        self._tls = SSL.Connection(context)
        self._tls.set_accept_state()
        self.certificate = ""
        self.may_wait = False

    def feed(self, data: bytes) -> None:
        self._tls.bio_write(data)

    def shake_hands(self) -> bool:
        try:
            self._tls.do_handshake()
        except SSL.WantReadError:
            return False
        except SSL.Error as why:
            raise _told_by_ssl(why) from why
        # In TLS 1.3 all that is left to send are tickets, which cannot be turned off here. Who says a word
        # and hangs up would not have read them, and the reset that follows would take the word away.
        self.may_wait = self._tls.get_protocol_version() >= SSL.TLS1_3_VERSION
        shown = self._tls.get_peer_certificate()
        if shown is not None and self._tls.get_app_data() != _KEY_TOO_SHORT:
            self.certificate = shown.digest("sha256").decode().replace(":", "").lower()
        return True

    def read(self) -> bytes | None:
        try:
            data: bytes = self._tls.recv(_PIECE_BYTES)
        except SSL.WantReadError:
            return None
        except SSL.ZeroReturnError:
            return b""
        except SSL.Error as why:
            raise _told_by_ssl(why) from why
        return data

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        left = memoryview(data)
        try:
            while left:
                left = left[self._tls.send(left) :]
        except SSL.Error as why:
            raise _told_by_ssl(why) from why

    def close(self) -> bool:
        try:
            return self._tls.shutdown()
        except SSL.Error as why:
            raise _told_by_ssl(why) from why

    def pending(self) -> bytes:
        pieces = []
        while True:
            try:
                pieces.append(self._tls.bio_read(_PIECE_BYTES))
            except SSL.WantReadError:
                return b"".join(pieces)

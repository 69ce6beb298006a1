"""How a server is reached: over TCP or TLS, with bare lines or in a WebSocket, and in which protocol."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

from chatapp.bench.websocket import Frames, shake_hands, wrap_lines

Address = tuple[str, int]

#: A TLS record holds at most so many bytes: with less room some of it would stay where no selector sees it.
_RECORD_BYTES = 16384


@dataclass(frozen=True, slots=True)
class Way:
    """A way in. A certificate is not checked: the figures are wanted, not the identity."""

    tls: bool = False
    websocket: bool = False
    protocol: Literal["irc", "nats"] = "irc"

    def wrap(self, data: bytes) -> bytes:
        """Make of lines with CRLF what is sent."""
        return wrap_lines(data) if self.websocket else data

    def __str__(self) -> str:
        carrier = "TLS" if self.tls else "TCP"
        return f"{carrier}, WebSocket" if self.websocket else carrier


#: Lines over TCP.
PLAIN = Way()


class Wire(Protocol):
    """What a connection is read from and written to; neither waits.

    Both raise `BlockingIOError` when the network has nothing, or takes nothing.
    """

    def fileno(self) -> int:
        """For a selector."""

    def send(self, data: bytes, /) -> int:
        """Send some of ``data``, which is wrapped already; return how many bytes went."""

    def recv_into(self, buffer: bytearray | memoryview, /) -> int:
        """Read lines, or parts of lines, into ``buffer``; return how many bytes, 0 at the end."""

    def close(self) -> None:
        """End it without a word."""


class TlsWire:
    """Reads all that TLS has decrypted, so that nothing waits where a selector does not see it."""

    __slots__ = ("_socket",)

    def __init__(self, secured: ssl.SSLSocket) -> None:
        self._socket = secured

    def fileno(self) -> int:
        """As `Wire`."""
        return self._socket.fileno()

    def send(self, data: bytes, /) -> int:
        """As `Wire`."""
        try:
            return self._socket.send(data)
        except (ssl.SSLWantWriteError, ssl.SSLWantReadError) as error:
            raise BlockingIOError from error

    def recv_into(self, buffer: bytearray | memoryview, /) -> int:
        """As `Wire`; ``buffer`` has room for a record."""
        view = memoryview(buffer)
        filled = 0
        while filled == 0 or len(view) - filled >= _RECORD_BYTES:
            try:
                count = self._socket.recv_into(view[filled:])
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
                if filled:
                    break
                raise BlockingIOError from error
            if not count:
                break
            filled += count
        return filled

    def close(self) -> None:
        """As `Wire`."""
        self._socket.close()


class WebSocketWire:
    """Puts lines into frames for ``inner``, and takes them out."""

    __slots__ = ("_frames", "_inner", "_is_between")

    def __init__(self, inner: Wire, frames: Frames) -> None:
        self._inner = inner
        self._frames = frames
        #: Whether all that was to be sent has been: between two frames there is place for an answer.
        self._is_between = True

    def fileno(self) -> int:
        """As `Wire`."""
        return self._inner.fileno()

    def send(self, data: bytes, /) -> int:
        """As `Wire`."""
        self._answer()
        self._is_between = False
        sent = self._inner.send(data)
        self._is_between = sent == len(data)
        return sent

    def recv_into(self, buffer: bytearray | memoryview, /) -> int:
        """As `Wire`: there is never more in the lines than there was in the frames."""
        view = memoryview(buffer)
        count = self._inner.recv_into(view[: len(view) - self._frames.pending])
        if not count:
            return 0
        lines = self._frames.feed(bytes(view[:count]))
        self._answer()
        if self._frames.is_closed and not lines:
            return 0
        if not lines:
            raise BlockingIOError
        view[: len(lines)] = lines
        return len(lines)

    def close(self) -> None:
        """As `Wire`."""
        self._inner.close()

    def _answer(self) -> None:
        """Answer the server's pings, but not in the middle of a frame."""
        if not self._is_between:
            return
        answers = self._frames.take_answers()
        # No buffer of their own for these few bytes: a network that is as full as that ends the run.
        if answers and self._inner.send(answers) < len(answers):
            raise ConnectionError("the network does not take the answer to a ping")


def connect(address: Address, way: Way, seconds: float = 10) -> tuple[socket.socket, Wire]:
    """Connect along ``way``; return the socket, and what to read and write.

    Raises:
        OSError: There is nobody, or they do not agree to it (`ssl.SSLError`, `ConnectionError`).
    """
    found = socket.create_connection(address, timeout=seconds)
    try:
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire: Wire = found
        if way.tls:
            secured = _careless().wrap_socket(found, server_hostname=address[0])
            found, wire = secured, TlsWire(secured)
        if way.websocket:
            frames = shake_hands(found, f"{address[0]}:{address[1]}")
            wire = WebSocketWire(wire, frames)
        found.setblocking(False)
    except BaseException:
        found.close()
        raise
    return found, wire


@cache
def _careless() -> ssl.SSLContext:
    """TLS that believes every certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context

"""Clients in a browser: a line of IRC in each WebSocket message (IRCv3 WebSocket, RFC 6455).

Nothing is compressed: a few bytes of a compressed message can stand for gigabytes.
"""

from __future__ import annotations

from collections.abc import Callable

from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from chatapp.listeners.connection import House
from chatapp.listeners.irc import IrcConnection
from chatapp.listeners.upgrade import BINARY

#: In so many pieces a message may come.
MOST_PIECES = 64

_SHORT, _MEDIUM = 126, 1 << 16


def text_frame(tags: str, body: str) -> bytes:
    """A line as one text message."""
    return _frame(0x81, tags, body)


def binary_frame(tags: str, body: str) -> bytes:
    """A line as one binary message."""
    return _frame(0x82, tags, body)


def _frame(first: int, tags: str, body: str) -> bytes:
    """One whole message from a server, which is not masked (RFC 6455 section 5.2)."""
    line = (f"@{tags} {body}" if tags else body).encode()
    if len(line) < _SHORT:
        return bytes((first, len(line))) + line
    if len(line) < _MEDIUM:
        return bytes((first, _SHORT)) + len(line).to_bytes(2, "big") + line
    return bytes((first, _SHORT + 1)) + len(line).to_bytes(8, "big") + line


class WebSocketConnection(IrcConnection):
    """A connection whose peer speaks IRC in messages of a WebSocket.

    A message that is no UTF-8 is refused as a line, and the connection stays (irc utf8-only), also in a text
    message, for which RFC 6455 would end it.
    """

    __slots__ = ("_pieces", "_socket")

    def __init__(
        self,
        house: House,
        address: str,
        on_lost: Callable[[str], None],
        is_trusted: bool,
        socket: ServerProtocol,
    ) -> None:
        """``socket`` has shaken hands."""
        wrap = binary_frame if socket.subprotocol == BINARY else text_frame
        super().__init__(house, address, on_lost, is_trusted, wrap)
        self._socket = socket
        self._pieces: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        if self.session.ended:
            return
        self.session.heard = self._house.world.steady()  # a ping of the WebSocket is a sign of life as well
        self._socket.receive_data(data)
        frames = (event for event in self._socket.events_received() if isinstance(event, Frame))
        messages = [self._message(frame) for frame in frames]
        self._answer()
        lines = b"".join(message + b"\n" for message in messages if message)
        if lines:
            super().data_received(lines)
        if self._socket.state is not State.OPEN and not self.session.ended:
            super().eof_received()

    def eof_received(self) -> bool:
        super().eof_received()
        return not self.session.is_secure

    def close(self, last_words: bytes = b"") -> None:
        for row in last_words.decode(errors="replace").splitlines():
            self.write(self.session.wrap("", row))
        if self._socket.state is State.OPEN:
            self._socket.send_close(1000)
            self._answer()
        super().close()

    def _answer(self) -> None:
        """Send what the WebSocket itself has to say: pongs, its end."""
        data = b"".join(self._socket.data_to_send())
        if data:
            self.write(data)

    def _message(self, frame: Frame) -> bytes:
        """The message that ``frame`` ends; empty for a piece, and for what is no message."""
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return b""
        if frame.fin and not self._pieces:
            return bytes(frame.data)
        self._pieces.append(bytes(frame.data))
        if len(self._pieces) > MOST_PIECES:
            self._socket.fail(1008, "a message came in too many pieces")
        if not frame.fin:
            return b""
        message, self._pieces = b"".join(self._pieces), []
        return message

"""The WebSocket of one connection, from the client's side: a line of IRC in each message (RFC 6455).

Lines go out under a mask of zeros: masks protect the caches of web pages, there are none here, and this one
costs the generator nothing.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import socket
from collections import deque

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
_PROTOCOL = "text.ircv3.net"
_MOST_HEAD_BYTES = 16384
#: The first byte of a frame that ends its message: text, binary, close, ping, pong.
_TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
_FINAL, _CONTROL = 0x80, 0x08
_NO_MASK = bytes(4)
#: The last pieces that were whole messages, and their lines: members of a room often read the same piece one
#: after the other, and comparing memory costs far less than taking it apart.
_seen: deque[tuple[bytes, bytes]] = deque(maxlen=8)


def wrap_lines(data: bytes) -> bytes:
    """Put each line of ``data``, which ends with CRLF, into a message."""
    return b"".join([_frame(_TEXT, line) for line in data.split(b"\r\n")[:-1]])


def _frame(first: int, payload: bytes) -> bytes:
    """A frame as clients send it (RFC 6455 section 5.2)."""
    size = len(payload)
    if size < 126:
        return bytes((first, 0x80 | size)) + _NO_MASK + payload
    if size < 1 << 16:
        return bytes((first, 0x80 | 126)) + size.to_bytes(2, "big") + _NO_MASK + payload
    return bytes((first, 0x80 | 127)) + size.to_bytes(8, "big") + _NO_MASK + payload


class Frames:
    """What a server sends: frames in, lines with CRLF out, however the network cut them."""

    __slots__ = ("_answers", "_partial", "_rest", "is_closed")

    def __init__(self, rest: bytes = b"") -> None:
        self._rest = rest
        self._partial = b""
        self._answers = b""
        self.is_closed = False

    @property
    def pending(self) -> int:
        """How many bytes of an unfinished frame or message are held."""
        return len(self._rest) + len(self._partial)

    def take_answers(self) -> bytes:
        """What is due to the server: an answer to each ping."""
        answers, self._answers = self._answers, b""
        return answers

    def feed(self, data: bytes) -> bytes:
        """Take in ``data``; return the lines that are whole now.

        Raises:
            ConnectionError: These are no frames of a server.
        """
        if not self.pending:
            for piece, known in _seen:
                if piece == data:
                    return known
        data = self._rest + data
        lines: list[bytes] = []
        is_plain = not self.pending
        place, end = 0, len(data)
        while end - place >= 2:
            first, size = data[place], data[place + 1]
            start = place + 2
            if size > 125:
                width = {126: 2, 127: 8}.get(size)
                if width is None:
                    raise ConnectionError("a server's frame is masked")
                size = int.from_bytes(data[start : start + width], "big")
                start += width
            if start + size > end:
                break
            place = start + size
            if first == _TEXT:
                lines.append(data[start:place])
            else:
                is_plain = False
                self._take_other(first, data[start:place], lines)
        self._rest = data[place:]
        heard = b"\r\n".join([*lines, b""]) if lines else b""
        if is_plain and not self._rest:
            _seen.append((data, heard))
        return heard

    def _take_other(self, first: int, payload: bytes, lines: list[bytes]) -> None:
        """Take in a frame that is not a whole text message."""
        if first == _PING:
            self._answers += _frame(_PONG, payload)
        elif first == _CLOSE:
            self.is_closed = True
        elif first & _CONTROL:
            return
        elif first & _FINAL:
            lines.append(self._partial + payload)
            self._partial = b""
        else:
            self._partial += payload


def shake_hands(connection: socket.socket, host: str) -> Frames:
    """Turn ``connection``, which may wait, from HTTP to WebSocket (RFC 6455 section 4).

    Raises:
        ConnectionError: The server does not agree; the message has what it said.
    """
    key = base64.b64encode(secrets.token_bytes(16))
    connection.sendall(
        f"GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key.decode()}\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: {_PROTOCOL}\r\n\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer and len(answer) < _MOST_HEAD_BYTES:
        data = connection.recv(4096)
        if not data:
            break
        answer += data
    head, _, rest = answer.partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (f.partition(":") for f in fields)}
    proof = base64.b64encode(hashlib.sha1(key + _MAGIC, usedforsecurity=False).digest()).decode()
    if status.split(" ")[1:2] != ["101"] or headers.get("sec-websocket-accept") != proof:
        raise ConnectionError(f"the server does not agree to a WebSocket: {status[:100]!r}")
    return Frames(rest)

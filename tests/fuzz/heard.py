"""What may be heard from the server, whatever was said to it: well-formed lines, text without controls."""

from __future__ import annotations

import re

from chatapp.irc.framing import BODY_BYTES, SERVER_TAG_BYTES
from chatapp.irc.line import parse_line

_SOURCE = re.compile(r"[^\s!@]+(![^\s!@]+@[^\s!@]+)?")
_COMMAND = re.compile(r"[A-Z]+|[0-9]{3}")
CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]")
#: What refuses a terminal's wish: the three bytes of an answer by telnet.
_REFUSAL = re.compile(rb"\xff[\xfc\xfe].", re.DOTALL)


def check_lines(data: bytes) -> None:
    """``data`` is whole lines of IRC, each as the protocol has it."""
    assert not data or data.endswith(b"\r\n"), data[-80:]
    for raw in data.split(b"\r\n")[:-1]:
        check_line(raw)


def check_line(raw: bytes) -> None:
    """``raw`` is one line of IRC, without its ending."""
    text = raw.decode()
    assert not re.search("[\r\n\0]", text), raw
    tags, _, body = text.partition(" ") if text[:1] == "@" else ("", "", text)
    assert len(body.encode()) <= BODY_BYTES - 2, raw
    assert len(tags.encode()) <= SERVER_TAG_BYTES + 1, raw
    line = parse_line(text)
    assert _COMMAND.fullmatch(line.command), raw
    assert line.source is None or _SOURCE.fullmatch(line.source), raw
    assert line.command != "400", raw


def check_prose(data: bytes) -> None:
    """``data`` is rows that a terminal may be given as they are."""
    text = _REFUSAL.sub(b"", bytes(data)).decode()
    found = CONTROL.search(text)
    assert found is None, text[max(found.start() - 40, 0) : found.end() + 20]


def check_frames(data: bytes) -> None:
    """``data`` is an answer that opens a WebSocket, and whole frames, a line in each message."""
    head, end, rest = data.partition(b"\r\n\r\n")
    assert end and head.startswith(b"HTTP/1.1 101 "), data[:80]
    while rest:
        kind, size, start = rest[0], rest[1], 2
        assert kind in (0x81, 0x82, 0x88, 0x89, 0x8A), rest[:20]
        assert size < 128  # a server masks nothing
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(rest[2:start], "big")
        assert len(rest) >= start + size, "half a frame"
        if kind in (0x81, 0x82):
            check_line(rest[start : start + size])
        rest = rest[start + size :]

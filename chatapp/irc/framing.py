"""Bytes in, whole lines out, however the network cut them; and how long a line may be."""

from __future__ import annotations

#: A line without its tags, CR LF included (RFC 2812 2.3).
BODY_BYTES = 512
#: A line that the other side has not ended after so many bytes, tags and all, ends the connection.
LONGEST_LINE = 16384
#: What a client may send in tags, with neither the ``@`` nor the blank (IRCv3 message-tags, "Size limit").
CLIENT_TAG_BYTES = 4094
#: What a server may send in tags, counted the same way.
SERVER_TAG_BYTES = 8190


class LineBuffer:
    """Collects what the network gives until lines are whole; holds at most ``limit`` bytes between calls.

    When a line outgrows the limit, finished or not, ``overflowed`` becomes true and it and all that follows
    are dropped; the lines before it are still given back, and the caller ends the connection.
    """

    __slots__ = ("_limit", "_rest", "overflowed")

    def __init__(self, limit: int = LONGEST_LINE) -> None:
        self._limit = limit
        self._rest = b""
        self.overflowed = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take ``data`` in and give back the lines it completes, without CR LF or LF, empty ones left out."""
        if self.overflowed:
            return []
        if self._rest:
            data = self._rest + data
        *lines, self._rest = data.split(b"\n")
        if len(data) > self._limit:
            lines = self._within_limit(lines)
        return [line for raw in lines if (line := raw.rstrip(b"\r"))]

    def _within_limit(self, lines: list[bytes]) -> list[bytes]:
        for index, line in enumerate([*lines, self._rest]):
            if len(line) > self._limit:
                self.overflowed = True
                self._rest = b""
                return lines[:index]
        return lines

    @property
    def pending(self) -> bytes:
        """The beginning of the line that is not whole yet."""
        return self._rest


def is_oversized(line: bytes, tag_bytes: int = CLIENT_TAG_BYTES) -> bool:
    """Whether ``line``, without its ending, is longer than the protocol lets one send."""
    if line[:1] != b"@":
        return len(line) > BODY_BYTES - 2
    tags, _, body = line.partition(b" ")
    return len(tags) - 1 > tag_bytes or len(body) > BODY_BYTES - 2

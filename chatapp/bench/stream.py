"""The bytes that many members should hear alike, so that each is checked in full by one comparison.

In a room all members with the same capabilities hear the same bytes. Whoever hears new ones first adds them
here, where they are read once, message by message; for everybody else comparing memory proves that they heard
the same messages in the same order. This is why the generator keeps up with a server.
"""

from __future__ import annotations

from collections import deque

from chatapp.bench.tally import Tally

#: How many bytes lie between two places from which a member can be read anew.
_BETWEEN_MARKS = 1 << 20


class SharedStream:
    """A growing stream of bytes with the `Tally` of its whole lines. Positions count from its beginning."""

    __slots__ = ("_base", "_data", "_marks", "_parsed", "tally")

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self._data = bytearray()
        self._base = 0
        self._parsed = 0
        self._marks = deque([(0, tally.copy())])

    @property
    def end(self) -> int:
        """The position after the last byte."""
        return self._base + len(self._data)

    @property
    def held(self) -> int:
        """How many bytes are kept in memory."""
        return len(self._data)

    def agree(self, position: int, piece: memoryview) -> bool:
        """Whether ``piece`` is what stands at ``position``; what reaches beyond the end is added to it.

        A PING is meant for one member alone: nothing that holds one is added.
        """
        offset = position - self._base
        known = len(self._data) - offset
        if len(piece) <= known:
            return self._data.startswith(piece, offset)
        if known and not self._data.startswith(piece[:known], offset):
            return False
        end = len(self._data)
        self._data += piece[known:]
        if self._data.find(b"PING", end) >= 0:
            del self._data[end:]
            return False
        self._read_new()
        return True

    def count(self, mark: bytes, start: int, end: int) -> int:
        """How many ``mark`` end between two positions."""
        offset = max(0, start - self._base - len(mark) + 1)
        return self._data.count(mark, offset, end - self._base)

    def tally_at(self, position: int) -> tuple[Tally, bytes]:
        """The tally of the whole lines before ``position``, and the beginning of the line it stands in."""
        start, tally = next(mark for mark in reversed(self._marks) if mark[0] <= position)
        offset = position - self._base
        whole = max(self._data.rfind(b"\n", 0, offset) + 1, start - self._base)
        tally = tally.copy()
        tally.read(self._data, start - self._base, whole)
        return tally, bytes(self._data[whole:offset])

    def forget(self, position: int) -> None:
        """Let go of what nobody needs who stands at ``position`` or later."""
        while len(self._marks) > 1 and self._marks[1][0] <= position:
            self._marks.popleft()
        base = self._marks[0][0]
        del self._data[: base - self._base]
        self._base = base

    def _read_new(self) -> None:
        whole = self._data.rfind(b"\n") + 1
        start = self._parsed - self._base
        if whole <= start:
            return
        self.tally.read(self._data, start, whole)
        self._parsed = self._base + whole
        if self._parsed - self._marks[-1][0] >= _BETWEEN_MARKS:
            self._marks.append((self._parsed, self.tally.copy()))

"""What is sent while the past is read, held back: the past stands in its place, and all goes out at once."""

from __future__ import annotations

#: Stands in an outbox where the past is to be read out. No line can hold it.
HERE = b"\0"


class Readout:
    """What came before the place of the past (all of it, where no place is marked), and what came after."""

    __slots__ = ("_before", "_behind", "_is_there")

    def __init__(self) -> None:
        self._before: list[bytes] = []
        self._behind: list[bytes] = []
        self._is_there = False

    def take(self, data: bytes) -> None:
        """Hold ``data``, which came after all that is held."""
        if self._is_there:
            self._behind.append(data)
            return
        before, mark, behind = data.partition(HERE)
        self._before.append(before)
        self._is_there = bool(mark)
        if behind:
            self._behind.append(behind)

    def finish(self, past: bytes = b"") -> bytes:
        """All that is held, with ``past`` in its place."""
        return b"".join((*self._before, past, *self._behind))

    def __len__(self) -> int:
        return sum(map(len, self._before)) + sum(map(len, self._behind))

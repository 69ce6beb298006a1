"""The recorder: lines cut out of what was read and written, each with how it travelled.

A password is covered before a line is kept, so that no path to a screen or a report has to think of it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from gettext import gettext as _
from itertools import count
from typing import NamedTuple

from chatapp.client.inspector.secrecy import masked, secret_of
from chatapp.irc.framing import LONGEST_LINE
from chatapp.irc.visible import visible

#: Lines kept; the oldest go first.
KEPT_LINES = 1000
#: Bytes kept of one line.
KEPT_BYTES = 4096
#: Reads remembered of one line that came in many.
_KEPT_PIECES = 8


class Direction(Enum):
    """Which way a line went."""

    SENT = auto()
    RECEIVED = auto()


class Transfer(NamedTuple):
    """One call of the system that read or wrote ``size`` bytes, in which ``lines`` lines had a part.

    Numbered from 1 in each direction of a connection.
    """

    number: int
    size: int
    lines: int


class WireLine(NamedTuple):
    """A line as it went over the wire, ending and all, but with stars for what is ``secret``.

    ``time`` is in seconds since the recorder began. Of ``size`` bytes ``data`` holds the first `KEPT_BYTES`.
    ``pieces`` tells which transfers the line came in, and how many of its bytes in each; ``cuts`` is how
    often it was cut. ``transport`` is a word such as TCP. ``is_endless``: it outgrew every limit before its
    end.
    """

    key: int
    direction: Direction
    time: float
    data: bytes
    size: int
    secret: tuple[int, int] | None
    pieces: tuple[tuple[Transfer, int], ...]
    cuts: int
    transport: str
    is_endless: bool = False


class Happening(NamedTuple):
    """What happened to the connection itself, in words."""

    key: int
    time: float
    words: str


Record = WireLine | Happening


class Recorder:
    """Keeps the last `KEPT_LINES` records. ``now`` is a monotonic clock; ``on_record`` hears of each."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._keeper = self
        self._name = ""
        self.records: list[Record] = []
        self.on_record: Callable[[Record], None] = lambda _record: None
        self._began = now()
        self._now = now
        self._keys = count(1)
        self._transport = ""
        self._ways = {direction: _Way() for direction in Direction}

    def beside(self, name: str) -> Recorder:
        """A recorder for the connection to another server, ``name``, which keeps its records here."""
        other = Recorder(self._now)
        other._keeper, other._name, other._began, other._keys = self, name, self._began, self._keys
        return other

    def opened(self, transport: str, details: str = "") -> None:
        """A connection stands: ``transport`` is TCP or the like, ``details`` tell its addresses or cipher."""
        if self._name:
            transport = f"{visible(self._name)}, {transport}"
        self._transport = transport
        self._ways = {direction: _Way() for direction in Direction}
        how = f"{transport}, {details}" if details else transport
        self._happened(_("connected: {how}").format(how=how))

    def closed(self, reason: str) -> None:
        """The connection has ended."""
        self._happened(_("closed: {reason}").format(reason=reason))

    def saw(self, direction: Direction, data: bytes) -> None:
        """One call of the system has read or written ``data``."""
        now = self._now() - self._began
        way = self._ways[direction]
        limit = LONGEST_LINE if direction is Direction.RECEIVED else None
        for line in way.feed(data, limit):
            data = line.data[:LONGEST_LINE]
            secret = secret_of(data, direction is Direction.SENT)
            shown = masked(data, secret) if secret else data
            self._keep(
                WireLine(
                    next(self._keys),
                    direction,
                    now,
                    shown[:KEPT_BYTES],
                    len(line.data),
                    secret,
                    line.pieces,
                    line.cuts,
                    self._transport,
                    line.is_endless,
                )
            )

    def _happened(self, words: str) -> None:
        self._keep(Happening(next(self._keys), self._now() - self._began, words))

    def _keep(self, record: Record) -> None:
        if self._keeper is not self:
            self._keeper._keep(record)
            return
        self.records.append(record)
        if len(self.records) > KEPT_LINES:
            del self.records[0]
        self.on_record(record)


class _Whole(NamedTuple):
    data: bytes
    pieces: tuple[tuple[Transfer, int], ...]
    cuts: int
    is_endless: bool = False


class _Way:
    """One direction of a connection: the line that is not whole yet, and what it came in."""

    def __init__(self) -> None:
        self._number = 0
        self._parts: list[bytes] = []
        self._pieces: list[tuple[Transfer, int]] = []
        self._size = 0
        self._has_overflowed = False

    def feed(self, data: bytes, limit: int | None) -> list[_Whole]:
        """The lines that ``data`` completes, those of `chatapp.irc.framing.LineBuffer`."""
        self._number += 1
        if self._has_overflowed:
            return []
        parts = data.split(b"\n")
        transfer = Transfer(self._number, len(data), len(parts) - (not parts[-1]))
        lines = []
        for at, part in enumerate(parts):
            is_whole = at < len(parts) - 1
            self._add(part, transfer, is_whole)
            if limit is not None and self._size > limit:
                self._has_overflowed = True
                lines.append(self._take(is_endless=True))
                break
            if is_whole:
                line = self._take()
                if line.data.rstrip(b"\r\n"):
                    lines.append(line)
        return lines

    def _add(self, part: bytes, transfer: Transfer, is_whole: bool) -> None:
        """Take in a part of a line; its end counts to the transfer, not to the limit."""
        self._parts.append(part + b"\n" if is_whole else part)
        self._size += len(part)
        if part or is_whole:
            self._pieces.append((transfer, len(part) + is_whole))

    def _take(self, *, is_endless: bool = False) -> _Whole:
        pieces = self._pieces
        line = _Whole(b"".join(self._parts), tuple(pieces[:_KEPT_PIECES]), len(pieces) - 1, is_endless)
        self._parts, self._pieces, self._size = [], [], 0
        return line

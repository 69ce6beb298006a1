"""How closely a member listens: followed (compared with a shared stream), checked (each message), counted."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from chatapp.bench.stream import SharedStream
from chatapp.bench.tally import Tally
from chatapp.bench.text import MARK, TIMES, clock, mark_of

#: How many delays one member notes at most.
_MOST_DELAYS = 1_000_000


@dataclass(slots=True)
class Verdict:
    """What became of the messages that a member, or several, should have heard."""

    received: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0

    def add(self, other: Verdict) -> None:
        """Count ``other`` in."""
        self.received += other.received
        self.lost += other.lost
        self.doubled += other.doubled
        self.disordered += other.disordered


class Reader(Protocol):
    """One member's ear."""

    def take(self, piece: memoryview) -> bool:
        """Take in what came from the network; false when this reader cannot make sense of it."""

    def heard(self, sender: int) -> int:
        """How many messages of ``sender`` have come, as far as a window needs to know."""

    def received(self) -> int:
        """How many messages have come."""

    def verdict(self, sent: Mapping[int, int]) -> Verdict:
        """Judge, when each of these senders has sent so many."""


class Followed:
    """Hears what everybody hears: each byte is compared with a `SharedStream`."""

    __slots__ = ("_heard", "_mark", "position", "stream")

    def __init__(self, stream: SharedStream, sender: int | None = None) -> None:
        self.stream = stream
        self.position = 0
        self._mark = mark_of(sender) if sender is not None else b""
        self._heard = 0

    def take(self, piece: memoryview) -> bool:
        """As `Reader`; false when the bytes are others than the stream's."""
        start = self.position
        if not self.stream.agree(start, piece):
            return False
        self.position = end = start + len(piece)
        if self._mark:
            self._heard += self.stream.count(self._mark, start, end)
        return True

    def heard(self, sender: int) -> int:
        """As `Reader`: a speaker's own messages; with a listener, what the first of the stream has heard."""
        return self._heard if self._mark else self.stream.tally.heard(sender)

    def received(self) -> int:
        """As `Reader`."""
        if self.position == self.stream.end:
            return self.stream.tally.received
        return self.stream.tally_at(self.position)[0].received

    def verdict(self, sent: Mapping[int, int]) -> Verdict:
        """As `Reader`."""
        at_end = self.position == self.stream.end
        return _judge(self.stream.tally if at_end else self.stream.tally_at(self.position)[0], sent)

    def depart(self) -> Checked:
        """The reader that goes on from here alone."""
        tally, rest = self.stream.tally_at(self.position)
        return Checked(tally, rest=rest)


class Checked:
    """Reads each message on its own; notes how long it took, in microseconds, where ``delays`` is given."""

    __slots__ = ("_rest", "delays", "tally")

    def __init__(self, tally: Tally, delays: array[int] | None = None, rest: bytes = b"") -> None:
        self.tally = tally
        self.delays = delays
        self._rest = rest

    def take(self, piece: memoryview) -> bool:
        """As `Reader`; always true."""
        now = clock()
        data = self._rest + piece
        whole = data.rfind(b"\n") + 1
        self._rest = data[whole:]
        self.tally.read(data, 0, whole)
        if self.delays is not None and len(self.delays) < _MOST_DELAYS:
            self.delays.extend([max(0, now - then) for then in map(int, TIMES.findall(data, 0, whole))])
        return True

    def heard(self, sender: int) -> int:
        """As `Reader`."""
        return self.tally.heard(sender)

    def received(self) -> int:
        """As `Reader`."""
        return self.tally.received

    def verdict(self, sent: Mapping[int, int]) -> Verdict:
        """As `Reader`."""
        return _judge(self.tally, sent)


class Counted:
    """Counts messages and nothing more: of several that were lost and doubled it knows the difference."""

    __slots__ = ("_received",)

    def __init__(self, received: int = 0) -> None:
        self._received = received

    def take(self, piece: memoryview) -> bool:
        """As `Reader`; always true."""
        self._received += bytes(piece).count(MARK)
        return True

    def heard(self, sender: int) -> int:
        """As `Reader`: it cannot tell senders apart, so a window must not ask it."""
        raise LookupError("a counted member does not know who spoke")

    def received(self) -> int:
        """As `Reader`."""
        return self._received

    def verdict(self, sent: Mapping[int, int]) -> Verdict:
        """As `Reader`."""
        missing = sum(sent.values()) - self._received
        return Verdict(self._received, lost=max(0, missing), doubled=max(0, -missing))


def _judge(tally: Tally, sent: Mapping[int, int]) -> Verdict:
    return Verdict(tally.received, tally.lost(sent), tally.doubled, tally.disordered)

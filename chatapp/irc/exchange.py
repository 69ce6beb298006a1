"""One side of a conversation over datagrams: what one side writes, the other reads, once and in order.

Sans-I/O: datagrams in, datagrams out, and `due` tells when to look again. Time (seconds, never going back)
and dice come from outside. The rules, as docs/udp.md has them:

- What is written is cut into pieces, numbered from 0. At most `WINDOW` of them are on their way.
- A piece is sent again when it was not acknowledged in time: with a patience that is learnt from the answers,
  grows by half with each try, and is spread by dice. When three pieces that were sent after it have arrived,
  it is sent again at once.
- Pieces are read in order, each once. What comes too early waits, what comes too far ahead is not taken.
- A side that has nothing to say still says so every `KEEP_ALIVE` seconds; who has heard nothing for
  `GIVE_UP` seconds gives up.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from chatapp.irc.datagram import PIECE_BYTES, Datagram, Kind, format_datagram

#: Pieces on their way at most, and pieces that a reader takes ahead of the one it is at.
WINDOW = 64
#: Pieces on their way at first, and the fewest that may be, however many are lost.
FIRST_WINDOW, LEAST_WINDOW = 16, 8
#: Seconds of silence after which a side says that it is there, and after which the other is gone.
KEEP_ALIVE, GIVE_UP = 5.0, 30.0
#: Seconds until a piece is sent again: before anything was learnt, at least, and at most.
FIRST_PATIENCE, LEAST_PATIENCE, MOST_PATIENCE = 0.3, 0.05, 2.0
#: How much longer each next try is waited for.
_LONGER = 1.5
#: A piece is lost when so many pieces sent after it have arrived.
_OVERTAKEN = 3


class _Piece:
    """A piece on its way. ``turn`` counts all sending, so that it tells what was sent after what."""

    __slots__ = ("data", "due", "sent", "timeouts", "tries", "turn")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.tries = self.timeouts = self.turn = 0
        self.sent = self.due = 0.0


class Exchange:
    """One side. ``id`` and ``token`` are of this conversation alone; datagrams of another are not heard.

    ``ended``: the other side has said goodbye, with ``reason``, or knows nothing of this conversation.
    """

    def __init__(self, id_: str, token: str, now: float, dice: Callable[[], float]) -> None:
        self.id = id_
        self.token = token
        self.ended = False
        self.reason = ""
        self._dice = dice
        self._heard = self._spoke = now
        # What goes out
        self._unsent = bytearray()
        self._flight: dict[int, _Piece] = {}
        self._number = self._turn = 0
        self._window = float(FIRST_WINDOW)
        self._narrowed = -inf
        self._round_trip: float | None = None
        self._deviation = 0.0
        # What comes in
        self._early: dict[int, bytes] = {}
        self._awaited = self._read = 0
        self._owes_ack = False

    # What is said

    def write(self, data: bytes) -> None:
        """Have ``data`` read at the other side."""
        self._unsent += data

    def read(self) -> bytes:
        """The next of what the other side wrote, b"" if nothing is there. Until it is read it takes room."""
        data = self._early.pop(self._read, b"")
        if data:
            self._read += 1
        return data

    @property
    def waiting(self) -> int:
        """Bytes that were written and are not known to have arrived."""
        return len(self._unsent) + sum(len(piece.data) for piece in self._flight.values())

    # What the network brings and takes

    def hear(self, datagram: Datagram, now: float) -> None:
        """Take in a datagram of the other side."""
        if datagram.id != self.id or datagram.token != self.token or self.ended:
            return
        self._heard = now
        match datagram.kind:
            case Kind.DATA:
                self._take(datagram)
                self._acknowledged(datagram.awaited, (), now)
            case Kind.ACK:
                self._acknowledged(datagram.awaited, datagram.also, now)
            case Kind.BYE | Kind.GONE:
                self.ended = True
                self.reason = datagram.reason

    def datagrams(self, now: float) -> list[bytes]:
        """What is to be sent now; to be asked after every `write` and `hear`, and when `due` has come."""
        if self.ended:
            return []
        out = [self._send_again(number, piece, now) for number, piece in self._late(now)]
        while self._unsent and self._has_room():
            piece = self._flight[self._number] = _Piece(self._cut())
            out.append(self._send(self._number, piece, now))
            self._number += 1
        if (self._owes_ack and (self._early_ones() or not out)) or now - self._spoke >= KEEP_ALIVE:
            also = self._early_ones()
            out.append(format_datagram(Datagram(Kind.ACK, self.id, self.token, 0, self._awaited, also)))
        if out:
            self._spoke = now
        self._owes_ack = False
        return out

    def due(self) -> float:
        """When `datagrams` or `is_lost` is to be asked next."""
        due = min((piece.due for piece in self._flight.values()), default=inf)
        return min(due, self._spoke + KEEP_ALIVE, self._heard + GIVE_UP)

    def is_lost(self, now: float) -> bool:
        """Whether the other side has been silent for too long."""
        return now - self._heard >= GIVE_UP

    def goodbye(self, reason: str = "") -> bytes:
        """End the conversation; the datagram that says so."""
        self.ended = True
        return format_datagram(Datagram(Kind.BYE, self.id, self.token, reason=reason))

    # Inside: what comes in

    def _take(self, datagram: Datagram) -> None:
        self._owes_ack = True
        number = datagram.number
        if not self._awaited <= number < self._read + WINDOW or number in self._early:
            return
        self._early[number] = datagram.piece
        while self._awaited in self._early:
            self._awaited += 1

    def _early_ones(self) -> tuple[int, ...]:
        """The numbers that are here although one before them is not."""
        return tuple(sorted(number for number in self._early if number > self._awaited))

    # Inside: what goes out

    def _has_room(self) -> bool:
        """Whether one more piece may be on its way; the other side takes none too far ahead of its gap."""
        gap = next(iter(self._flight), self._number)
        return len(self._flight) < int(self._window) and self._number < gap + WINDOW

    def _cut(self) -> bytes:
        """The next piece of what is to be sent: whole lines, unless one is longer than a piece."""
        end = min(len(self._unsent), PIECE_BYTES)
        if end < len(self._unsent):
            end = self._unsent.rfind(b"\n", 0, end) + 1 or end
        data = bytes(self._unsent[:end])
        del self._unsent[:end]
        return data

    def _send(self, number: int, piece: _Piece, now: float) -> bytes:
        self._turn += 1
        piece.turn = self._turn
        piece.tries += 1
        piece.sent = now
        patience = min(self._patience() * _LONGER ** min(piece.timeouts, 20), MOST_PATIENCE)
        piece.due = now + patience * (1 + self._dice() / 4)
        return format_datagram(
            Datagram(Kind.DATA, self.id, self.token, number, self._awaited, piece=piece.data)
        )

    def _send_again(self, number: int, piece: _Piece, now: float) -> bytes:
        if now - self._narrowed >= self._patience():
            self._window = max(self._window / 2, LEAST_WINDOW)
            self._narrowed = now
        return self._send(number, piece, now)

    def _late(self, now: float) -> list[tuple[int, _Piece]]:
        """The pieces that must be sent again: no more of them at once than the window has room."""
        late = [(number, piece) for number, piece in self._flight.items() if piece.due <= now]
        late = late[: int(self._window)]
        for _number, piece in late:
            piece.timeouts += piece.due > piece.sent
        return late

    def _patience(self) -> float:
        if self._round_trip is None:
            return FIRST_PATIENCE
        return max(self._round_trip + 4 * self._deviation, LEAST_PATIENCE)

    def _acknowledged(self, awaited: int, also: tuple[int, ...], now: float) -> None:
        """All before ``awaited`` has arrived, and so have ``also``."""
        if awaited > self._number:
            return
        arrived = [number for number in self._flight if number < awaited]
        arrived += [number for number in also if number in self._flight and number >= awaited]
        latest = 0
        for number in dict.fromkeys(arrived):
            piece = self._flight.pop(number)
            latest = max(latest, piece.turn if piece.tries == 1 else 0)
            self._window = min(self._window + 1, WINDOW)
            if piece.tries == 1:
                self._learn(now - piece.sent)
        for piece in self._flight.values() if arrived else ():
            piece.timeouts = 0  # the way is open
            if latest - piece.turn >= _OVERTAKEN and piece.due > now:
                piece.due = piece.sent = now  # which is no timeout: nobody was impatient

    def _learn(self, took: float) -> None:
        """An answer took so many seconds (RFC 6298, 2)."""
        if self._round_trip is None:
            self._round_trip, self._deviation = took, took / 2
            return
        self._deviation += (abs(self._round_trip - took) - self._deviation) / 4
        self._round_trip += (took - self._round_trip) / 8

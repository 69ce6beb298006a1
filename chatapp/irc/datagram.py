"""One datagram of a chat over UDP, as text: a line that says what it is, then a piece of the conversation.

docs/udp.md has the whole format. Nothing here remembers anything; `chatapp.irc.exchange` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

#: With this begins every datagram of the format; any other is somebody's plain words.
MARK = b"chat/1 "
#: No datagram is larger: it passes every usual network in one piece.
DATAGRAM_BYTES = 1200
#: So many bytes of the conversation fit beside the longest first line.
PIECE_BYTES = 1100
#: Digits (hexadecimal) of what the client chooses, and of what the server answers.
ID_DIGITS, TOKEN_DIGITS = 16, 32
#: Stands for the token while there is none, so that the answer is no longer than the question.
NO_TOKEN = "-" * TOKEN_DIGITS
#: The most numbers that an ACK names besides the next one.
MOST_ALSO = 32
#: The longest reason of a BYE, in bytes.
REASON_BYTES = 300

_FIRST_LINE = re.compile(
    rb"chat/1 (HELLO|TOKEN|DATA|ACK|BYE|GONE) ([0-9a-f]{16}) ([0-9a-f]{32}|-{32})(?: ([^\n]*))?\n"
)
_NUMBER = r"(0|[1-9][0-9]{0,8})"
_DATA = re.compile(rf"{_NUMBER} {_NUMBER} {_NUMBER}".encode())
_ACK = re.compile(rf"{_NUMBER} (-|[0-9,]{{1,400}})".encode())


class Kind(Enum):
    """What a datagram is for: see docs/udp.md."""

    HELLO = "HELLO"
    TOKEN = "TOKEN"
    DATA = "DATA"
    ACK = "ACK"
    BYE = "BYE"
    GONE = "GONE"


@dataclass(frozen=True, slots=True)
class Datagram:
    """``number`` is of this piece (DATA); ``awaited`` of the first that is missing (DATA, ACK).

    ``also`` are numbers after ``awaited`` that have arrived (ACK); ``piece`` is a part of the conversation
    (DATA); ``reason`` is words for a person (BYE).
    """

    kind: Kind
    id: str
    token: str = NO_TOKEN
    number: int = 0
    awaited: int = 0
    also: tuple[int, ...] = ()
    piece: bytes = b""
    reason: str = ""


def format_datagram(datagram: Datagram) -> bytes:
    """The bytes of ``datagram``. A ``reason`` that is too long is cut; of ``also`` the first are named."""
    words = [datagram.kind.value, datagram.id, datagram.token]
    match datagram.kind:
        case Kind.DATA:
            words += [str(datagram.number), str(datagram.awaited), str(len(datagram.piece))]
        case Kind.ACK:
            words += [str(datagram.awaited), ",".join(map(str, datagram.also[:MOST_ALSO])) or "-"]
        case Kind.BYE if datagram.reason:
            reason = " ".join(datagram.reason.split())
            words.append(reason.encode("utf-8", "replace")[:REASON_BYTES].decode("utf-8", "ignore"))
    return MARK + " ".join(words).encode() + b"\n" + datagram.piece


def parse_datagram(data: bytes) -> Datagram | None:
    """What ``data`` says, or ``None`` where it is not whole or not of this format."""
    first = _FIRST_LINE.match(data)
    if first is None or len(data) > DATAGRAM_BYTES:
        return None
    kind, id_, token = Kind(first[1].decode()), first[2].decode(), first[3].decode()
    rest, piece = first[4] or b"", data[first.end() :]
    if (token == NO_TOKEN) != (kind is Kind.HELLO) or (piece != b"") != (kind is Kind.DATA):
        return None
    match kind:
        case Kind.DATA:
            return _data(id_, token, rest, piece)
        case Kind.ACK:
            return _ack(id_, token, rest)
        case Kind.BYE:
            return Datagram(kind, id_, token, reason=rest.decode("utf-8", "replace"))
        case _:
            return Datagram(kind, id_, token) if not rest else None


def _data(id_: str, token: str, rest: bytes, piece: bytes) -> Datagram | None:
    numbers = _DATA.fullmatch(rest)
    if numbers is None or len(piece) > PIECE_BYTES or len(piece) != int(numbers[3]):
        return None
    return Datagram(Kind.DATA, id_, token, int(numbers[1]), int(numbers[2]), piece=piece)


def _ack(id_: str, token: str, rest: bytes) -> Datagram | None:
    numbers = _ACK.fullmatch(rest)
    if numbers is None:
        return None
    words = [] if numbers[2] == b"-" else numbers[2].split(b",")
    if len(words) > MOST_ALSO or not all(0 < len(word) <= 9 for word in words):
        return None
    return Datagram(Kind.ACK, id_, token, awaited=int(numbers[1]), also=tuple(map(int, words)))

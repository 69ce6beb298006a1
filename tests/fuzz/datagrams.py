"""Bytes for datagrams: their format, and two sides of a conversation that somebody throws rubbish at."""

from __future__ import annotations

import random

from fuzz.target import Target, pieces

from chatapp.irc.datagram import (
    DATAGRAM_BYTES,
    ID_DIGITS,
    TOKEN_DIGITS,
    Datagram,
    Kind,
    format_datagram,
    parse_datagram,
)
from chatapp.irc.exchange import WINDOW, Exchange

_ID, _TOKEN = "0" * ID_DIGITS, "a" * TOKEN_DIGITS
_HEAD = f"{_ID} {_TOKEN}".encode()


def one_datagram(data: bytes) -> None:
    """What is read as a datagram is written as one that says the same."""
    found = parse_datagram(data[1:])
    if found is not None:
        written = format_datagram(found)
        assert len(written) <= DATAGRAM_BYTES + 8
        again = parse_datagram(written)
        assert again is not None
        # Of words for a person the blanks may differ.
        assert (again.kind, again.id, again.token, again.number, again.awaited, again.also, again.piece) == (
            (found.kind, found.id, found.token, found.number, found.awaited, found.also, found.piece)
        )


def conversation(data: bytes) -> None:
    """Two sides talk, and some of what passes between them is lost, doubled, changed or somebody else's.

    What the one reads is a beginning of what the other wrote: nothing twice, nothing out of order. Where
    rubbish with the right token came, whose sender can read along, only that nothing breaks.
    """
    dice = random.Random(data[:1])
    ana, bob = (Exchange(_ID, _TOKEN, 0.0, dice.random) for _ in range(2))
    read, now, is_forged = b"", 0.0, False
    ana.write(data[1:])
    for piece, silence in [*pieces(data), (b"", 1.0), (b"", 1.0), (b"", 1.0)]:
        now += silence + 0.01
        forged = parse_datagram(piece)
        is_forged = is_forged or (forged is not None and (forged.id, forged.token) == (_ID, _TOKEN))
        if forged is not None:
            bob.hear(forged, now)
            ana.hear(forged, now)
        for speaker, hearer in ((ana, bob), (bob, ana)):
            for sent in speaker.datagrams(now):
                assert len(sent) <= DATAGRAM_BYTES
                for _time in range(dice.choice((0, 1, 1, 1, 2))):
                    heard = parse_datagram(sent)
                    assert heard is not None
                    hearer.hear(heard, now)
            assert len(hearer._early) <= WINDOW
        while got := bob.read():
            read += got
        assert ana.due() >= 0
    assert is_forged or data[1:].startswith(read)


def stamped(data: bytes, id_: str, token: str) -> bytes:
    """``data`` with the id and the token of a real conversation in the place of ours."""
    return data.replace(_ID.encode(), id_.encode()).replace(_TOKEN.encode(), token.encode())


def _sample(kind: Kind, **about) -> bytes:
    return format_datagram(Datagram(kind, _ID, _TOKEN, **about))


WORDS = (
    *(
        b"chat/1",
        b"HELLO",
        b"TOKEN",
        b"DATA",
        b"ACK",
        b"BYE",
        b"GONE",
        _HEAD,
        b"-" * TOKEN_DIGITS,
        b"\n",
        b"0",
        b"63",
    ),
    *(_sample(Kind.DATA, piece=b"NICK x\r\n"), _sample(Kind.ACK, awaited=1, also=(2, 3)), _sample(Kind.GONE)),
    *(_sample(Kind.BYE, reason="bye"), b"PRIVMSG #r :x\r\n", b"999999999"),
)
TARGETS = (Target("datagram", one_datagram, WORDS), Target("exchange", conversation, WORDS))

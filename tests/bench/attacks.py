"""Attacks on a server: each goes on until it is told to stop, and counts what it has done."""

from __future__ import annotations

import base64
import itertools
import os
import random
import selectors
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from chatapp.irc.datagram import Datagram, Kind, format_datagram

_NUMBERS = itertools.count(random.randrange(10**6) * 1000)


class Field(NamedTuple):
    """Where the server is."""

    address: tuple[str, int]


class Attack(NamedTuple):
    """``run(field, begun, count, stop)`` sets ``begun`` when it is under way."""

    name: str
    run: Callable[[Field, Any, Any, Any], None]


class Attacker:
    """A connection that says the same again and again, and reads what it is told."""

    def __init__(self, field: Field, public: bool, first: bytes = b"") -> None:
        self.socket = socket.create_connection(field.address, timeout=10)
        self.nick = f"x{os.getpid()}-{next(_NUMBERS) % 10**6}"
        number = next(_NUMBERS)
        address = f"9.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        proxy = f"PROXY TCP4 {address} 127.0.0.1 1 1\r\n" if public else ""
        self.socket.sendall(proxy.encode() + first)
        self.waiting = b""

    def fileno(self) -> int:
        return self.socket.fileno()


def _opened(field: Field, people: int, public: bool, caps: str = "") -> list[Attacker]:
    """So many who have come in."""
    found = []
    for _ in range(people):
        one = Attacker(field, public)
        one.socket.settimeout(60)
        asked = f"CAP REQ :{caps}\r\n" if caps else ""
        one.socket.sendall(f"{asked}NICK {one.nick}\r\nUSER x 0 * :x\r\nCAP END\r\nJOIN #big\r\n".encode())
        heard = b""
        while b" 366 " not in heard:
            got = one.socket.recv(65536)
            assert got, f"not let in: {heard[-300:]!r}"
            heard += got
        one.socket.setblocking(False)
        found.append(one)
    return found


def _flood(people: Sequence[Attacker], lines: Callable[[Attacker], bytes], count, stop) -> None:
    """Everybody says ``lines`` as often as the server reads them, and reads what comes."""
    with selectors.DefaultSelector() as selector:
        for one in people:
            selector.register(one, selectors.EVENT_READ | selectors.EVENT_WRITE, one)
        while not stop.is_set():
            for key, events in selector.select(0.1):
                one = key.data
                with suppress(BlockingIOError, ConnectionError):
                    if events & selectors.EVENT_READ:
                        one.socket.recv(1 << 18)
                    if events & selectors.EVENT_WRITE:
                        one.waiting = one.waiting or lines(one)
                        sent = one.socket.send(one.waiting)
                        count.value += one.waiting[:sent].count(b"\n")
                        one.waiting = one.waiting[sent:]


def asking(*lines: str, public: bool, people: int = 16, caps: str = "") -> Callable[..., None]:
    """A flood of ``lines`` by ``people``; ``{nick}`` and ``{n}`` are filled in."""

    def run(field: Field, begun, count, stop) -> None:
        attackers = _opened(field, people, public, caps)
        begun.set()

        def said(one: Attacker) -> bytes:
            text = "".join(f"{line}\r\n" for line in lines)
            return (text.replace("{nick}", one.nick).replace("{n}", str(next(_NUMBERS))) * 20).encode()

        _flood(attackers, said, count, stop)

    return run


def holding(first: bytes, people: int = 1000, drip: bytes = b"", public: bool = False) -> Callable[..., None]:
    """Many who say ``first`` and no more, or ``drip`` a byte of it now and then."""

    def run(field: Field, begun, count, stop) -> None:
        held: list[Attacker] = []
        begun.set()
        drops: Iterator[int] = itertools.cycle(range(max(len(drip), 1)))
        while not stop.is_set():
            if len(held) < people:
                with suppress(OSError):
                    held.append(Attacker(field, public, first))
                    count.value += 1
            elif stop.wait(0.2):
                break
            if drip and len(held) >= people:
                at = next(drops)
                for one in held:
                    with suppress(OSError):
                        one.socket.sendall(drip[at : at + 1])

    return run


def coming_and_going(first: bytes, public: bool = False) -> Callable[..., None]:
    """Connections without end, each closed at once."""

    def run(field: Field, begun, count, stop) -> None:
        begun.set()
        while not stop.is_set():
            with suppress(OSError):
                one = Attacker(field, public, first)
                one.socket.close()
                count.value += 1

    return run


def guessing(people: int = 100) -> Callable[..., None]:
    """Many who guess passwords, each of another account, from this machine, where nobody counts them."""

    def run(field: Field, begun, count, stop) -> None:
        attackers = _opened(field, people, False, "sasl")
        begun.set()

        def guess(one: Attacker) -> bytes:
            proof = base64.b64encode(f"\0n{next(_NUMBERS)}\0guess".encode()).decode()
            return f"AUTHENTICATE PLAIN\r\nAUTHENTICATE {proof}\r\n".encode()

        _flood(attackers, guess, count, stop)

    return run


def registering(people: int = 16) -> Callable[..., None]:
    """Many who make accounts."""

    def run(field: Field, begun, count, stop) -> None:
        attackers = _opened(field, people, False)
        begun.set()
        _flood(attackers, lambda one: b"REGISTER * * secret\r\n", count, stop)

    return run


def shaking_hands() -> Callable[..., None]:
    """TLS handshakes without end: they cost the server more than the caller."""

    def run(field: Field, begun, count, stop) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        begun.set()
        while not stop.is_set():
            with (
                suppress(OSError),
                socket.create_connection(field.address, timeout=5) as plain,
                context.wrap_socket(plain),
            ):
                count.value += 1

    return run


def sending_datagrams(*datagrams: bytes) -> Callable[..., None]:
    """Datagrams as fast as they go."""

    def run(field: Field, begun, count, stop) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            begun.set()
            while not stop.is_set():
                for datagram in datagrams * 20:
                    with suppress(OSError):
                        sender.sendto(datagram, field.address)
                        count.value += 1

    return run


_HELLO = format_datagram(Datagram(Kind.HELLO, "0123456789abcdef"))
_FORGED = format_datagram(Datagram(Kind.DATA, "0123456789abcdef", "a" * 32, piece=b"NICK x\r\n"))
_HISTORY = "batch draft/chathistory soju.im/search draft/metadata-2 message-tags"
_QUESTIONS: dict[str, tuple[str, ...]] = {
    "LIST": ("LIST",),
    "LIST with masks": ("LIST " + ",".join(["*a*b*c*"] * 40),),
    "WHO of a room of 500": ("WHO #big %tcuihsnfdlaor,1",),
    "WHO with a mask": ("WHO *a*b*c*d*",),
    "NAMES": ("NAMES #big",),
    "CHATHISTORY": ("CHATHISTORY LATEST #big * 1000",),
    "SEARCH": ("SEARCH text=tea;limit=1000",),
    "MONITOR": ("MONITOR + " + ",".join(f"q{n}" for n in range(80)), "MONITOR S", "MONITOR C"),
    "METADATA": ("METADATA * SET url :x{n}", "METADATA #big SYNC"),
    "WHOIS": ("WHOIS p1", "WHOWAS p400"),
    "JOIN and PART": ("PART #big", "JOIN #big"),
    "NICK": ("NICK y{n}",),
    "rooms without end": ("JOIN #z{n}", "PART #z{n}"),
    "KNOCK and INVITE": ("KNOCK #big", "INVITE p1 #big"),
    "messages to a room": ("PRIVMSG #big :flood {n}",),
    "messages to one person": ("PRIVMSG p1 :flood {n}", "INVITE p1 #x{n}"),
    "typing": ("@+typing=active TAGMSG #big",),
    "lines too long": ("PRIVMSG #big :" + "x" * 600, "@" + "a" * 5000 + " PING x"),
    "nonsense": ("NONSENSE {n}", ":", "@"),
}
_HOLDS = {
    "a half line": b"PRIVMSG #quiet :x",
    "half a registration": b"NICK x\r\nCAP LS 302\r\n",
    "half a TLS handshake": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "half an HTTP head": b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nX: ",
    "half a PROXY line": b"PROXY TCP4 9.9.9.9 ",
    "silence": b"",
}
ATTACKS: tuple[Attack, ...] = (
    *(
        Attack(f"{name}, {where}", asking(*lines, public=where == "internet", caps=_HISTORY))
        for name, lines in _QUESTIONS.items()
        for where in ("internet", "network")
    ),
    *(Attack(f"1000 with {name}", holding(first, drip=b"yyyyyy")) for name, first in _HOLDS.items()),
    Attack("connections without end", coming_and_going(b"")),
    Attack("registrations without end", coming_and_going(b"NICK x\r\nUSER x 0 * :x\r\n")),
    Attack("5000 at once", holding(b"NICK x\r\n", 5000)),
    Attack("TLS handshakes without end", shaking_hands()),
    Attack("100 guess passwords", guessing()),
    Attack("16 make accounts", registering()),
    Attack("HELLO datagrams", sending_datagrams(_HELLO)),
    Attack("forged datagrams", sending_datagrams(_FORGED, b"chat/1 junk\n", b"\0\xff")),
)

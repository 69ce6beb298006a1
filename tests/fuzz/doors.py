"""Bytes for every way in: the real protocols, world, pump and port without a network, and others in the room.

Whatever comes in, no exception escapes, nothing is logged as an error, nobody stays behind, and who else is
in the room hears well-formed lines only.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fuzz.beginnings import HTTP_WORDS, PROXY_WORDS, TELNET_WORDS
from fuzz.datagrams import WORDS as DATAGRAM_WORDS
from fuzz.datagrams import stamped
from fuzz.hasty_loop import Way, on_hasty_loop
from fuzz.heard import check_frames, check_lines, check_prose
from fuzz.target import Target, pieces
from fuzz.words_of_irc import CAPABILITIES, WORDS
from instant_proofs import InstantProofs, verifier_of
from listeners.datagrams import Caller as UdpCaller
from listeners.datagrams import Paper
from listeners.house import OpenHouse
from websockets.frames import Frame, Opcode

from chatapp.core.ports import AccountState
from chatapp.core.settings import OperatorSettings, ServerSettings, Settings
from chatapp.listeners.caller import Caller
from chatapp.listeners.proxy import Proxies
from chatapp.listeners.udp import UdpPort
from chatapp.server.timers import look_after

_SETTINGS = Settings(
    server=ServerSettings(webirc_password="secret", trusted_proxies=("10.0.0.0/8",)),
    operators=(OperatorSettings("root", "root"),),
)
_PROXIES = Proxies("optional", ("10.0.0.0/8",))
_GREETING = b"NICK witness\r\nUSER w 0 * :w\r\nCAP END\r\nJOIN #r\r\n"
_UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Protocol: text.ircv3.net\r\n\r\n"
)


class _Errors(logging.Handler):
    """What was logged as an error: a mistake of ours."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class House(OpenHouse):
    """A house with an account "root" and two who listen in #r: a program, and a person with nc."""

    def open(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.world.proofs = InstantProofs()
        state = AccountState("root", self.world.now(), verifier_of("secret"), self.world.new_owner())
        self.world.accounts.add(state)
        self.witness, self.reader = self.way(), self.way()

    async def seat(self) -> None:
        await self.witness.bring(b"CAP REQ :" + CAPABILITIES + b"\r\n" + _GREETING)
        await self.reader.bring(b"reader\n/join #r\n")
        await asyncio.sleep(0.01)
        self.witness.written.clear()
        self.reader.written.clear()

    def way(self, address: str = "127.0.0.1") -> Way:
        """A new connection from ``address``."""
        way = Way(self.loop, address)
        way.begin(Caller(self.port, proxies=_PROXIES))
        return way

    async def check(self) -> None:
        """All who came are gone, and the others have heard nothing that they should not."""
        look_after(self.world)
        await asyncio.sleep(400)
        self.port.sweep(self.loop.time())
        await asyncio.sleep(0.01)
        here = sum(not way.is_lost for way in (self.witness, self.reader))
        assert len(self.world.sessions) == self.admission.total == here
        assert not self.port.undecided and not self.port.greeted
        check_lines(bytes(self.witness.written))
        check_prose(self.reader.written)
        for folded, user in self.world.users.items():
            assert folded == user.folded
            assert user.sessions or user.stays


@asynccontextmanager
async def _open() -> AsyncIterator[House]:
    house = House(_SETTINGS)
    beat = asyncio.create_task(house.pump.run(house.delivery))
    house.open()
    try:
        await house.seat()
        yield house
        await house.check()
    finally:
        beat.cancel()
        await asyncio.gather(beat, *house.tasks, return_exceptions=True)


def _run(story: Callable[[House], Awaitable[None]]) -> None:
    """Run ``story`` in a house; what its loop and its log were told of is a failure."""
    errors, log = _Errors(), logging.getLogger("chatapp")
    before, log.propagate = log.propagate, False
    log.addHandler(errors)

    async def inside(loop):
        async with _open() as house:
            await story(house)
        assert loop.complaints == []

    try:
        on_hasty_loop(inside)
    finally:
        log.removeHandler(errors)
        log.propagate = before
    assert not errors.records, [record.getMessage() for record in errors.records]


def _door(
    first: bytes, check: Callable[[bytes], None], address: str = "127.0.0.1"
) -> Callable[[bytes], None]:
    """Say ``first``, then the input, and check what is answered."""

    def run(data: bytes) -> None:
        async def story(house: House) -> None:
            way = house.way(address)
            is_open = await way.bring(first) if first else True
            for piece, silence in pieces(data):
                is_open = is_open and await way.bring(piece)
                await asyncio.sleep(silence)
            await way.end(is_cut=random.Random(data[:1] + b"end").random() < 0.5)
            check(bytes(way.written))

        _run(story)

    return run


def _udp(data: bytes) -> None:
    """Datagrams: a proven conversation, whose token stands in the input, and whoever says whatever."""

    async def story(house: House) -> None:
        port, paper = UdpPort(house.port.house, house.admission), Paper()
        port.connection_made(paper)
        ana = UdpCaller(port, paper).hello()
        ana.say("NICK ana", "USER a 0 * :a", "JOIN #r")
        for piece, silence in pieces(data):
            for datagram in piece.split(b"\n\n"):
                sender = random.Random(datagram[:9]).choice((ana.address, ana.address, ("10.1.2.3", 2000)))
                port.datagram_received(stamped(datagram, ana.id, ana.token), sender)
                if sender != ana.address:
                    assert all(len(sent) <= 1200 for sent in paper.take(sender))
            await asyncio.sleep(silence)
        port.close()
        await asyncio.sleep(0.01)

    _run(story)


def _anything(_data: bytes) -> None:
    """Every protocol has its own answer."""


def _frames() -> tuple[bytes, ...]:
    said = (
        b"NICK x",
        b"USER x 0 * :x",
        b"CAP END",
        b"JOIN #r",
        b"PRIVMSG #r :\xc3\xa9",
        b"PRIVMSG #r :\xff",
        b"",
    )
    whole = [Frame(Opcode.TEXT, text).serialize(mask=True) for text in said]
    odd = [
        Frame(Opcode.TEXT, b"PRIVMSG #r :half", fin=False).serialize(mask=True),
        Frame(Opcode.CONT, b" rest").serialize(mask=True),
        Frame(Opcode.BINARY, b"PING x\r\nPING y").serialize(mask=True),
        Frame(Opcode.PING, b"p").serialize(mask=True),
        Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True),
        Frame(Opcode.TEXT, b"PING unmasked").serialize(mask=False),
        Frame(Opcode.TEXT, b"x" * 16385).serialize(mask=True),
        b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\xc1\x85",
    ]
    return (*whole, *odd)


_COMING_IN = b"CAP REQ :" + CAPABILITIES + b"\r\nNICK x\r\nUSER x 0 * :x\r\nCAP END\r\nJOIN #r\r\n"
_TYPED = (
    b"/join #r",
    b"/msg witness",
    b"/nick x",
    b"/me",
    b"/history 9",
    b"/topic x",
    b"/names",
    b"/help",
    b"//x",
)
_PROSE = (
    *TELNET_WORDS,
    *_TYPED,
    b"x",
    "ol\u00e1".encode(),
    b"\xe1",
    b"\x08",
    b"\n",
    b"\r\n",
    b"exit",
    b"secret",
)
TARGETS = (
    Target(
        "port", _door(b"", _anything, "10.0.0.9"), (*WORDS, *HTTP_WORDS, *PROXY_WORDS, *_PROSE, *_frames())
    ),
    Target("irc", _door(_COMING_IN, check_lines), WORDS),
    Target("websocket", _door(_UPGRADE, check_frames), _frames()),
    Target("plain", _door(b"fuzz\n", check_prose), _PROSE),
    Target("udp", _udp, (*DATAGRAM_WORDS, b"\n\n", *_PROSE)),
)

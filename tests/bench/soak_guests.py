"""Who comes and goes in a soak: all sorts of programs that do all sorts of things, and leave in all ways."""

from __future__ import annotations

import asyncio
import base64
import random
import re
import socket
import ssl
import sys
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from itertools import count
from typing import Any

from bench.soak_ways import PATIENCE, PROSE, Gone, Tcp, Tls, Udp, Way, Web
from websockets.exceptions import InvalidMessage, WebSocketException

from chatapp.irc.line import Line, MalformedLine, parse_line

#: Where everybody meets: the server's default room, since people with nc land there.
LOBBY = "#lobby"
ROOMS, ACCOUNTS = 40, 60
CAPS = (
    "message-tags server-time echo-message batch labeled-response draft/multiline draft/chathistory "
    "draft/event-playback draft/message-redaction draft/read-marker draft/metadata-2 soju.im/search sasl "
    "draft/account-registration account-tag away-notify extended-join multi-prefix setname"
)
_NUMBER = re.compile(r"\bn(\d+)\.(\d+)\b")


class Ear:
    """Checks that all that each speaker numbers is heard once and in order, from the first heard on."""

    def __init__(self, books: Books) -> None:
        self.heard = 0
        self._books = books
        self._next: dict[str, int] = {}

    def hear(self, text: str, who: str) -> None:
        found = _NUMBER.search(text)
        if found is None:
            return
        self.heard += 1
        self._books.counts["heard"] += 1
        speaker, number = found[1], int(found[2])
        expected = self._next.get(speaker, number)
        if number != expected:
            self._books.fault(f"{who} heard {number} of speaker {speaker} where {expected} was next")
        self._next[speaker] = number + 1


class Books:
    """What has happened so far; ``faults`` are those that must not, the first of each hundred in words."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.numbers = count(1)
        self.registered: set[int] = set()
        self.busy: set[int] = set()

    def fault(self, words: str) -> None:
        self.counts["faults"] += 1
        print(words, file=sys.stderr, flush=True)
        if len(self.faults) < 100:
            self.faults.append(words)


class Guest:
    """Someone with a program that speaks IRC."""

    def __init__(self, books: Books, way: Way, nick: str, dice: random.Random) -> None:
        self.nick = nick
        self.ear = Ear(books)
        self.way = way
        self._books = books
        self._dice = dice
        self._said: list[tuple[str, str]] = []
        self._why = ""
        self._rooms: list[str] = []
        self._registered, self._answered = asyncio.Event(), asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    async def come_in(self, port: int, account: int = -1) -> None:
        await self.way.open(port)
        self._listening = asyncio.create_task(self._listen())
        self.way.say(f"CAP REQ :{CAPS}", f"NICK {self.nick}", f"USER {self.nick} 0 * :{self.nick}")
        if account in self._books.registered:
            proof = base64.b64encode(f"\0{self.nick}\0secret{account}".encode()).decode()
            self.way.say("AUTHENTICATE PLAIN", f"AUTHENTICATE {proof}")
        self.way.say("CAP END")
        await self._until(self._registered)
        if account >= 0 and account not in self._books.registered:
            self.way.say(f"REGISTER * * secret{account}")

    def join(self, room: str) -> None:
        self._rooms.append(room)
        self.way.say(f"JOIN {room}")

    async def do_something(self) -> None:
        room = self._dice.choice(self._rooms)
        number = next(self._books.numbers)
        msgid = self._dice.choice(self._said)[1] if self._said else "0"
        deeds: list[tuple[str, ...]] = [
            (f"PRIVMSG {room} :palavra {number} coração",),
            (f"PRIVMSG {room} :palavra {number}", f"NOTICE {room} :and {number}"),
            (
                f"BATCH +{number} draft/multiline {room}",
                *(f"@batch={number} PRIVMSG {room} :line {each}" for each in range(3)),
                f"BATCH -{number}",
            ),
            (f"@+draft/react=❤;+draft/reply={msgid} TAGMSG {room}", f"@+typing=active TAGMSG {room}"),
            (f"REDACT {self._said[-1][0]} {self._said[-1][1]}" if self._said else "PING x",),
            (f"CHATHISTORY LATEST {room} * 50", f"CHATHISTORY BEFORE {room} msgid={msgid} 20"),
            (f"SEARCH in={room};text=coracao", f"MARKREAD {room}"),
            (
                f"TOPIC {room} :about {number}",
                f"MODE {room} +b x{number % 7}!*@*",
                f"MODE {room} -b x{number % 7}!*@*",
            ),
            (f"WHO {room}", f"WHOIS {self.nick}", f"NAMES {room}", "LIST", f"WHOWAS g{number % 50}"),
            (f"MONITOR + g{number},acc1,acc2", f"AWAY :{number}", "AWAY", f"SETNAME :{number}"),
            (f"METADATA * SET status :{number}", "METADATA * SUB status", f"KNOCK {room}"),
            (f"PRIVMSG acc{number % ACCOUNTS} :hello {number}", f"INVITE acc{number % ACCOUNTS} {room}"),
            ("NICK g!bad", "FOO", "JOIN", f"PRIVMSG #nowhere :{number}", f"MODE {room} +z"),
        ]
        self.way.say(*self._dice.choice(deeds))
        if len(self._rooms) > 1 and self._dice.random() < 0.1:
            self.way.say(f"PART {self._rooms.pop()} :enough")
        await asyncio.sleep(self._dice.uniform(0.02, 0.4))

    async def is_answered(self) -> None:
        self._answered.clear()
        self.way.say("PING over")
        await self._until(self._answered)

    async def leave(self) -> None:
        """Leave in one of the ways that there are."""
        ending = self._dice.choice(["quit", "quit", "close", "cut", "half"])
        if ending == "quit":
            self.way.say("QUIT :bye")
            assert self._listening is not None
            await asyncio.wait([self._listening], timeout=PATIENCE)
            await self.way.close()
        elif ending == "cut":
            self.way.cut()
        elif ending == "half" and type(self.way) is Tcp:
            self.way.say_no_more()
            await asyncio.wait([self._listening], timeout=PATIENCE) if self._listening else None
            await self.way.close()
        else:
            await self.way.close()

    async def end(self) -> None:
        """Let go of what is left, whatever has happened."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])
            self.way.cut()

    async def _until(self, event: asyncio.Event) -> None:
        assert self._listening is not None
        waiting = asyncio.ensure_future(event.wait())
        await asyncio.wait([waiting, self._listening], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not event.is_set():
            why = self._why or "not answered, or cut off without a word"
            raise Gone(f"{self.nick} by {type(self.way).__name__}: {why}")

    async def _listen(self) -> None:
        with suppress(Gone):
            while True:
                text = await self.way.line()
                try:
                    self._hear(parse_line(text))
                except MalformedLine:
                    self._books.fault(f"{self.nick} was told no line: {text!r}")

    def _hear(self, line: Line) -> None:
        self._books.counts["lines"] += 1
        match line.command:
            case "001":
                self._registered.set()
            case "PONG":
                self._answered.set()
            case "PING":
                self.way.say(f"PONG :{line.param(0)}")
            case "REGISTER" if line.param(0) == "SUCCESS":
                self._books.registered.add(int(line.param(1).removeprefix("acc")))
            case "ERROR":
                self._why = line.param(0)
            case "400":
                self._books.fault(f"the server made a mistake: {line.params}")
            case "PRIVMSG" if "batch" not in line.tags:
                if line.param(0) == LOBBY:
                    self.ear.hear(line.param(1), self.nick)
                if (line.source or "").startswith(f"{self.nick}!") and "msgid" in line.tags:
                    self._said.append((line.param(0), line.tags["msgid"]))


async def visit_by_irc(books: Books, port: int, way: Way, dice: random.Random) -> None:
    """Come, do some things, leave."""
    account = dice.randrange(ACCOUNTS) if dice.random() < 0.3 else -1
    if account in books.busy:
        account = -1
    books.busy.add(account)
    nick = f"acc{account}" if account >= 0 else f"g{next(books.numbers)}"
    guest = Guest(books, way, nick, dice)
    try:
        await guest.come_in(port, account)
        for _ in range(dice.randint(1, 2)):
            guest.join(f"#r{dice.randrange(ROOMS)}")
        if dice.random() < 0.2:
            guest.join(LOBBY)
        for _ in range(dice.randint(1, 6)):
            await guest.do_something()
        await guest.is_answered()
        await guest.leave()
        if account >= 0:
            await asyncio.sleep(0.5)  # the server may hear later than we that a connection was cut
    finally:
        await guest.end()
        books.busy.discard(account)


async def visit_by_nc(books: Books, port: int, _way: Way, dice: random.Random) -> None:
    """A name, some words in the lobby, and gone."""
    ear, name = Ear(books), f"p{next(books.numbers)}"
    nc = Tcp()
    await nc.open(port)
    try:
        nc.say(name)
        while (said := PROSE.fullmatch(row := await nc.line())) is None and "Here in" not in row:
            pass
        if said:
            ear.hear(said[2], name)
        nc.say("bom dia", "/topic", "/who")
        for _ in range(dice.randint(5, 60)):
            if said := PROSE.fullmatch(await nc.line()):
                ear.hear(said[2], name)
        nc.cut() if dice.random() < 0.5 else await nc.close()
    finally:
        nc.cut()


async def visit_by_udp(books: Books, udp_port: int, _way: Way, dice: random.Random) -> None:
    """Our own client, by datagrams."""
    guest = Udp(f"u{next(books.numbers)}", f"#r{dice.randrange(ROOMS)}")
    await guest.open(udp_port)
    guest.say("by datagram")
    await asyncio.sleep(dice.uniform(0.2, 1))
    await (guest.cut() if dice.random() < 0.3 else guest.close())


async def knock(books: Books, port: int, _way: Way, dice: random.Random) -> None:
    """Somebody who is nobody's guest: nothing, half a word, rubbish, half a handshake."""
    _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    kinds = (b"", b"NICK half", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\nHost:", b"PROXY TCP4 1.2")
    writer.write(dice.choice([*kinds, dice.randbytes(300), b"x" * 20000]))
    await asyncio.sleep(dice.uniform(0, 2))
    writer.transport.abort()


async def stall(books: Books, port: int, dice: random.Random) -> None:
    """Come into the lobby, ask for much, read nothing, until the server has had enough."""
    loop = asyncio.get_running_loop()
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        await loop.sock_connect(sock, ("127.0.0.1", port))
        nick = f"s{next(books.numbers)}"
        hello = f"CAP REQ :{CAPS}\r\nNICK {nick}\r\nUSER s 0 * :s\r\nCAP END\r\nJOIN {LOBBY}\r\n"
        await loop.sock_sendall(sock, hello.encode())
        for _ in range(240):
            with suppress(BlockingIOError):
                sock.send(f"CHATHISTORY LATEST {LOBBY} * 1000\r\n".encode())
            await asyncio.sleep(dice.uniform(0.3, 0.7))
            if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                books.counts["stalled readers cut off"] += 1
                return
    books.counts["stalled readers that were never cut off"] += 1


Visit = Callable[[Books, int, Way, random.Random], Coroutine[Any, Any, None]]
#: Kinds of visits, by how many of a hundred there are.
KINDS: list[tuple[str, int, Visit, Callable[[], Way]]] = [
    ("TCP", 45, visit_by_irc, Tcp),
    ("TLS", 15, visit_by_irc, Tls),
    ("WebSocket", 10, visit_by_irc, Web),
    ("nc", 15, visit_by_nc, Tcp),
    ("UDP", 5, visit_by_udp, Tcp),
    ("none", 10, knock, Tcp),
]


async def visit(books: Books, ports: tuple[int, int], dice: random.Random) -> None:
    """One visit of any kind; what goes wrong in it is a fault."""
    name, _share, kind, way = dice.choices(KINDS, [share for _name, share, *_ in KINDS])[0]
    try:
        async with asyncio.timeout(2 * PATIENCE):
            await kind(books, ports[name == "UDP"], way(), dice)
        books.counts[f"visits by {name}"] += 1
    except (InvalidMessage, ssl.SSLError) as why:
        # Who says nothing for a second is taken for a person with nc, and greeted: our machine was too busy.
        if isinstance(why, ssl.SSLError) and why.reason != "WRONG_VERSION_NUMBER":
            books.fault(f"a visit by {name}: {why}")
        books.counts["visits that began too late, and were greeted"] += 1
    except (Gone, OSError, TimeoutError, WebSocketException) as why:
        books.fault(f"a visit by {name}: {type(why).__name__} {why}")

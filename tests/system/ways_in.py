"""People in one room who came in by different ways: each can speak, and knows what was said by whom."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
import time
from abc import ABC, abstractmethod
from typing import Protocol

from chatapp.client.connection import Connection
from chatapp.client.model import Model
from chatapp.client.session import Session
from chatapp.irc.line import nick_of, parse_line

ROOM = "#lobby"

Said = tuple[str, str]

_PROSE = re.compile(r"\d\d:\d\d <(\S+)> (.*)")


class Guest(Protocol):
    """Somebody in the room; ``heard`` is what was said there since, by whom, in order."""

    name: str

    async def come_in(self) -> None: ...

    async def say(self, text: str) -> None: ...

    async def hears(self, count: int) -> list[Said]:
        """Wait until so many messages were heard, and give back all of them."""

    async def leave(self) -> None: ...


class Client:
    """Our own client without its screen; ``ways`` are what `Connection` is told about the way."""

    def __init__(self, name: str, host: str, port: int, **ways: object) -> None:
        self.name = name
        self.model = Model(name, host)
        self.session = Session(self.model, name, rooms=[ROOM], now=time.time)
        self.connection = Connection(self.session, host, port, dice=lambda: 0.0, **ways)
        self._changed = asyncio.Event()
        self.model.on_change = self._changed.set

    async def come_in(self) -> None:
        self._task = asyncio.create_task(self.connection.run())
        await self._until(self._is_in)

    async def say(self, text: str) -> None:
        self.session.say(self.model.find(ROOM), text)

    async def hears(self, count: int) -> list[Said]:
        await self._until(lambda: len(self._heard()) >= count)
        return self._heard()

    async def leave(self) -> None:
        self.connection.quit()
        await self._task

    def _heard(self) -> list[Said]:
        room = self.model.find(ROOM)
        entries = [entry for entry in room.entries if entry.kind.name == "MESSAGE" and entry.msgid]
        return [(entry.nick, entry.text) for entry in entries]

    def _is_in(self) -> bool:
        room = self.model.find(ROOM)
        return room is not None and room.joined and self.session.reading.catchup.is_settled(room)

    async def _until(self, true) -> None:
        while not true():
            self._changed.clear()
            await self._changed.wait()


class Caller(ABC):
    """Somebody with a program of their own on a TCP connection, which may be inside TLS."""

    def __init__(self, name: str, host: str, port: int, is_encrypted: bool = False) -> None:
        self.name = name
        self._address = (host, port)
        self._ssl = trusting() if is_encrypted else None
        self.rows: list[str] = []

    async def come_in(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(*self._address, ssl=self._ssl)
        await self.introduce()

    @abstractmethod
    async def introduce(self) -> None:
        """Each way in has its own."""

    @abstractmethod
    async def say(self, text: str) -> None:
        """Each way in has its own."""

    @abstractmethod
    def said_in(self, row: str) -> Said | None:
        """Each way in has its own."""

    async def hears(self, count: int) -> list[Said]:
        while len(self._heard()) < count:
            await self.read()
        return self._heard()

    async def leave(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await self._writer.wait_closed()

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def read(self) -> str:
        """One more row."""
        row = (await self._reader.readline()).decode().rstrip("\r\n")
        assert row or not self._reader.at_eof(), f"{self.name} was put out: {self.rows[-3:]}"
        self.rows.append(row)
        return row

    async def until(self, part: str) -> None:
        while part not in await self.read():
            pass

    def _heard(self) -> list[Said]:
        return [said for row in self.rows if (said := self.said_in(row))]


class IrcCaller(Caller):
    """A program that speaks IRC."""

    async def introduce(self) -> None:
        self.send(
            f"CAP REQ echo-message\r\nNICK {self.name}\r\nUSER {self.name} 0 * :{self.name}\r\n".encode()
        )
        self.send(f"CAP END\r\nJOIN {ROOM}\r\n".encode())
        await self.until(" 366 ")

    async def say(self, text: str) -> None:
        self.send(f"PRIVMSG {ROOM} :{text}\r\n".encode())

    def said_in(self, row: str) -> Said | None:
        line = parse_line(row)
        if line.command != "PRIVMSG":
            return None
        assert line.param(0) == ROOM
        return nick_of(line.source), line.param(1)


class PlainCaller(Caller):
    """Somebody with nc: the name first, then words, each line a message."""

    before = b""
    end = "\n"
    encoding = "utf-8"

    async def introduce(self) -> None:
        self.send(self.before + self._bytes(self.name))
        await self.until(f"-- Here in {ROOM}: ")

    async def say(self, text: str) -> None:
        self.send(self._bytes(text))

    def said_in(self, row: str) -> Said | None:
        found = _PROSE.fullmatch(row)
        return (found[1], found[2]) if found else None

    def _bytes(self, text: str) -> bytes:
        return f"{text}{self.end}".encode(self.encoding)


class TelnetCaller(PlainCaller):
    """A telnet that negotiates as it connects: WILL NAWS and its size, DO SUPPRESS-GO-AHEAD."""

    before = b"\xff\xfb\x1f\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0\xff\xfd\x03"
    end = "\r\n"

    async def read(self) -> str:
        # The answers: DONT NAWS, WONT SUPPRESS-GO-AHEAD.
        row = (
            (await self._reader.readline()).removeprefix(b"\xff\xfe\x1f\xff\xfc\x03").decode().rstrip("\r\n")
        )
        assert row or not self._reader.at_eof()
        self.rows.append(row)
        return row


class WindowsCaller(PlainCaller):
    """A program on an old console of Windows."""

    end = "\r\n"
    encoding = "cp1252"


class LockStepCaller(PlainCaller):
    """The first program of a course: sends without a line end, then waits until something comes."""

    end = ""

    async def say(self, text: str) -> None:
        self.send(self._bytes(text))
        count = len([nick for nick, _text in self._heard() if nick == self.name])
        while len([nick for nick, _text in self._heard() if nick == self.name]) == count:
            await self.read()


class DatagramCaller(asyncio.DatagramProtocol):
    """A program that sends bare datagrams, and waits for an answer to each."""

    def __init__(self, name: str, host: str, port: int) -> None:
        self.name = name
        self._address = (host, port)
        self._heard: list[Said] = []
        self._changed = asyncio.Event()

    def datagram_received(self, data: bytes, _address: object) -> None:
        for row in data.decode().splitlines():
            if found := _PROSE.fullmatch(row):
                self._heard.append((found[1], found[2]))
        self._changed.set()

    async def come_in(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _protocol = await loop.create_datagram_endpoint(
            lambda: self, remote_addr=self._address
        )
        self._transport.sendto(self.name.encode())
        await self._changed.wait()

    async def say(self, text: str) -> None:
        self._transport.sendto(text.encode())
        while (self.name, text) not in self._heard:
            await self._news()

    async def hears(self, count: int) -> list[Said]:
        while len(self._heard) < count:
            await self._news()
        return self._heard

    async def leave(self) -> None:
        self._transport.sendto(b"exit")
        self._transport.close()

    async def _news(self) -> None:
        self._changed.clear()
        await self._changed.wait()


def trusting() -> ssl.SSLContext:
    """TLS for a program that takes any certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context

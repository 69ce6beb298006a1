"""Every way in, for the people of a soak: TCP, TLS, WebSocket, datagrams. Lines in, lines out."""

from __future__ import annotations

import asyncio
import random
import re
import socket
import ssl
import struct
import time
from abc import ABC, abstractmethod
from contextlib import suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from chatapp.client.connection import Connection
from chatapp.client.model import Model
from chatapp.client.session import Session
from chatapp.client.udp import Datagrams

PATIENCE = 180.0
_LIMIT = 1 << 22


class Gone(Exception):
    """The connection is over."""


class Way(ABC):
    """One connection."""

    @abstractmethod
    async def open(self, port: int) -> None: ...

    @abstractmethod
    def say(self, *lines: str) -> None:
        """Send lines; nobody waits until they have left."""

    @abstractmethod
    async def line(self) -> str:
        """The next line. Raises `Gone` at the end."""

    @abstractmethod
    async def close(self) -> None:
        """Hang up, as one does."""

    @abstractmethod
    def cut(self) -> None:
        """The connection breaks without a word."""


class Tcp(Way):
    """Bytes on TCP, or inside TLS."""

    tls = False

    async def open(self, port: int) -> None:
        context = _trusting() if self.tls else None
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=context, limit=_LIMIT
        )

    def say(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())

    async def line(self) -> str:
        try:
            raw = await asyncio.wait_for(self._reader.readuntil(b"\n"), PATIENCE)
        except (asyncio.IncompleteReadError, OSError) as end:
            raise Gone from end
        return raw.decode().rstrip("\r\n")

    async def close(self) -> None:
        self._writer.close()
        with suppress(OSError, ssl.SSLError, TimeoutError):
            await asyncio.wait_for(self._writer.wait_closed(), 5)

    def cut(self) -> None:
        if not self.tls:
            sock: socket.socket = self._writer.get_extra_info("socket")
            with suppress(OSError):  # it is over already
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    def say_no_more(self) -> None:
        """Close our half alone."""
        self._writer.write_eof()


class Tls(Tcp):
    tls = True


class Web(Way):
    """A program that speaks IRC over a WebSocket."""

    socket: ClientConnection

    async def open(self, port: int) -> None:
        self.socket = await connect(
            f"ws://127.0.0.1:{port}/",
            subprotocols=[Subprotocol("text.ircv3.net")],
            compression=None,
            proxy=None,
            ping_interval=None,
        )
        self._saying: set[asyncio.Task[None]] = set()

    def say(self, *lines: str) -> None:
        task = asyncio.ensure_future(self._send(lines))
        self._saying.add(task)
        task.add_done_callback(self._saying.discard)

    async def _send(self, lines: tuple[str, ...]) -> None:
        with suppress(ConnectionClosed):
            for line in lines:
                await self.socket.send(line)

    async def line(self) -> str:
        try:
            heard = await asyncio.wait_for(self.socket.recv(), PATIENCE)
        except ConnectionClosed as end:
            raise Gone from end
        return heard if isinstance(heard, str) else heard.decode()

    async def close(self) -> None:
        await self.socket.close()

    def cut(self) -> None:
        self.socket.transport.abort()


class Udp:
    """Our own client without its screen, by datagrams."""

    def __init__(self, nick: str, room: str) -> None:
        self._room = room
        self._model = Model(nick, "127.0.0.1")
        self._session = Session(self._model, nick, rooms=[room], now=time.time)
        self._last = ""
        self._changed = asyncio.Event()
        self._model.on_change = self._changed.set

    async def open(self, port: int) -> None:
        datagrams = Datagrams("127.0.0.1", port, random.random)
        self._connection = Connection(self._session, "127.0.0.1", port, dice=lambda: 0.0, datagrams=datagrams)
        self._task = asyncio.create_task(self._connection.run())
        async with asyncio.timeout(PATIENCE):
            while (room := self._model.find(self._room)) is None or not room.joined:
                self._changed.clear()
                await self._changed.wait()

    def say(self, text: str) -> None:
        room = self._model.find(self._room)
        assert room is not None
        self._session.say(room, text)

    def heard(self) -> list[str]:
        """What was said in the room since the last look."""
        room = self._model.find(self._room)
        assert room is not None
        texts: list[str] = []
        newest = ""
        for entry in reversed(room.entries):
            if entry.kind.name != "MESSAGE" or not entry.msgid:
                continue
            if entry.msgid == self._last:
                break
            newest = newest or entry.msgid
            texts.append(entry.text)
        self._last = newest or self._last
        return texts[::-1]

    async def close(self) -> None:
        self._connection.quit()
        await asyncio.wait_for(self._task, PATIENCE)

    async def cut(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])


PROSE = re.compile(r"\d\d:\d\d <(\S+)> (.*)")


def _trusting() -> ssl.SSLContext:
    return _CONTEXT


_CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_CONTEXT.check_hostname = False
_CONTEXT.verify_mode = ssl.CERT_NONE

"""The port: accept, read the first bytes, lead each caller to its protocol.

A caller costs little until it is known what it speaks, and is answered in words where we do not speak that.
Who stays silent for a moment is asked for a name, as a person with nc would like, and may still turn out to
be a program that speaks IRC.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from collections.abc import Callable, Set
from gettext import gettext as _
from pathlib import Path
from typing import TypeVar, cast

from chatapp.core.settings import PlainSettings
from chatapp.listeners.admission import Admission, network_of
from chatapp.listeners.connection import House
from chatapp.listeners.detect import HEAD_BYTES, SPOKEN, Protocol, may_be_cut, recognise
from chatapp.listeners.irc import IrcConnection
from chatapp.listeners.pauses import Pauses
from chatapp.listeners.plain import PlainConnection
from chatapp.listeners.sockets import clear_stale, inode_of, remove
from chatapp.listeners.telnet import Terminal
from chatapp.listeners.tls import Tls, lead_inside

_Way = TypeVar("_Way", IrcConnection, PlainConnection)

#: Connections that the system accepts for us while we are busy.
BACKLOG = 1024

_HTTP_ANSWER = (
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "X-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{text}"
)


class Port:
    """Everyone who has connected and not said what they speak, and the sockets they come through."""

    def __init__(self, house: House, admission: Admission) -> None:
        self.house = house
        self.admission = admission
        self.on_lost = admission.leave  # one bound method for all, not one for each
        words = _("Welcome to the {network} chat! What is your name?")
        #: Said to everyone who waits; put together once, since thousands may do so in the same moment.
        self.greeting = f"{words.format(network=house.world.settings.server.network)}\r\n".encode()
        self.undecided: dict[Caller, float] = {}
        self.greeted: dict[Caller, float] = {}
        self._servers: list[asyncio.AbstractServer] = []
        self._paths: dict[Path, int] = {}

    async def listen(
        self, sockets: list[socket.socket], tls: Tls | None = None, spoken: Set[Protocol] = SPOKEN
    ) -> None:
        """Accept on ``sockets``, which are bound, and speak ``spoken``; with a ``tls`` also inside TLS."""
        loop = asyncio.get_running_loop()
        for sock in sockets:
            self._servers.append(
                await loop.create_server(
                    lambda: Caller(self, tls=tls, spoken=spoken), sock=sock, backlog=BACKLOG
                )
            )

    async def listen_unix(self, path: Path, spoken: Set[Protocol] = SPOKEN) -> None:
        """Accept on a Unix socket at ``path``; what a server that is gone left there is taken away.

        Raises:
            OSError: There is a server at ``path``, or it cannot be made, or this system has none.
        """
        if sys.platform == "win32":
            raise OSError(errno.ENOTSUP, _("this system has no Unix sockets"))
        clear_stale(path)
        loop = asyncio.get_running_loop()
        self._servers.append(
            await loop.create_unix_server(
                lambda: Caller(self, "localhost", spoken=spoken), str(path), backlog=BACKLOG
            )
        )
        self._paths[path] = inode_of(path)

    def close(self) -> None:
        """Accept nobody any more, and send away those who have not said what they speak."""
        while self._servers:
            self._servers.pop().close()
        while self._paths:
            remove(*self._paths.popitem())
        for caller in [*self.undecided, *self.greeted]:
            caller.refuse(_("The server is going down"))

    def sweep(self, now: float) -> None:
        """Send away those who have been silent for too long; ``now`` is the loop's time."""
        limits = self.house.limits
        for callers, timeout in (
            (self.undecided, limits.registration_timeout),
            (self.greeted, limits.name_timeout),
        ):
            for caller, began in list(callers.items()):
                if not timeout or now - began < timeout:
                    break
                caller.refuse(_("Nothing was said for {seconds} seconds").format(seconds=timeout))


class Caller(asyncio.Protocol):
    """A connection until it is known what it speaks. Without an ``address`` it tells its own."""

    __slots__ = (
        "_address",
        "_head",
        "_is_counted",
        "_pauses",
        "_port",
        "_spoken",
        "_timer",
        "_tls",
        "_transport",
    )

    is_secure = False

    def __init__(
        self, port: Port, address: str = "", tls: Tls | None = None, spoken: Set[Protocol] = SPOKEN
    ) -> None:
        self._port = port
        self._spoken = spoken
        self._tls = tls
        self._head = b""
        self._address = address
        self._is_counted = False
        self._pauses = Pauses()
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass of it
        if not self._address:
            peer = transport.get_extra_info("peername")
            if peer is None:  # already gone; what it said must not pass for somebody else's
                self._transport.abort()
                return
            self._address = peer[0]
        reason = self._port.admission.enter(self._address)
        if reason:
            self.refuse(reason)
            return
        self._is_counted = True
        self._port.undecided[self] = asyncio.get_running_loop().time()
        self._wait(self._plain.greeting_ms, self._heard_all)

    def data_received(self, data: bytes) -> None:
        if self._transport.is_closing():
            return
        self._head += data
        protocol = recognise(self._head)
        match protocol:
            case Protocol.MORE:
                pause = self._pauses.after(data, self._plain.pause_ms / 1000)
                self._wait(int(pause * 1000), self._heard_a_pause)
            case Protocol.IRC if Protocol.IRC in self._spoken:
                self._lead_to(IrcConnection)
            case Protocol.IRC:
                self.refuse(_("IRC is not spoken at this port, only plain text"))
            case Protocol.HTTP:
                text = _("This is a chat server. Open it with a chat client, not a browser.") + "\n"
                answer = _HTTP_ANSWER.format(length=len(text.encode()), text=text)
                self._send_away(answer.encode())
            case Protocol.TLS if self._tls is not None:
                self._go_inside(self._tls)
            case Protocol.TLS if self.is_secure:
                self.refuse(_("There is TLS inside of TLS; one is enough"))
            case Protocol.TLS | Protocol.SSH | Protocol.PROXY:
                self.refuse(_("This server does not speak {protocol} yet").format(protocol=protocol.name))
            case Protocol.PLAIN if self._has_said_something:
                self._lead_to_plain()
            case Protocol.PLAIN:
                self._greet()

    def eof_received(self) -> bool:
        """Who says something and then no more, without a line end, is heard and answered all the same."""
        if self._transport.is_closing() or may_be_cut(self._head) or not self._has_said_something:
            return False
        connection = self._lead_to_plain()
        return connection is not None and connection.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        if self._is_counted:
            self._is_counted = False
            self._port.admission.leave(self._address)

    def refuse(self, reason: str) -> None:
        """Say why in words that a person and an IRC client read alike, and hang up."""
        self._send_away(f"ERROR :{reason}\r\n".encode())

    def _send_away(self, answer: bytes) -> None:
        self._forget()
        self._transport.write(answer)
        self._transport.close()

    @property
    def _plain(self) -> PlainSettings:
        return self._port.house.world.settings.plain

    @property
    def _has_said_something(self) -> bool:
        """Whether there is more than empty lines and a terminal's own negotiation."""
        return bool(self._head) and bool(Terminal().feed(self._head).strip())

    def _heard_a_pause(self) -> None:
        if may_be_cut(self._head):
            self._wait(self._plain.greeting_ms, self._heard_all)
        else:
            self._heard_all()

    def _heard_all(self) -> None:
        """No more is coming now, and it is no protocol that we know: take the words, or ask for some."""
        if not self._has_said_something:
            self._greet()
        elif connection := self._lead_to_plain():
            connection.end_message()

    def _greet(self) -> None:
        """Ask for a name, once, and go on waiting for the first words in whatever protocol."""
        self._wait(None)
        self._head = self._head[: HEAD_BYTES // 2]
        if self in self._port.greeted or Protocol.PLAIN not in self._spoken:
            return
        self._port.undecided.pop(self, None)
        self._port.greeted[self] = asyncio.get_running_loop().time()
        self._transport.write(self._port.greeting)

    def _wait(self, milliseconds: int | None, then: Callable[[], None] = lambda: None) -> None:
        """Have ``then`` called unless something comes in the next ``milliseconds``; None waits for ever."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if milliseconds is not None:
            self._timer = asyncio.get_running_loop().call_later(milliseconds / 1000, then)

    def _forget(self) -> None:
        self._wait(None)
        self._port.undecided.pop(self, None)
        self._port.greeted.pop(self, None)

    def _go_inside(self, tls: Tls) -> None:
        """Have somebody else take over as soon as TLS is there, or the caller is gone."""
        self._forget()
        self._is_counted = False
        self._transport.pause_reading()  # all there is of the handshake is in our hands
        inner = SecureCaller(self._port, self._address, self._transport, self._spoken)
        self._port.house.spawn(lead_inside(self._transport, self._head, tls, inner))

    def _lead_to_plain(self) -> PlainConnection | None:
        """Take the words as they are; None if nobody is heard so here, which they have been told."""
        if Protocol.PLAIN in self._spoken:
            return self._lead_to(PlainConnection)
        self.refuse(_("Only IRC is spoken at this port; come with an IRC client"))
        return None

    def _lead_to(self, protocol: type[_Way]) -> _Way:
        port, address = self._port, self._address
        self._forget()
        connection = protocol(port.house, address, port.on_lost, is_trusted=network_of(address)[1])
        connection.session.is_secure = self.is_secure
        self._transport.set_protocol(connection)
        connection.connection_made(self._transport)
        connection.data_received(self._head)
        return connection


class SecureCaller(Caller):
    """A caller inside TLS, where what it speaks is told once more; it has been let in and counted already.

    Until the handshake is done, ``transport`` is the one below.
    """

    __slots__ = ("_has_ended", "_has_shaken_hands")

    is_secure = True

    def __init__(self, port: Port, address: str, transport: asyncio.Transport, spoken: Set[Protocol]) -> None:
        super().__init__(port, address, spoken=spoken)
        self._is_counted = True
        self._transport = transport
        self._has_ended = False
        self._has_shaken_hands = False
        port.undecided[self] = asyncio.get_running_loop().time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        below, self._transport = self._transport, cast(asyncio.Transport, transport)
        self._has_shaken_hands = True
        if self not in self._port.undecided:  # sent away, or gone
            self._transport.abort()
            self.connection_lost(None)
        elif self._has_ended:
            self._hear_out()
        elif self._transport.is_closing():
            self.connection_lost(None)
        else:
            self._wait(self._plain.greeting_ms, self._heard_all)
            if self._head:
                self.data_received(b"")
        if not below.is_closing():
            below.resume_reading()

    def data_received(self, data: bytes) -> None:
        if self._has_shaken_hands:
            super().data_received(data)
        else:  # it came with the end of the handshake; how it ends is heard when we are ready for it
            self._head += data
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """As outside, only that nobody can be answered who has closed TLS."""
        if self._has_shaken_hands:
            super().eof_received()
        else:
            self._has_ended = True
        return False

    def _hear_out(self) -> None:
        """All was said and TLS closed in one go with the handshake; nobody hears an answer."""
        connection: IrcConnection | PlainConnection | None
        match recognise(self._head):
            case Protocol.IRC if Protocol.IRC in self._spoken:
                connection = self._lead_to(IrcConnection)
            case Protocol.PLAIN | Protocol.MORE if self._has_said_something and not may_be_cut(self._head):
                connection = self._lead_to_plain()
            case _:
                return
        if connection is not None:
            connection.eof_received()

    def _send_away(self, answer: bytes) -> None:
        if self._has_shaken_hands:
            super()._send_away(answer)
        else:
            self._forget()
            self._transport.abort()

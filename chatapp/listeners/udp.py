"""Datagrams: chat-clients speak IRC over them by docs/udp.md, any other program in plain words.

Until an address has proved that it hears us, it is answered with no more bytes than it sent, and nothing is
remembered of it. A chat-client proves it by sending its token back; a bare program cannot, so its address
must be one that is believed: a private one, unless configured otherwise.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
import secrets
import socket
from collections.abc import Set
from typing import cast

from chatapp.core.settings import UdpSettings
from chatapp.irc.datagram import MARK, Datagram, Kind, format_datagram, parse_datagram
from chatapp.irc.exchange import Exchange
from chatapp.irc.link import Link
from chatapp.listeners.admission import Admission, network_of
from chatapp.listeners.bare import BareLink
from chatapp.listeners.connection import House
from chatapp.listeners.cookies import Address, Cookies
from chatapp.listeners.detect import SPOKEN, Protocol
from chatapp.listeners.irc import IrcConnection
from chatapp.listeners.person import is_text
from chatapp.listeners.plain import decode

log = logging.getLogger(__name__)

#: Addresses of bare programs in all; they come in without a proof.
MOST_BARE = 1024
#: What we ask the system to hold for us while we are busy.
_RECEIVE_BYTES = 1 << 21
#: So begins what a server like this one says: two that answer each other would never end.
_PROSE = re.compile(r"-- |(\d{4}-\d\d-\d\d )?\d\d:\d\d ")
#: Ports below are of services, which answer what they are sent: talking to them would never end.
_FIRST_PORT = 1024


class LinkTransport(Link, asyncio.Transport):
    """A link that asyncio knows as a transport."""


class UdpPort(asyncio.DatagramProtocol):
    """One UDP socket and everyone who comes in through it."""

    def __init__(self, house: House, admission: Admission, spoken: Set[Protocol] = SPOKEN) -> None:
        self._house = house
        self._spoken = spoken
        self._admission = admission
        self._loop = asyncio.get_running_loop()
        self._cookies = Cookies(lambda: secrets.token_bytes(32), self._loop.time())
        self._links: dict[Address, LinkTransport] = {}
        self._bare: dict[Address, BareLink] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._is_closed = self._is_full = False

    async def listen(self, sock: socket.socket) -> None:
        """Hear what comes to ``sock``, which is bound."""
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
        except OSError as why:
            log.debug("The receive buffer stays as it is: %s", why)
        await self._loop.create_datagram_endpoint(lambda: self, sock=sock)

    def turn_away(self) -> None:
        """Let nobody new in; who is here stays."""
        self._is_closed = True

    def close(self) -> None:
        """End everything."""
        self.turn_away()
        for link in [*self._links.values(), *self._bare.values()]:
            link.abort()
        if self._transport is not None:
            self._transport.close()

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # uvloop's is no subclass of it

    def datagram_received(self, data: bytes, address: Address) -> None:
        if address[1] < _FIRST_PORT:
            return
        if data.startswith(MARK):
            datagram = parse_datagram(data)
            if datagram is not None and Protocol.IRC in self._spoken:
                self._hear(datagram, address)
        elif Protocol.PLAIN in self._spoken:
            self._hear_bare(data, address)

    def pause_writing(self) -> None:
        """The system takes no more just now; until it does, datagrams are lost, as they may be."""
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False

    def error_received(self, exc: Exception) -> None:
        """Somebody's port is closed: they will be missed in time, or come again."""

    # chat-clients

    def _hear(self, datagram: Datagram, address: Address) -> None:
        link = self._links.get(address)
        if link is not None and (link.exchange.id, link.exchange.token) == (datagram.id, datagram.token):
            link.hear(datagram)
            return
        match datagram.kind:
            case Kind.HELLO if not self._is_closed:
                token = self._cookies.token(address, datagram.id, self._loop.time())
                self._send(format_datagram(Datagram(Kind.TOKEN, datagram.id, token)), address)
            case Kind.DATA | Kind.ACK:
                if not self._cookies.is_good(datagram.token, address, datagram.id, self._loop.time()):
                    self._send(format_datagram(Datagram(Kind.GONE, datagram.id, datagram.token)), address)
                elif datagram.kind is Kind.DATA and not self._is_closed:
                    self._open(datagram, address)

    def _open(self, datagram: Datagram, address: Address) -> None:
        """A conversation begins; the address has proved itself. One that it had before is over."""
        before = self._links.get(address)
        if before is not None:
            before.drop()
        id_, token = datagram.id, datagram.token
        exchange = Exchange(id_, token, self._loop.time(), random.random)
        reason = self._admission.enter(address[0])
        if reason:
            self._cookies.end(token)
            self._send(exchange.goodbye(reason), address)
            return

        def send(data: bytes) -> None:
            self._send(data, address)

        def end() -> None:
            self._cookies.end(token)
            del self._links[address]

        link = LinkTransport(exchange, self._loop, send, end, {"peername": address})
        self._links[address] = link
        house, is_trusted = self._house, network_of(address[0])[1]
        connection = IrcConnection(house, address[0], self._admission.leave, is_trusted)
        connection.connection_made(link)
        link.start(connection)
        link.hear(datagram)

    # Bare programs

    def _hear_bare(self, data: bytes, address: Address) -> None:
        link = self._bare.get(address) or self._welcome(data, address)
        if link is not None:
            link.hear(data)

    def _welcome(self, data: bytes, address: Address) -> BareLink | None:
        """Let a bare program in, if it may be one: the words are a person's, the address is believed."""
        if self._is_closed or len(self._bare) >= MOST_BARE or not self._is_believed(address[0]):
            return None
        words = decode(data).strip()
        if not words or _PROSE.match(words) or not is_text(" ".join(words.splitlines())):
            return None
        reason = self._admission.enter(address[0])
        if reason:
            self._send(f"-- {reason}\r\n".encode(), address)
            return None

        def send(answer: bytes) -> None:
            self._send(answer, address)

        def end() -> None:
            del self._bare[address]

        link = self._bare[address] = BareLink(send, end, self._udp.idle_timeout)
        link.start(self._house, address[0], self._admission.leave)
        return link

    def _is_believed(self, address: str) -> bool:
        match self._udp.bare_programs:
            case "private":
                return network_of(address)[1]
            case "public":
                return True
            case _:
                return False

    @property
    def _udp(self) -> UdpSettings:
        return self._house.world.settings.udp

    def _send(self, data: bytes, address: Address) -> None:
        transport = self._transport
        if transport is not None and not (self._is_full or transport.is_closing()):
            transport.sendto(data, address)

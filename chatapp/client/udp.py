"""The way to a server over UDP: ask for a token, then speak as over any other connection (docs/udp.md)."""

from __future__ import annotations

import asyncio
import errno
import secrets
import socket
from collections.abc import Callable, Iterable
from gettext import gettext as _
from itertools import count
from typing import Any, TypeVar

from chatapp.irc.datagram import Datagram, Kind, format_datagram, parse_datagram
from chatapp.irc.exchange import Exchange
from chatapp.irc.link import Link

#: Seconds between the first questions for a token, how much longer each later pause is, and the longest.
_FIRST_PAUSE, _LONGER, _LONGEST_PAUSE = 0.2, 1.5, 1.0
#: Questions to one address before the next one is tried; the last is asked until the caller gives up.
_QUESTIONS = 6
#: What an address with nobody behind it is called: here, and by Windows.
_NOBODY = (ConnectionRefusedError, ConnectionResetError)

_Protocol = TypeVar("_Protocol", bound=asyncio.Protocol)


def in_the_clear() -> str:
    """What is said where one goes by datagrams."""
    return _("Not encrypted: UDP has no TLS here. Others on the network can read and change what is said.")


class Datagrams:
    """Opens conversations with one server, always from the same port while it can.

    So the server knows a client that comes back, and ends what is left of its last conversation before the
    new one begins: nothing said in the old one is heard after the history was read in the new one.
    """

    def __init__(self, host: str, port: int, dice: Callable[[], float]) -> None:
        self._host = host
        self._port = port
        self._dice = dice
        self._own_ports: dict[int, int] = {}

    async def open(self, make: Callable[[], _Protocol]) -> _Protocol:
        """Begin a conversation and give it a protocol of ``make``. An address may be silent for ever.

        Raises:
            OSError: Nobody is there.
        """
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_DGRAM)
        problem: OSError = TimeoutError()
        addresses = list(dict.fromkeys((info[0], info[4]) for info in found))
        for at, (family, address) in enumerate(addresses, 1):
            questions = range(_QUESTIONS) if at < len(addresses) else count()
            try:
                return await self._open(make, family, address, questions)
            except OSError as why:
                problem = why
        raise problem

    async def _open(
        self, make: Callable[[], _Protocol], family: int, address: Any, questions: Iterable[int]
    ) -> _Protocol:
        loop = asyncio.get_running_loop()
        transport, ear = await self._socket(family, address)
        link: Link | None = None
        try:
            id_ = secrets.token_hex(8)
            token = await self._ask(transport, ear, id_, questions)
            exchange = Exchange(id_, token, loop.time(), self._dice)
            about = {"is_datagram": True, "peername": transport.get_extra_info("peername")}
            about["sockname"] = transport.get_extra_info("sockname")
            self._own_ports[family] = about["sockname"][1]
            link = _Transport(exchange, loop, transport.sendto, transport.close, about)
        finally:
            if link is None:
                transport.close()
        ear.on_datagram = link.hear
        ear.on_nobody = link.fail
        protocol = make()
        protocol.connection_made(link)
        link.start(protocol)
        return protocol

    async def _socket(self, family: int, address: Any) -> tuple[asyncio.DatagramTransport, _Ear]:
        """A socket that hears only ``address``, at the port that we had before if it is still free."""
        everywhere = "::" if family == socket.AF_INET6 else "0.0.0.0"

        async def bind(port: int) -> tuple[asyncio.DatagramTransport, _Ear]:
            return await asyncio.get_running_loop().create_datagram_endpoint(
                _Ear, local_addr=(everywhere, port), remote_addr=address[:2], family=family
            )

        port = self._own_ports.pop(family, 0)
        try:
            return await bind(port)
        except OSError:
            if not port:
                raise
            return await bind(0)

    async def _ask(
        self, transport: asyncio.DatagramTransport, ear: _Ear, id_: str, questions: Iterable[int]
    ) -> str:
        """Ask for a token, with growing patience.

        Raises:
            OSError: Nobody is there, or nobody answers.
        """
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def hear(datagram: Datagram) -> None:
            if datagram.kind is Kind.TOKEN and datagram.id == id_ and not answer.done():
                answer.set_result(datagram.token)

        def fail(problem: Exception) -> None:
            if not answer.done():
                answer.set_exception(problem)

        ear.on_datagram, ear.on_nobody = hear, fail
        pause = _FIRST_PAUSE
        for _question in questions:
            transport.sendto(format_datagram(Datagram(Kind.HELLO, id_)))
            found, _waiting = await asyncio.wait([answer], timeout=pause * (1 + self._dice() / 4))
            if found:
                return answer.result()
            pause = min(pause * _LONGER, _LONGEST_PAUSE)
        raise TimeoutError


class _Transport(Link, asyncio.Transport):
    """A link that asyncio knows as a transport."""


class _Ear(asyncio.DatagramProtocol):
    """Hears what comes to our socket."""

    def __init__(self) -> None:
        self.on_datagram: Callable[[Datagram], None] = lambda _datagram: None
        self.on_nobody: Callable[[Exception], None] = lambda _problem: None

    def datagram_received(self, data: bytes, _address: Any) -> None:
        datagram = parse_datagram(data)
        if datagram is not None:
            self.on_datagram(datagram)

    def error_received(self, exc: Exception) -> None:
        # Anything else may pass, as when a computer goes from one network to another.
        if isinstance(exc, _NOBODY):
            self.on_nobody(ConnectionRefusedError(errno.ECONNREFUSED, _("nobody listens there")))

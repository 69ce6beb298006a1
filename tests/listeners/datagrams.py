"""People who send datagrams to a house: chat-clients by docs/udp.md, and programs with plain words."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager

from listeners.house import PATIENCE, open_house

from chatapp.irc.datagram import Datagram, Kind, format_datagram, parse_datagram
from chatapp.listeners.sockets import bind
from chatapp.listeners.udp import UdpPort

ID = "0123456789abcdef"


class Paper:
    """Stands in for a UDP transport: what is sent lies there."""

    def __init__(self):
        self.sent = []
        self.closed = False

    def sendto(self, data, address):
        self.sent.append((data, address))

    def is_closing(self):
        return self.closed

    def close(self):
        self.closed = True

    def take(self, address=None):
        """What was sent (to ``address``) since this was asked last."""
        taken = [data for data, to in self.sent if address in (None, to)]
        self.sent.clear()
        return taken


class Caller:
    """A chat-client at ``address`` that sends and reads by hand."""

    def __init__(self, port, paper, address=("127.0.0.1", 40001), id_=ID):
        self.port, self.paper, self.address, self.id = port, paper, address, id_
        self.token = ""
        self.number = 0

    def send(self, datagram):
        self.port.datagram_received(format_datagram(datagram), self.address)
        return [parse_datagram(data) for data in self.paper.take(self.address)]

    def hello(self):
        (answer,) = self.send(Datagram(Kind.HELLO, self.id))
        assert answer.kind is Kind.TOKEN
        self.token = answer.token
        return self

    def say(self, *lines, number=None):
        piece = "".join(f"{line}\r\n" for line in lines).encode()
        if number is None:
            number = self.number
            self.number += 1
        return self.send(Datagram(Kind.DATA, self.id, self.token, number, piece=piece))


@asynccontextmanager
async def paper_house(public=False, udp=None, **limits):
    """A house whose datagrams go to a `Paper`; gives house, port and paper."""
    async with open_house(public, None, **limits) as house:
        if udp is not None:
            settings = house.world.settings
            house.world.settings = type(settings)(settings.server, limits=settings.limits, udp=udp)
        port, paper = UdpPort(house.port.house, house.admission), Paper()
        port.connection_made(paper)
        try:
            yield house, port, paper
        finally:
            port.close()


@asynccontextmanager
async def udp_house(host="127.0.0.1", **limits):
    """A house that listens for TCP and for datagrams; gives it and the address for those."""
    async with open_house(**limits) as house:
        (sock,) = bind(host, 0, socket.SOCK_DGRAM)
        address = sock.getsockname()
        port = UdpPort(house.port.house, house.admission)
        await port.listen(sock)
        try:
            yield house, address
        finally:
            port.close()


class Program:
    """What a student writes: a UDP socket that blocks until something comes."""

    def __init__(self, address):
        self.server = address
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.settimeout(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.socket.close()

    def ask(self, data):
        """Send and wait for one answer, in lock-step."""
        self.socket.sendto(data if isinstance(data, bytes) else data.encode(), self.server)
        return self.hear()

    def hear(self):
        data, sender = self.socket.recvfrom(1024)
        assert sender[:2] == self.server[:2]
        return data.decode()


async def program(address, story):
    """Run ``story`` with a `Program` in a thread of its own."""

    def play():
        with Program(address) as one:
            return story(one)

    return await asyncio.to_thread(play)

"""The client's way over UDP, against a server of a few lines: how it begins, comes back and ends."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from chatapp.client import udp
from chatapp.client.connection import Connection
from chatapp.client.model import Model
from chatapp.client.session import Session
from chatapp.client.udp import Datagrams
from chatapp.irc.datagram import Datagram, Kind, format_datagram, parse_datagram

TOKEN = "00112233445566778899aabbccddeeff"


class Server(asyncio.DatagramProtocol):
    """Hands out tokens, after ``deaf`` questions, and notes what it hears."""

    def __init__(self, deaf=0):
        self.deaf = deaf
        self.heard = []
        self.senders = []
        self.changed = asyncio.Event()

    def connection_made(self, transport):
        self.transport = transport
        self.address = transport.get_extra_info("sockname")

    def datagram_received(self, data, address):
        datagram = parse_datagram(data)
        self.heard.append(datagram)
        self.senders.append(address)
        if datagram.kind is Kind.HELLO:
            self.deaf -= 1
            if self.deaf < 0:
                self.send(Datagram(Kind.TOKEN, "f" * 16, TOKEN[::-1]))  # an answer to somebody else
                self.send(Datagram(Kind.TOKEN, datagram.id, TOKEN))
        self.changed.set()

    def send(self, datagram):
        self.transport.sendto(format_datagram(datagram), self.senders[-1])

    async def until(self, kind):
        while not any(datagram.kind is kind for datagram in self.heard):
            self.changed.clear()
            await self.changed.wait()
        return next(datagram for datagram in self.heard if datagram.kind is kind)


class Wire(asyncio.Protocol):
    """What reads at the client's side."""

    def __init__(self):
        self.data = b""
        self.lost = asyncio.get_running_loop().create_future()
        self.came = asyncio.Event()

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.data += data
        self.came.set()

    def connection_lost(self, exc):
        self.lost.set_result(exc)


def play(scene, **about):
    """Run ``scene(server, datagrams)``."""

    async def within():
        _transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Server(**about), local_addr=("127.0.0.1", 0)
        )
        try:
            async with asyncio.timeout(60):
                await scene(server, Datagrams(*server.address, dice=lambda: 0.0))
        finally:
            server.transport.close()

    asyncio.run(within())


def test_both_sides_speak_once_there_is_a_token():
    async def scene(server, datagrams):
        wire = await datagrams.open(Wire)
        wire.transport.write(b"NICK ana\r\n")
        data = await server.until(Kind.DATA)
        assert (data.token, data.number, data.piece) == (TOKEN, 0, b"NICK ana\r\n")
        server.send(Datagram(Kind.DATA, data.id, TOKEN, 0, 1, piece=b"PING x\r\n"))
        await wire.came.wait()
        assert wire.data == b"PING x\r\n"
        assert wire.transport.get_extra_info("is_datagram")
        assert wire.transport.get_extra_info("socket") is None
        assert wire.transport.get_extra_info("peername") == server.address
        wire.transport.abort()
        assert await wire.lost is None
        await server.until(Kind.BYE)

    play(scene)


def test_a_question_that_is_lost_is_asked_again():
    async def scene(server, datagrams):
        wire = await datagrams.open(Wire)
        assert [datagram.kind for datagram in server.heard] == [Kind.HELLO] * 2
        assert len({datagram.id for datagram in server.heard}) == 1
        wire.transport.abort()
        await wire.lost

    play(scene, deaf=1)


def test_a_silent_server_is_asked_until_the_caller_has_enough():
    async def scene(_server, datagrams):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await datagrams.open(Wire)

    play(scene, deaf=1000)


def test_who_leaves_does_not_wait_for_a_silent_server(monkeypatch):
    monkeypatch.setattr("chatapp.client.connection.CONNECT_TIMEOUT", 1000.0)

    async def scene(server, datagrams):
        session = Session(Model(), "Ana", now=time.time)
        connection = Connection(session, *server.address, dice=lambda: 0.0, datagrams=datagrams)
        task = asyncio.create_task(connection.run())
        await server.until(Kind.HELLO)
        connection.quit()
        await task

    play(scene, deaf=1000)


def test_one_comes_back_from_the_same_port_with_another_id():
    async def scene(server, datagrams):
        for _time in range(2):
            wire = await datagrams.open(Wire)
            wire.transport.write(b"x")
            wire.transport.abort()
            await wire.lost
        while len(server.heard) < 6:
            server.changed.clear()
            await server.changed.wait()
        assert len(set(server.senders)) == 1
        assert len({datagram.id for datagram in server.heard}) == 2

    play(scene)


def test_the_servers_reason_is_the_reason():
    async def scene(server, datagrams):
        wire = await datagrams.open(Wire)
        server.send(Datagram(Kind.BYE, server.heard[0].id, "0" * 32, reason="a forged one"))
        server.send(Datagram(Kind.BYE, server.heard[0].id, TOKEN, reason="There are 16 connections"))
        assert str(await wire.lost) == "There are 16 connections"

    play(scene)


def test_a_server_that_knows_nothing_ends_it():
    async def scene(server, datagrams):
        wire = await datagrams.open(Wire)
        server.send(Datagram(Kind.GONE, server.heard[0].id, TOKEN))
        assert await wire.lost is None

    play(scene)


def test_a_server_that_is_not_there_any_more_ends_it():
    async def scene(server, datagrams):
        wire = await datagrams.open(Wire)
        server.transport.close()
        while not wire.lost.done():
            wire.transport.write(b"x")
            await asyncio.sleep(0)
        assert isinstance(wire.lost.result(), ConnectionRefusedError)

    play(scene)


def test_another_port_will_do():
    async def scene(server, datagrams):
        first = await datagrams.open(Wire)
        second = await datagrams.open(Wire)  # while the first still has it
        assert len(set(server.senders)) == 2
        for wire in (first, second):
            wire.transport.abort()
            await wire.lost

    play(scene)


def test_a_silent_address_gives_way_to_the_next(monkeypatch):
    async def scene(server, datagrams):
        monkeypatch.setattr(udp, "_FIRST_PAUSE", 0.001)
        loop = asyncio.get_running_loop()
        silent, _mute = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
        )
        addresses = [silent.get_extra_info("sockname"), server.address]

        async def getaddrinfo(*_asked, **_how):
            return [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", address) for address in addresses]

        monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo)
        wire = await datagrams.open(Wire)
        monkeypatch.undo()
        assert wire.transport.get_extra_info("peername") == server.address
        silent.close()
        wire.transport.abort()
        await wire.lost

    play(scene)

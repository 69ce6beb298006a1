"""Two of our clients over a network that loses, doubles and reorders 30 %: each message once, in order."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from contextlib import asynccontextmanager

import pytest
from listeners.datagrams import udp_house
from listeners.house import on_every_loop
from ports import free_port
from system.lossy_relay import lossy_relay

from chatapp.client.buffer import EntryState
from chatapp.client.connection import Connection, NoServer
from chatapp.client.model import Model
from chatapp.client.session import Session
from chatapp.client.udp import Datagrams
from chatapp.listeners.sockets import bind

ROOM = "#lobby"


class Client:
    """A chat-client without a screen, over datagrams."""

    def __init__(self, nick, address, seed=1):
        dice = random.Random(seed).random
        self.model = Model(nick)
        self.session = Session(self.model, nick, rooms=[ROOM], now=time.time)
        datagrams = Datagrams(*address[:2], dice)
        self.connection = Connection(self.session, *address[:2], dice=dice, datagrams=datagrams)
        self._changed = asyncio.Event()
        self.model.on_change = self._changed.set

    async def __aenter__(self):
        self.task = asyncio.create_task(self.connection.run())
        await self.until(self.is_in)
        return self

    async def __aexit__(self, *_error):
        self.connection.quit()
        await self.task

    async def until(self, true):
        async with asyncio.timeout(120):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    @property
    def room(self):
        return self.model.find(ROOM)

    def is_in(self):
        return (
            self.room is not None and self.room.joined and self.session.reading.catchup.is_settled(self.room)
        )

    def say(self, text):
        self.session.say(self.room, text)

    def heard(self, nick):
        """What ``nick`` has said, as this client shows it; own messages once they are confirmed."""
        found = [entry for entry in self.room.entries if entry.kind.name == "MESSAGE" and entry.nick == nick]
        return [e.text for e in found if e.state in (EntryState.SENT, EntryState.RECEIVED)]


@asynccontextmanager
async def two_clients(relay):
    address = relay.address
    async with Client("ana", address, 1) as ana, Client("bob", address, 2) as bob:
        yield ana, bob


@asynccontextmanager
async def house_behind(evil, seed=1):
    """A relay to a house that takes datagrams."""
    async with udp_house() as (house, address), lossy_relay(address, evil, seed) as relay:
        yield house, relay


def play(story, loop_factory=asyncio.SelectorEventLoop):
    """Run ``story``; a busy machine may take its time."""

    async def within_patience():
        async with asyncio.timeout(240):
            await story()

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(within_patience())


def story_of(count, evil):
    said = {nick: [f"{nick} {number}" for number in range(count)] for nick in ("ana", "bob")}

    async def story():
        async with house_behind(evil) as (_house, relay):
            async with two_clients(relay) as (ana, bob):
                for each in range(count):
                    ana.say(said["ana"][each])
                    bob.say(said["bob"][each])
                for client in (ana, bob):
                    for nick, texts in said.items():
                        await client.until(lambda: len(client.heard(nick)) >= len(texts))  # noqa: B023
                        assert client.heard(nick) == texts
            assert relay.carried < 40 * count + 400

    return story


@pytest.mark.slow
@on_every_loop
def test_two_hundred_messages_each_way(loop_factory):
    play(story_of(200, evil=0.3), loop_factory)


@pytest.mark.slow
def test_a_thousand_messages():
    play(story_of(500, evil=0.3))


@on_every_loop
def test_a_good_network(loop_factory):
    play(story_of(20, evil=0.0), loop_factory)


def test_nobody_there_is_told_at_once():
    async def story():
        client = Client("ana", ("127.0.0.1", free_port(socket.SOCK_DGRAM)))
        with pytest.raises(NoServer, match="nobody listens there"):
            await client.connection.run()

    play(story)


@pytest.mark.slow
@on_every_loop
def test_a_server_that_begins_anew_in_the_middle(loop_factory):
    """The socket and all its conversations are lost twice while both speak; nothing said is, or doubles."""
    count = 100
    said = [str(number) for number in range(count)]

    async def story():
        async with house_behind(0.2) as (house, relay), two_clients(relay) as (ana, bob):
            for turn in range(0, count, 10):
                for text in said[turn : turn + 10]:
                    ana.say(text)
                if turn in (30, 60):
                    await bob.until(lambda: len(bob.heard("ana")) > turn // 2)  # noqa: B023
                    await begin_anew(house)
            await bob.until(lambda: len(bob.heard("ana")) >= count)
            await ana.until(lambda: len(ana.heard("ana")) >= count)
            assert bob.heard("ana") == ana.heard("ana") == said

    play(story, loop_factory)


async def begin_anew(house):
    """As a restart of the server does it: nobody is told, and nothing is known of the conversations."""
    for session in list(house.world.sessions):
        link = session.wire._transport
        link._send = lambda _data: None
        link.abort()
    await asyncio.sleep(0)


@pytest.mark.slow
def test_a_network_that_is_gone_for_a_while():
    """What is typed meanwhile arrives once; so does what was on its way."""

    async def story():
        async with house_behind(0.1) as (_house, relay), two_clients(relay) as (ana, bob):
            for number in range(30):
                ana.say(str(number))
            await bob.until(lambda: bob.heard("ana"))
            relay.is_cut = True
            for number in range(30, 60):
                ana.say(str(number))
            asyncio.get_running_loop().call_later(1.0, setattr, relay, "is_cut", False)
            await bob.until(lambda: len(bob.heard("ana")) >= 60)
            await ana.until(lambda: len(ana.heard("ana")) >= 60)
            assert bob.heard("ana") == ana.heard("ana") == [str(number) for number in range(60)]

    play(story)


def test_two_versions_of_ip_are_tried():
    async def story():
        async with udp_house() as (_house, address), Client("ana", ("localhost", address[1])) as ana:
            ana.say("hello")
            await ana.until(lambda: ana.heard("ana") == ["hello"])

    play(story)


def test_a_second_server_does_not_share_the_port():
    (sock,) = bind("127.0.0.1", 0, socket.SOCK_DGRAM)
    with sock, pytest.raises(OSError, match="in use"):
        bind("127.0.0.1", sock.getsockname()[1], socket.SOCK_DGRAM)

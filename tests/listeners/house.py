"""A house with an open port on this machine: real sockets outside, a store in memory inside."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from memory_store import MemoryStore

import chatapp.commands  # noqa: F401  fills the table
from chatapp.core.delivery import Delivery
from chatapp.core.settings import LimitSettings, ServerSettings, Settings
from chatapp.core.stamp import Stamps
from chatapp.core.world import Outside, World
from chatapp.listeners.admission import Admission
from chatapp.listeners.connection import House
from chatapp.listeners.port import Port
from chatapp.listeners.sockets import bind
from chatapp.listeners.turns import Turns
from chatapp.server.pump import Pump

#: Nobody here waits longer for anything.
PATIENCE = 40


def loops():
    """The loops that a server runs on; tests take one as ``loop_factory``."""
    factories = [pytest.param(asyncio.SelectorEventLoop, id="asyncio")]
    try:
        import uvloop
    except ImportError:
        return factories
    return [*factories, pytest.param(uvloop.new_event_loop, id="uvloop")]


on_every_loop = pytest.mark.parametrize("loop_factory", loops())


def run(story, loop_factory):
    """Run the coroutine function ``story`` on a loop of its own."""

    async def within_patience():
        async with asyncio.timeout(PATIENCE * 2):
            await story()

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(within_patience())


async def settle(condition):
    """Let the loop go on until ``condition()``; `run` ends it if that never comes."""
    while not condition():  # noqa: ASYNC110  nothing in the house tells of it, and nothing waits on a clock
        await asyncio.sleep(0)


class Peer:
    """A program at the other end of a connection, which speaks in bytes."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    async def send(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def say(self, *lines):
        await self.send("".join(f"{line}\r\n" for line in lines).encode())

    async def line(self):
        async with asyncio.timeout(PATIENCE):
            raw = await self.reader.readuntil(b"\r\n")
        return raw[:-2].decode()

    async def until(self, end):
        """The lines up to the one that has ``end`` in it."""
        lines = []
        while not lines or end not in lines[-1]:
            lines.append(await self.line())
        return lines

    async def rest(self):
        """All that comes until the other side hangs up; then we do, too."""
        async with asyncio.timeout(PATIENCE):
            heard = await self.reader.read()
            self.writer.close()
            with suppress(ConnectionError):
                await self.writer.wait_closed()
        return heard.decode()

    async def asks(self, *lines):
        """Say ``lines`` and give back the answer, which ends where that to a PING of ours begins."""
        await self.say(*lines, "PING end-of-answer")
        return (await self.until("end-of-answer"))[:-1]

    def break_off(self):
        """Hang up so that the other side gets a reset."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class OpenHouse:
    """Port, world, pump and store; ``complaints`` is what the loop was told of."""

    def __init__(self, settings):
        self.store = MemoryStore()
        self.tasks = set()
        self.peers = []
        self.complaints = []
        self.pump = Pump(self.store)
        self.delivery = Delivery(self.pump.wake)
        outside = Outside(self.delivery, self.store, self.pump.settled, lambda: time.time_ns() // 1000)
        self.world = World(outside, settings, Stamps())
        self.admission = Admission(settings.limits, settings.server.public)
        self.port = Port(House(self.world, self.pump, Turns(self.pump), self.spawn), self.admission)
        self.number = 0

    def spawn(self, coroutine):
        task = asyncio.create_task(coroutine)
        self.tasks.add(task)
        return task

    async def listen(self, host="127.0.0.1", **about):
        sockets = bind(host, 0)
        self.number = sockets[0].getsockname()[1]
        await self.port.listen(sockets, **about)
        return [sock.getsockname() for sock in sockets]

    async def call(self, host="127.0.0.1"):
        """Connect; nothing is said yet."""
        return self._note(await asyncio.open_connection(host, self.number, limit=2**24))

    async def call_unix(self, path):
        return self._note(await asyncio.open_unix_connection(str(path), limit=2**24))

    async def enter(self, nick, *rooms):
        """Connect, register and join; what is said to newcomers has been read."""
        return await self.introduce(await self.call(), nick, *rooms)

    async def introduce(self, peer, nick, *rooms):
        await peer.asks(f"NICK {nick}", f"USER {nick} 0 * :{nick}", *(f"JOIN {room}" for room in rooms))
        return peer

    def block_disk(self):
        """From now on nothing is kept until the event that this gives back is set."""
        may_keep = asyncio.Event()
        keep = self.store.keep

        async def keep_when_it_may(changes):
            await may_keep.wait()
            await keep(changes)

        self.store.keep = keep_when_it_may
        return may_keep

    def connection_of(self, nick):
        return self.world.users[nick].sessions[0].wire

    def _note(self, streams):
        self.peers.append(Peer(*streams))
        return self.peers[-1]


@asynccontextmanager
async def open_house(public=False, host="127.0.0.1", **limits):
    """An `OpenHouse` that listens at a free port, or nowhere if ``host`` is None.

    At the end nobody is left in it, and no exception has escaped into its loop.
    """
    settings = Settings(server=ServerSettings(public=public), limits=replace(LimitSettings(), **limits))
    house = OpenHouse(settings)
    asyncio.get_running_loop().set_exception_handler(lambda _loop, about: house.complaints.append(about))
    beat = asyncio.create_task(house.pump.run(house.delivery))
    if host is not None:
        await house.listen(host)
    try:
        yield house
    finally:
        house.port.close()
        for peer in house.peers:
            peer.writer.transport.abort()
        async with asyncio.timeout(PATIENCE):
            await settle(lambda: not house.admission.total)
        beat.cancel()
        await asyncio.gather(beat, *house.tasks, return_exceptions=True)
    assert house.complaints == []
    assert not house.world.sessions

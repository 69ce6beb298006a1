"""What is in a tick: also what the network brings while the first of it is carried out."""

from __future__ import annotations

import asyncio
import socket

from dialogue import Table
from memory_store import MemoryStore

from chatapp.server.pump import Pump


class Store(MemoryStore):
    """Notes how many messages each tick had."""

    def __init__(self):
        super().__init__()
        self.ticks = []

    async def keep(self, changes):
        await super().keep(changes)
        self.ticks.append(len(changes.messages))


def test_who_speaks_while_another_is_heard_is_in_the_same_tick():
    async def main():
        loop, store = asyncio.get_running_loop(), Store()
        scene = Table(store=store)
        ana, bob = scene.sit("ana"), scene.sit("bob")
        scene.room("#tea", ana, bob)
        store.ticks.clear()
        pump = Pump(store)
        scene.delivery._wake, scene.tick = pump.wake, lambda: None
        near, far = socket.socketpair()

        def bob_speaks():
            loop.remove_reader(far)
            bob.say("PRIVMSG #tea :two")

        loop.add_reader(far, bob_speaks)
        heart = asyncio.create_task(pump.run(scene.delivery))
        with near, far:
            near.send(b"bob is on the way")
            ana.say("PRIVMSG #tea :one")
            await pump.settled()
            await pump.drained()
        heart.cancel()
        return store.ticks, ana.hears(), bob.hears()

    ticks, *heard = asyncio.run(main())

    assert ticks == [2]
    assert [[line.rpartition(":")[2] for line in lines] for lines in heard] == [["two"], ["one"]]

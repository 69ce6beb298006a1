"""A table whose ticks a real pump cuts, and a disk that works when it is told to."""

from __future__ import annotations

import asyncio

from dialogue import Table
from memory_store import MemoryStore

from chatapp.server.pump import Pump

TURNS = 20  # of the loop: more than anything here needs


class Disk(MemoryStore):
    """A store that keeps one tick each time it is told to."""

    def __init__(self):
        super().__init__()
        self.asked = []
        self._may = asyncio.Semaphore(0)

    def work(self, times=1):
        for _ in range(times):
            self._may.release()

    async def keep(self, changes):
        self.asked.append(len(changes.messages))
        await self._may.acquire()
        await super().keep(changes)


class Scene(Table):
    """A table whose ticks a real pump cuts."""

    def __init__(self, store, patience=(0.0, 0.0)):
        super().__init__(store=store)
        self.pump = Pump(store, patience)
        self.delivery._wake = self.pump.wake
        self.is_on = False

    def tick(self):
        if not self.is_on:
            super().tick()

    async def settled(self):
        await self.pump.settled()


def on_stage(story, disk=Disk, nicks=("ana", "bob")):
    """Run ``story(scene, *people)`` with everyone in #tea and the pump beating; give back how that ended."""

    async def main():
        store = disk()
        scene = Scene(store)
        if isinstance(store, Disk):
            store.work(1000)
        people = [scene.sit(nick) for nick in nicks]
        scene.room("#tea", *people)
        if isinstance(store, Disk):
            store._may = asyncio.Semaphore(0)
            store.asked.clear()
        scene.is_on = True
        heart = asyncio.create_task(scene.pump.run(scene.delivery))
        try:
            await asyncio.wait_for(story(scene, *people), 60)
        finally:
            heart.cancel()
            (end,) = await asyncio.gather(heart, return_exceptions=True)
        return end

    return asyncio.run(main())


async def turns():
    for _ in range(TURNS):
        await asyncio.sleep(0)


def words(person):
    return [line.rpartition(":")[2] for line in person.hears()]

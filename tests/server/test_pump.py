"""The heartbeat: nothing leaves before it is kept, in order, however slow or faulty the disk is."""

from __future__ import annotations

import asyncio

import pytest
from dialogue import Table
from memory_store import MemoryStore

from chatapp.core.ports import Span, StoreError
from chatapp.server.pump import FULL_LINES, Pump

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


def test_nothing_leaves_before_it_is_kept():
    async def story(scene, ana, bob):
        ana.say("PRIVMSG #tea :one", "PING x")
        await turns()
        assert (words(ana), words(bob)) == ([], [])

        scene.store.work()
        await turns()
        assert words(bob) == ["one"]
        assert words(ana) == ["x"]

    on_stage(story)


def test_a_slow_disk_holds_everything_back_and_keeps_the_order():
    async def story(scene, ana, bob):
        ana.say("PRIVMSG #tea :one")
        await turns()
        bob.say("PING p")
        ana.say("PRIVMSG #tea :two", "PING q")
        await turns()
        assert (words(ana), words(bob)) == ([], [])

        scene.store.work()
        await turns()
        assert (words(ana), words(bob)) == ([], ["one"])

        scene.store.work()
        await turns()
        assert (words(ana), words(bob)) == (["q"], ["p", "two"])

    on_stage(story)


def test_ticks_grow_while_the_disk_works():
    async def story(scene, ana, bob):
        for number in range(100):
            ana.say(f"PRIVMSG #tea :{number}")
            await asyncio.sleep(0)
        await turns()
        scene.store.work(2)
        await turns()

        assert scene.store.asked == [1, 99]
        assert words(bob) == [str(number) for number in range(100)]

    on_stage(story)


def test_what_needs_no_keeping_does_not_touch_the_disk():
    async def story(scene, ana, bob):
        ana.say("PING x")
        await turns()

        assert words(ana) == ["x"]
        assert scene.store.asked == []

    on_stage(story)


def test_who_reads_waits_until_all_that_was_said_is_kept():
    async def story(scene, ana, bob):
        ana.say("PRIVMSG #tea :one")
        read = asyncio.create_task(scene.world.settled())
        await turns()
        assert not read.done()

        scene.store.work()
        await turns()
        assert read.done()
        assert [message.body.rpartition(":")[2] for message in await scene.store.read(Span("#tea"))] == [
            "one"
        ]

    on_stage(story)


def test_who_reads_while_an_earlier_tick_is_kept_waits_for_their_own():
    async def story(scene, ana, bob):
        ana.say("PRIVMSG #tea :one")
        await turns()
        ana.say("PRIVMSG #tea :two")
        read = asyncio.create_task(scene.world.settled())
        await turns()

        scene.store.work()
        await turns()
        assert not read.done()
        scene.store.work()
        await turns()
        assert read.done()

    on_stage(story)


def test_a_reader_that_has_gone_holds_nobody_up():
    async def story(scene, ana, bob):
        ana.say("PRIVMSG #tea :one")
        gone, here = (asyncio.create_task(scene.world.settled()) for _ in range(2))
        await turns()
        gone.cancel()
        scene.store.work()
        await turns()

        assert here.done()
        assert words(bob) == ["one"]

    on_stage(story)


def test_settled_without_anything_said_comes_back_at_once():
    async def story(scene, ana, bob):
        await scene.world.settled()
        assert scene.store.asked == []

    on_stage(story)


def test_a_late_joiner_hears_what_is_said_in_one_tick_exactly_once():
    """All of the tick is in history; of what came after the JOIN, which is live as well, each once."""

    async def story(scene, ana, bob):
        cleo = scene.visit()
        ana.say("PRIVMSG #tea :before")
        cleo.say("NICK cleo", "USER c 0 * :c", "JOIN #tea")
        ana.say("PRIVMSG #tea :after")

        async def read():
            await scene.world.settled()
            return await scene.store.read(Span("#tea"))

        reading = asyncio.create_task(read())
        await turns()
        scene.store.work(10)
        await turns()

        stamps = [message.stamp for message in reading.result()]
        assert [message.body.rpartition(":")[2] for message in reading.result()] == ["before", "after"]
        assert stamps == sorted(set(stamps))
        live = [line for line in cleo.hears() if " PRIVMSG #tea " in line]
        assert live == [":ana!ana@127.0.0.1 PRIVMSG #tea :after"]

    on_stage(story)


def test_relief_comes_when_the_store_has_taken_the_tick_and_only_once():
    async def story(scene, ana, bob):
        told = []
        ana.say("PRIVMSG #tea :one")
        await turns()
        ana.say("PRIVMSG #tea :two")
        scene.pump.on_relief(lambda: told.append(list(scene.store.asked)))
        await turns()
        assert told == []

        scene.store.work()
        await turns()
        assert told == [[1, 1]]

        scene.store.work()
        ana.say("PING x")
        await turns()
        assert len(told) == 1

    on_stage(story)


def test_relief_comes_also_when_nothing_is_to_be_kept_or_sent():
    async def story(scene, ana, bob):
        told = []
        scene.pump.on_relief(lambda: told.append(1))
        await turns()
        assert told == [1]

    on_stage(story)


def test_one_whose_relief_fails_does_not_stop_the_heart():
    async def story(scene, ana, bob):
        complaints = []
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, about: complaints.append(about["exception"])
        )
        told = []
        scene.pump.on_relief(lambda: {}["a bug"])
        scene.pump.on_relief(lambda: told.append(1))
        await turns()
        ana.say("PING x")
        await turns()

        assert told == [1]
        assert words(ana) == ["x"]
        assert [type(complaint) for complaint in complaints] == [KeyError]

    on_stage(story)


def test_full_is_so_many_lines_since_the_last_tick():
    async def story(scene, ana, bob):
        scene.pump.took(FULL_LINES - 1)
        assert not scene.pump.is_full
        scene.pump.took(1)
        assert scene.pump.is_full
        scene.pump.wake()
        await turns()
        assert not scene.pump.is_full

    on_stage(story)


def test_drained_is_when_everything_is_out():
    async def story(scene, ana, bob):
        await scene.pump.drained()
        ana.say("PRIVMSG #tea :one")
        drained = asyncio.create_task(scene.pump.drained())
        await turns()
        ana.say("PRIVMSG #tea :two")
        scene.store.work()
        await turns()
        assert not drained.done()
        scene.store.work()
        await turns()
        assert drained.done()
        assert words(bob) == ["one", "two"]

    on_stage(story)


class FaultyDisk(MemoryStore):
    """Fails as often as ``failures`` says, then works again."""

    failures = 0

    async def keep(self, changes):
        if self.failures:
            self.failures -= 1
            raise StoreError("the disk has a fault")
        await super().keep(changes)


@pytest.mark.parametrize("failures", [1, 2])
def test_what_cannot_be_kept_is_tried_again_and_nothing_is_lost_or_doubled(failures, caplog):
    async def story(scene, ana, bob):
        scene.store.failures = failures
        ana.say("PRIVMSG #tea :one")
        await turns()
        ana.say("PRIVMSG #tea :two")
        await turns()

        assert words(bob) == ["one", "two"]
        assert len(await scene.store.read(Span("#tea"))) == 2

    on_stage(story, FaultyDisk)
    assert caplog.text.count("could not keep 1 messages, trying again: the disk has a fault") == failures


def test_what_cannot_be_kept_at_all_stops_the_heart_and_nobody_hears_of_it():
    async def story(scene, ana, bob):
        scene.store.failures = 3
        ana.say("PRIVMSG #tea :one", "PING x")
        await turns()

        assert (words(ana), words(bob)) == ([], [])
        assert await scene.store.read(Span("#tea")) == []

    end = on_stage(story, FaultyDisk)
    assert isinstance(end, StoreError)
    assert str(end) == "the disk has a fault"


class PassingFault(StoreError):
    may_pass = True


class FullDisk(MemoryStore):
    """Takes nothing until ``room`` is set; counts what it was asked to take."""

    def __init__(self):
        super().__init__()
        self.room = asyncio.Event()
        self.room.set()
        self.tries = 0

    async def keep(self, changes):
        self.tries += 1
        if not self.room.is_set():
            raise PassingFault("the disk is full")
        await super().keep(changes)


def test_a_fault_that_may_pass_is_waited_out_without_a_word_lost_doubled_or_early():
    async def story(scene, ana, bob):
        scene.pump._long_patience = 0.0
        scene.store.room.clear()
        scene.store.tries = 0
        ana.say("PRIVMSG #tea :one", "PING x")
        await turns()
        assert scene.store.tries > 5  # many more than its patience
        bob.say("PRIVMSG #tea :two")
        await turns()
        assert (words(ana), words(bob)) == ([], [])
        assert str(scene.pump.outage) == "the disk is full"

        scene.store.room.set()
        await turns()
        assert (words(ana), words(bob)) == (["x", "two"], ["one"])
        assert scene.pump.outage is None
        assert [message.body.rpartition(":")[2] for message in await scene.store.read(Span("#tea"))] == [
            "one",
            "two",
        ]

    on_stage(story, FullDisk)


def test_how_long_the_store_has_had_a_tick_is_known():
    async def story(scene, ana, bob):
        now = asyncio.get_running_loop().time
        assert scene.pump.kept_waiting(now() + 5) == 0
        ana.say("PRIVMSG #tea :one")
        await turns()
        assert 5 <= scene.pump.kept_waiting(now() + 5) < 15

        scene.store.work()
        await turns()
        assert scene.pump.kept_waiting(now() + 5) == 0

    on_stage(story)

"""The heartbeat: nothing leaves before it is kept, in order, however slow or faulty the disk is."""

from __future__ import annotations

import asyncio

import pytest
from memory_store import MemoryStore
from server.heartbeat import on_stage, turns, words

from chatapp.core.ports import Span, StoreError
from chatapp.server.pump import FULL_LINES


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
        ana.say("PRIVMSG #tea :0")
        await turns()
        for number in range(1, 100):
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


def test_full_is_so_much_to_write_as_well_whoever_hears_it(monkeypatch):
    async def story(scene, ana, bob):
        in_the_room = 2
        monkeypatch.setattr("chatapp.server.pump.FULL_BYTES", 300 * in_the_room)
        ana.say("PRIVMSG #tea :" + 200 * "a")
        assert not scene.pump.is_full
        ana.say("PRIVMSG #tea :" + 200 * "b")
        assert scene.pump.is_full
        scene.store.work()
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

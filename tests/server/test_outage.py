"""A disk that takes nothing for a while: the heart waits, and then all is there, once and in order."""

from __future__ import annotations

import asyncio

from memory_store import MemoryStore
from server.heartbeat import on_stage, turns, words

from chatapp.core.ports import Span, StoreError


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
        kept = await scene.store.read(Span("#tea"))
        assert [message.body.rpartition(":")[2] for message in kept] == ["one", "two"]

    on_stage(story, FullDisk)

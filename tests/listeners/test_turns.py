"""Whose turn it is: nobody overtakes, nobody starves, and a mistake of one is not everyone's."""

from __future__ import annotations

import asyncio

from chatapp.listeners.turns import Turns


class FakeBacklog:
    """Full after so many lines; relief comes when the test says so."""

    def __init__(self, room):
        self.room = room
        self.lines = 0
        self.relieved = []

    @property
    def is_full(self):
        return self.lines >= self.room

    def took(self, lines):
        self.lines += lines

    def on_relief(self, callback):
        self.relieved.append(callback)

    def relieve(self):
        self.lines = 0
        relieved, self.relieved = self.relieved, []
        for callback in relieved:
            callback()


class Talker:
    def __init__(self, name, turns, backlog, said, more):
        self.name, self.turns, self.backlog, self.said, self.more = name, turns, backlog, said, more

    def go_on(self):
        self.said.append(self.name)
        self.backlog.took(1)
        self.more -= 1
        if self.more:
            self.turns.wait(self.go_on)


def told(room, more, story):
    """Who spoke, in order, while ``story(backlog)`` went on; three people have ``more`` to say each."""

    async def main():
        backlog, said = FakeBacklog(room), []
        turns = Turns(backlog)
        for name in "abc":
            turns.wait(Talker(name, turns, backlog, said, more).go_on)
        await story(backlog, turns)
        return "".join(said)

    return asyncio.run(main())


async def let_them(backlog, turns):
    for _ in range(20):
        await asyncio.sleep(0)


def test_with_room_for_all_they_take_turns():
    assert told(100, 3, let_them) == "abcabcabc"


def test_when_there_is_no_room_all_wait():
    async def story(backlog, turns):
        backlog.took(2)
        await let_them(backlog, turns)
        assert backlog.lines == 2

    assert told(2, 3, story) == ""


def test_the_next_in_line_begins_when_there_is_room_again():
    async def story(backlog, turns):
        for _ in range(5):
            await let_them(backlog, turns)
            backlog.relieve()

    assert told(2, 3, story) == "abcabcabc"


def test_one_callback_is_enough_for_all_who_wait():
    async def story(backlog, turns):
        await let_them(backlog, turns)
        assert len(backlog.relieved) == 1

    assert told(1, 3, story) == "a"


def test_a_mistake_of_one_does_not_cost_the_others_their_turn():
    complaints = []

    async def story(backlog, turns):
        asyncio.get_running_loop().set_exception_handler(lambda _loop, about: complaints.append(about))
        turns.wait(lambda: {}["a bug"])
        turns.wait(lambda: backlog.took(50))
        await let_them(backlog, turns)
        assert backlog.lines == 53

    assert told(100, 1, story) == "abc"
    assert [type(about["exception"]) for about in complaints] == [KeyError]


def test_between_long_turns_the_loop_hears_others(monkeypatch):
    """Each turn takes 3 ms here: after two something else may happen, and all keep their places."""
    clock, said = [0.0], []
    monkeypatch.setattr("chatapp.listeners.turns.perf_counter", lambda: clock[0])
    monkeypatch.setattr("chatapp.listeners.turns.ROUND_SECONDS", 0.004)

    def turn(name):
        clock[0] += 0.003
        said.append(name)

    async def main():
        queue = Turns(FakeBacklog(100))
        for name in "abcde":
            queue.wait(lambda name=name: turn(name))
        while len(said) < 5:
            await asyncio.sleep(0)
            if said:
                said.append("|")

    asyncio.run(main())
    assert "".join(said).startswith("ab|cd|e")

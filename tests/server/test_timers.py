"""The clock's hand, with a clock that the test winds."""

from __future__ import annotations

import asyncio

import pytest
from dialogue import Table

from chatapp.core.settings import LimitSettings, Settings
from chatapp.server.timers import keep_time, look_after


def table(**limits):
    return Table(Settings(limits=LimitSettings(**limits)))


def after(table, seconds):
    table.later(seconds)
    look_after(table.world)
    table.tick()


def say_and_note(person, text):
    """As a listener does: what comes in is noted."""
    person.session.heard = person.table.world.now()
    person.say(text)


def test_after_a_silence_the_server_asks_once():
    people = table(ping_interval=120)
    ana = people.sit("ana")

    after(people, 119)
    assert ana.hears() == []
    after(people, 1)
    assert ana.hears() == ["PING :chatapp"]
    after(people, 59)
    assert ana.hears() == []


def test_who_answers_stays_and_is_asked_again():
    people = table(ping_interval=120, ping_timeout=60)
    ana = people.sit("ana")
    after(people, 120)
    ana.hears()

    people.later(30)
    say_and_note(ana, "PONG chatapp")
    after(people, 60)
    after(people, 29)
    assert ana.hears() == []
    after(people, 31)
    assert ana.hears() == ["PING :chatapp"]
    assert not ana.closed


def test_who_does_not_answer_is_gone_and_the_others_are_told():
    people = table(ping_interval=120, ping_timeout=60)
    ana, bob = people.sit("ana"), people.sit("bob")
    people.room("#tea", ana, bob)
    after(people, 120)
    say_and_note(bob, "PONG chatapp")
    ana.hears(), bob.hears()

    after(people, 60)

    assert ana.hears() == ["ERROR :Closing link: Ping timeout: 60 seconds"]
    assert ana.closed
    assert bob.hears() == [":ana!ana@127.0.0.1 QUIT :Ping timeout: 60 seconds"]
    assert not bob.closed


def test_whoever_takes_too_long_to_give_a_name_is_sent_away():
    people = table(registration_timeout=30)
    ana, bob = people.visit(), people.sit("bob")
    after(people, 29)
    assert not ana.closed

    after(people, 1)

    assert ana.hears() == ["ERROR :Closing link: Registration took too long"]
    assert ana.closed
    assert not bob.closed


def test_zero_never_comes():
    people = table(ping_interval=0, registration_timeout=0)
    ana, bob = people.visit(), people.sit("bob")

    after(people, 10_000_000)

    assert ana.hears() == bob.hears() == []
    assert not ana.closed


def test_a_clock_that_is_set_back_harms_nobody():
    people = table(ping_interval=120, ping_timeout=60, registration_timeout=30)
    ana, bob = people.visit(), people.sit("bob")

    after(people, -3600)
    after(people, 10)

    assert ana.hears() == bob.hears() == []


class FakePort:
    def __init__(self):
        self.swept = []

    def sweep(self, now):
        self.swept.append(now)


def test_once_a_second_everyone_is_looked_after(monkeypatch):
    people = table(ping_interval=3)
    ana = people.sit("ana")
    port = FakePort()
    waits, seconds = [], []

    async def sleep(delay):
        waits.append(delay)
        people.later(1)
        if len(waits) == 4:
            raise asyncio.CancelledError

    monkeypatch.setattr("chatapp.server.timers.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(keep_time(people.world, port, lambda _now: False, lambda: seconds.append(1)))
    people.tick()

    assert waits == [1, 1, 1, 1]
    assert len(port.swept) == len(seconds) == 3
    assert port.swept == sorted(port.swept)
    assert ana.hears() == ["PING :chatapp"]


def test_who_could_not_be_heard_because_the_house_stood_still_is_not_cut_off(monkeypatch):
    people = table(ping_interval=2, ping_timeout=60, registration_timeout=30)
    ana, stranger = people.sit("ana"), people.visit()
    port = FakePort()
    naps = iter([1, 1, 600, 1])

    async def sleep(_delay):
        nap = next(naps, None)
        if nap is None:
            raise asyncio.CancelledError
        people.later(nap)

    monkeypatch.setattr("chatapp.server.timers.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(keep_time(people.world, port, lambda _now: False))
    people.tick()

    assert ana.hears() == ["PING :chatapp"]
    assert not (ana.closed or stranger.closed)
    assert len(port.swept) == 3

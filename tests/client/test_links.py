"""The connections of several servers: opened, hurried, ended and opened again, each in its own task."""

from __future__ import annotations

import asyncio

import pytest

from chatapp.client import chat
from chatapp.client.assembly import build_networks
from chatapp.client.chat import Links
from chatapp.client.config import Launch
from chatapp.client.inspector.recorder import Direction, Recorder
from chatapp.client.settings import ServerEntry


class Way:
    """A connection that lasts until it is told to end, and then for as long as its farewell takes."""

    was_ever_welcome = True

    def __init__(self, session):
        self.session = session
        self.is_ending = False
        self.hurried = 0
        self.runs = 0
        self.began = asyncio.Event()
        self.farewell = asyncio.Event()

    async def run(self, *, gives_up):
        self.runs += 1
        self.began.set()
        self.gave_up = gives_up
        await self.farewell.wait()

    def hurry(self):
        self.hurried += 1

    def quit(self):
        self.is_ending = True
        self.session.quit()


class Keeping:
    def watch(self, network):
        pass


class Idle:
    is_idle = True


def play(story, *hosts, monkeypatch):
    async def run():
        ways = []

        def connection_of(network, _recorder, *, is_first):
            ways.append(Way(network.session))
            return ways[-1]

        monkeypatch.setattr(chat, "connection_of", connection_of)
        networks = build_networks(Launch(tuple(ServerEntry(host=host, nick="Ana") for host in hosts)))
        async with asyncio.TaskGroup() as tasks:
            links = Links(networks, Idle(), Recorder(lambda: 0.0), tasks, Keeping())
            for network in networks:
                links.open(network)
            await asyncio.sleep(0)
            await story(networks, links, ways)
            links.close_all()
            for way in ways:
                way.farewell.set()

    asyncio.run(run())


def test_only_one_that_is_alone_gives_up(monkeypatch):
    async def one(_networks, _links, ways):
        assert [way.gave_up for way in ways] == [True]

    async def two(_networks, _links, ways):
        assert [way.gave_up for way in ways] == [False, False]

    play(one, "a", monkeypatch=monkeypatch)
    play(two, "a", "b", monkeypatch=monkeypatch)


def test_an_open_one_is_hurried_and_not_opened_twice(monkeypatch):
    async def story(networks, _links, ways):
        networks.connect(next(iter(networks)))
        await asyncio.sleep(0)
        assert [(way.runs, way.hurried) for way in ways] == [(1, 1)]

    play(story, "a", monkeypatch=monkeypatch)


def test_one_that_was_left_is_opened_again_once_it_has_said_farewell(monkeypatch):
    async def story(networks, _links, ways):
        first = next(iter(networks))
        networks.disconnect(first, "bye")
        networks.connect(first)
        await asyncio.sleep(0)
        assert [way.runs for way in ways] == [1, 0]
        assert first.session.is_quitting

        ways[0].farewell.set()
        await ways[1].began.wait()
        assert not first.session.is_quitting

    play(story, "a", monkeypatch=monkeypatch)


def test_who_leaves_altogether_is_not_connected_again(monkeypatch):
    async def story(networks, links, ways):
        first = next(iter(networks))
        networks.disconnect(first)
        networks.connect(first)
        links.close_all()
        ways[0].farewell.set()
        await ways[1].began.wait()
        assert first.session.is_quitting

    play(story, "a", monkeypatch=monkeypatch)


def test_who_comes_back_and_leaves_again_before_the_farewell_is_over_stays_away(monkeypatch):
    async def story(networks, _links, ways):
        first = next(iter(networks))
        networks.disconnect(first)
        networks.connect(first)
        networks.disconnect(first)
        ways[0].farewell.set()
        await ways[1].began.wait()
        assert first.session.is_quitting

        networks.connect(first)
        ways[1].farewell.set()
        await ways[2].began.wait()
        assert not first.session.is_quitting

    play(story, "a", monkeypatch=monkeypatch)


def test_a_server_that_is_added_is_connected_to(monkeypatch):
    async def story(networks, _links, ways):
        networks.connect(networks.add(ServerEntry(host="b", nick="Ana")))
        await asyncio.sleep(0)
        assert [way.runs for way in ways] == [1, 1]

    play(story, "a", monkeypatch=monkeypatch)


@pytest.mark.parametrize("name", ["work", "w\x1b[2J"])
def test_the_inspector_says_which_server_a_line_went_to(name):
    recorder = Recorder(lambda: 0.0)
    recorder.opened("TCP")
    other = recorder.beside(name)
    other.opened("TCP", "details")
    recorder.saw(Direction.SENT, b"NICK half")
    other.saw(Direction.SENT, b"NICK whole\r\n")
    recorder.saw(Direction.SENT, b" and half\r\n")

    lines = [record for record in recorder.records if hasattr(record, "data")]
    assert [line.data for line in lines] == [b"NICK whole\r\n", b"NICK half and half\r\n"]
    assert lines[0].transport.startswith(name[:1])
    assert lines[0].transport.endswith(", TCP")
    assert lines[1].transport == "TCP"
    assert len({record.key for record in recorder.records}) == len(recorder.records) == 4
    assert "\x1b" not in str(recorder.records)

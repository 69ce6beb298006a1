"""Who hangs up in the middle of another protocol's beginning has said nothing, and comes in as nobody."""

from __future__ import annotations

import asyncio

import pytest
from fuzz.hasty_loop import Way, on_hasty_loop
from listeners.house import OpenHouse

from chatapp.core.settings import Settings
from chatapp.listeners.caller import Caller
from chatapp.listeners.proxy import Proxies

HALVES = [
    b"PROXY TCP4 192.0.2.1 ",
    b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nX: y",
    b"WEBIRC secret gate ",
]


def comes_and_says(data, proxies):
    """Who is in the house when somebody has said ``data`` and hung up."""
    here = []

    async def story(loop):
        house = OpenHouse(Settings())
        beat = asyncio.create_task(house.pump.run(house.delivery))
        way = Way(loop, "127.0.0.1")
        way.begin(Caller(house.port, proxies=proxies))
        came = []
        house.world.report = lambda words, about: came.append(words % about)
        await way.bring(data)
        await way.end(is_cut=False)
        here.extend(came)
        for task in (beat, *house.tasks):
            task.cancel()
        await asyncio.gather(beat, *house.tasks, return_exceptions=True)
        assert loop.complaints == []

    on_hasty_loop(story)
    return here


@pytest.mark.parametrize("data", HALVES)
def test_nothing_of_it_is_said(data):
    assert comes_and_says(data, Proxies("optional", ("127.0.0.0/8",))) == []


def test_half_a_line_of_a_person_is_said():
    assert comes_and_says(b"ana\nhello", Proxies())

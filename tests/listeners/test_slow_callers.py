"""Who keeps a connection and never comes in is sent away in time, in whatever protocol they stop or drip."""

from __future__ import annotations

import asyncio

import pytest
from fuzz.hasty_loop import Way, on_hasty_loop
from listeners.house import OpenHouse

from chatapp.core.settings import LimitSettings, Settings
from chatapp.listeners.caller import Caller
from chatapp.listeners.proxy import Proxies
from chatapp.server.timers import keep_time

LIMITS = LimitSettings()
UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
#: What is said at first, and what is dripped after it, a byte every other second.
SLOW = {
    "half a registration": (b"CAP LS 302\r\nNICK ana\r\n", b""),
    "lines of a registration, one by one": (b"NICK ana\r\n", b"PING\r\n" * 500),
    "a line without an end": (b"USER ", b"x" * 4000),
    "half an HTTP head": (b"GET / HTTP/1.1\r\nHost: ", b""),
    "HTTP headers without end": (b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 500),
    "a WebSocket that says nothing": (UPGRADE + b"\r\n", b""),
    "half a WebSocket frame": (UPGRADE + b"\r\n\x81\xfe\x40\x00abcd", b"x" * 4000),
    "pings of a WebSocket": (UPGRADE + b"\r\n", b"\x89\x80abcd" * 500),
    "half a PROXY line": (b"PROXY TCP4 192.0.2.1 ", b"1" * 4000),
    "half a PROXY header": (b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c", b""),
    "half a line of a gateway": (b"WEBIRC secret gate ", b"x" * 4000),
}
#: Those who are asked for a name, as a person would be, have longer.
SLOW_PEOPLE = {
    "silence": (b"", b""),
    "empty lines": (b"\r\n", b"\r\n" * 2000),
    "telnet's negotiation without end": (b"\xff\xfd\x03", b"\xff\xfd\x03" * 2000),
}


def seconds_until_sent_away(first, drip):
    """How long ``first`` and ``drip`` keep a connection."""
    took = []

    async def story(loop):
        house = OpenHouse(Settings(limits=LIMITS))
        house.world._now = lambda: int(loop.time() * 1_000_000)
        tasks = [
            asyncio.create_task(house.pump.run(house.delivery)),
            asyncio.create_task(keep_time(house.world, house.port, lambda _now: False)),
        ]
        way = Way(loop, "127.0.0.1")
        way.begin(Caller(house.port, proxies=Proxies("optional", ("127.0.0.0/8",))))
        if first:
            await way.bring(first)
        for at in range(2000):
            if way.is_lost:
                break
            await asyncio.sleep(2)
            if drip[at : at + 1] and not way.is_closing():
                await way.bring(drip[at : at + 1])
        assert way.is_lost, "it is held for ever"
        took.append(loop.time())
        assert not house.admission.total and not house.world.sessions
        for task in (*tasks, *house.tasks):
            task.cancel()
        await asyncio.gather(*tasks, *house.tasks, return_exceptions=True)
        assert loop.complaints == []

    on_hasty_loop(story)
    return took[0]


@pytest.mark.parametrize("how", SLOW)
def test_a_program_that_never_comes_in_is_sent_away(how):
    assert seconds_until_sent_away(*SLOW[how]) <= 2 * LIMITS.registration_timeout + 10


@pytest.mark.parametrize("how", SLOW_PEOPLE)
def test_a_person_who_never_gives_a_name_is_sent_away(how):
    most = LIMITS.registration_timeout + 2 * LIMITS.name_timeout + 20
    assert LIMITS.registration_timeout - 5 < seconds_until_sent_away(*SLOW_PEOPLE[how]) <= most

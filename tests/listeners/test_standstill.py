"""A server that stood still has heard nothing: that is no silence of its callers, and nothing is cut."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest
from listeners.house import on_every_loop, run, settle
from listeners.plain_house import plain_house

pytestmark = on_every_loop

STILL_MS = 40


async def stand_still(peer, data):
    """The server stands still for longer than it waits for anybody, and ``data`` comes meanwhile."""
    loop, has_stood = asyncio.get_running_loop(), asyncio.Event()
    one, other = socket.socketpair()

    def stand() -> None:
        loop.remove_reader(one)
        number = peer.writer.get_extra_info("socket").fileno()
        with socket.fromfd(number, socket.AF_INET, socket.SOCK_STREAM) as twin:
            twin.send(data)
        end = time.monotonic() + 3 * STILL_MS / 1000
        while time.monotonic() < end:
            pass
        has_stood.set()

    with one, other:
        loop.add_reader(one, stand)
        other.send(b"now")
        await has_stood.wait()


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"HTTP/1.1 "),
        (b"PING one\r\nNICK ana\r\nUSER a 0 * :a\r\n", b":chatapp "),
    ],
)
def test_who_has_spoken_meanwhile_is_not_greeted(loop_factory, data, answer):
    async def story():
        async with plain_house(greeting_ms=STILL_MS, pause_ms=STILL_MS) as house:
            peer = await house.call()
            await settle(lambda: house.port.undecided)
            await stand_still(peer, data)
            heard = await asyncio.wait_for(peer.reader.read(65536), 40)
            assert heard.startswith(answer), heard

    run(story, loop_factory)


def test_words_that_have_come_meanwhile_are_not_cut(loop_factory):
    async def story():
        async with plain_house(pause_ms=STILL_MS) as house:
            bruno = await house.enter("bruno", "#lobby")
            ana = await house.call()
            await ana.say("Ana")
            await bruno.until("JOIN")
            await ana.send(b"bom ")
            await settle(lambda: house.world.users["ana"].sessions[0].wire._is_unfinished)
            await stand_still(ana, b"dia\n")
            assert (await bruno.until("PRIVMSG"))[-1].endswith(":bom dia")

    run(story, loop_factory)

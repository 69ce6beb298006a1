"""What tests wait on: it goes on when something has happened, and gives up only when it has really waited."""

from __future__ import annotations

import asyncio
import socket
from itertools import count

import noticing
import pytest


def test_it_goes_on_when_something_has_come():
    async def story():
        loop, heard = asyncio.get_running_loop(), []
        near, far = socket.socketpair()
        with near, far:
            loop.add_reader(far, lambda: heard.append(far.recv(1)))
            loop.call_soon(near.send, b"x")
            await noticing.until(lambda: heard)
            loop.remove_reader(far)
        return heard

    assert noticing.run(story()) == [b"x"]


def test_it_gives_up_and_tells_what_there_is(monkeypatch):
    monkeypatch.setattr(noticing, "PATIENCE", 0.02)
    monkeypatch.setattr(noticing, "_LOOK_EVERY", 0.01)

    with pytest.raises(AssertionError, match="waited in vain, and there is: nothing"):
        noticing.run(noticing.until(lambda: False, lambda: "nothing"))


def test_time_in_which_we_were_not_let_run_does_not_count(monkeypatch):
    monkeypatch.setattr(noticing, "monotonic", count(0.0, 1000.0).__next__)
    monkeypatch.setattr(noticing, "_LOOK_EVERY", 0.001)
    looks = []

    async def story():
        await noticing.until(lambda: looks.append(1) or len(looks) > 5)

    noticing.run(story())
    assert len(looks) == 6

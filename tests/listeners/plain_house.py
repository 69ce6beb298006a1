"""A house with a plain face that tests can wait for, and what people in it read."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

from listeners.house import open_house

from chatapp.core.settings import PlainSettings

#: Long enough that what is said in one go is never cut, short enough to wait for.
PAUSE_MS = 60
#: What everyone hears first; the second row is their own coming in.
WELCOME = "-- Welcome, {}! Type and press Enter to speak. /help tells what else you can do; exit leaves."
IN_LOBBY = "-- What you type goes to #lobby; /help tells what else there is"


@asynccontextmanager
async def plain_house(greeting_ms=60_000, history=20, server=None, pause_ms=PAUSE_MS, **limits):
    """A house where a greeting comes only if it is asked for, and a pause is short."""
    async with open_house(**limits) as house:
        settings = house.world.settings
        plain = PlainSettings(greeting_ms, pause_ms, history)
        house.world.settings = replace(settings, plain=plain, server=replace(settings.server, **server or {}))
        yield house


async def come(house, name, *rooms):
    """Come in as ``name``; all that is told to newcomers has been read."""
    peer = await house.call()
    await peer.say(name, "/names", *(f"/join {room}" for room in rooms))
    await peer.until("Here in #lobby")
    await peer.until("Here in #lobby")
    for room in rooms:
        await peer.until(f"What you type goes to {room}")
    return peer


async def said(peer):
    """The next row of ``peer`` without its time."""
    return (await peer.line()).partition(" ")[2]


async def hears(peer):
    """All that comes at once, as a program with one recv gets it."""
    return (await asyncio.wait_for(peer.reader.read(65536), 40)).decode()

"""The clock's hand on `chatapp.core.lifetime`: once a second, what is due is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from chatapp.commands.bans import lift_expired
from chatapp.commands.table import disconnect
from chatapp.core.lifetime import Due, due
from chatapp.core.session import Session
from chatapp.core.world import World
from chatapp.irc.line import format_body
from chatapp.listeners.port import Port

#: Seconds between two looks, a second apart, that tell that nothing was done in between.
STOOD_STILL = 5


async def keep_time(
    world: World, port: Port, is_behind: Callable[[float], bool], *every_second: Callable[[], None]
) -> None:
    """Look after every session and every silent caller, until cancelled.

    While the house ``is_behind`` nobody would hear a PING or be heard answering it: nobody is looked after,
    and then every silence begins anew. So it is when the house has stood still: it has not heard, then, what
    has come meanwhile.
    """
    loop = asyncio.get_running_loop()
    was_behind = False
    while True:
        before = world.steady()
        await asyncio.sleep(1)
        if world.steady() - before >= STOOD_STILL:
            was_behind = True
        elif is_behind(loop.time()):
            was_behind = True
            port.sweep(loop.time())
        else:
            if was_behind:
                forgive(world)
            was_behind = False
            look_after(world)
            port.sweep(loop.time())
        for look in every_second:
            look()


def forgive(world: World) -> None:
    """Have the silence of every session begin at this moment."""
    now = world.steady()
    for session in world.sessions:
        session.began = session.heard = now
        session.pinged = 0


def look_after(world: World) -> None:
    """Do what is due for each session at this moment."""
    lift_expired(world)
    now, limits = world.steady(), world.settings.limits
    for session in list(world.sessions):
        what = due(session, now, limits)
        if what is not Due.NOTHING:  # it is for nearly all, and there may be thousands
            _do(what, world, session)


def _do(what: Due, world: World, session: Session) -> None:
    limits = world.settings.limits
    match what:
        case Due.PING:
            session.pinged = world.steady()
            world.delivery.send(session, format_body(None, "PING", [world.name], colon=True))
        case Due.PING_TIMEOUT:
            disconnect(world, session, f"Ping timeout: {limits.ping_timeout} seconds")
        case Due.REGISTRATION_TIMEOUT:
            disconnect(world, session, "Registration took too long")

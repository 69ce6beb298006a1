"""What the operator at the console can do that no client can: see figures, and make a new owner code."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import NamedTuple

from chatapp.core.ports import StoreError
from chatapp.core.world import World
from chatapp.irc.catalogue import N_
from chatapp.server.app import App
from chatapp.server.banner import owner_words, places


class Power(NamedTuple):
    """A command of the console. ``help`` is translated when shown; ``run`` gives the lines of the answer."""

    name: str
    help: str
    run: Callable[[], Awaitable[Sequence[str]]]


def powers(app: App) -> tuple[Power, ...]:
    """All that there are, for ``app``."""

    async def stats() -> Sequence[str]:
        return [_("Listening on {where}").format(where=places(app.addresses)), *figures(app.world)]

    async def owner_code() -> Sequence[str]:
        try:
            return owner_words(await app.store.owner.renew())
        except StoreError as why:
            return [_("There is no new owner code: {reason}").format(reason=why)]

    return (
        Power("stats", N_("show how the server is doing"), stats),
        Power("owner-code", N_("make a code with which somebody becomes an operator, once"), owner_code),
    )


def figures(world: World) -> list[str]:
    """How many are here and since when, a line each."""
    users, rooms = len(world.users), len(world.channels)
    unknown = sum(session.user is None for session in world.sessions)
    waiting = world.delivery.waiting
    began = time.strftime("%Y-%m-%d %H:%M", time.localtime(world.began))
    return [
        _("Up since {time}").format(time=began),
        ngettext("{n} person is here, at most {most}", "{n} people are here, at most {most}", users).format(
            n=users, most=world.most_users
        ),
        ngettext("{n} connection without a name", "{n} connections without a name", unknown).format(
            n=unknown
        ),
        ngettext("{n} room", "{n} rooms", rooms).format(n=rooms),
        ngettext(
            "{n} message on its way to the disk", "{n} messages on their way to the disk", waiting
        ).format(n=waiting),
    ]

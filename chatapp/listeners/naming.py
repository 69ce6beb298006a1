"""What a newcomer is called who cannot be asked twice: by the name they gave, or the nearest that is free."""

from __future__ import annotations

from gettext import gettext as _
from itertools import count

from chatapp.core.world import World
from chatapp.irc.names import is_nick
from chatapp.irc.text import cut_bytes


def may_be_called(world: World, name: str) -> bool:
    """Whether ``name`` is possible here, free or not."""
    settings = world.settings
    return is_nick(name, settings.limits.nick_length, settings.server.casemapping)


def guest_name(world: World) -> str:
    """The first free name for someone who gave none: guest1, guest2..."""
    names = (_("guest{number}").format(number=number) for number in count(1))
    return next(name for name in names if _is_free(world, name))


def free_name(world: World, name: str) -> str:
    """``name``, or what is nearest to it and free: Ana_, Ana_2, Ana_3..."""
    if _is_free(world, name):
        return name
    most = world.settings.limits.nick_length
    ends = (f"_{number}" if number > 1 else "_" for number in count(1))
    names = (cut_bytes(name, most - len(end)) + end for end in ends)
    return next(each for each in names if _is_free(world, each))


def _is_free(world: World, name: str) -> bool:
    folded = world.fold(name)
    return folded not in world.users and folded != world.fold(world.name)

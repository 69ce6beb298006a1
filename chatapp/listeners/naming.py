"""What a newcomer is called who has given no name, or none that is possible."""

from __future__ import annotations

from gettext import gettext as _

from chatapp.core.ownership import first_free, is_free
from chatapp.core.world import World
from chatapp.irc.names import is_nick


def may_be_called(world: World, name: str) -> bool:
    """Whether ``name`` is possible here, free or not."""
    settings = world.settings
    return is_nick(name, settings.limits.nick_length, settings.server.casemapping)


def guest_name(world: World) -> str:
    """The first free name for someone who gave none: guest1, guest2..."""
    words = _("guest{number}")
    number = first_free(lambda number: is_free(world, words.format(number=number)))
    return words.format(number=number)

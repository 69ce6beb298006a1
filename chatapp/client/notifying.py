"""``/notify``: how much of what is said in a room calls for the person."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING, cast, get_args

from chatapp.client.adjusting import keep
from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.command import Argument, Command, Misused
from chatapp.client.settings import Level
from chatapp.irc.catalogue import N_

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: What one can type; "default" takes a room's own setting away.
LEVELS = (*get_args(Level), "default")


def _notify(session: Session, args: list[str]) -> None:
    room = _room(session, args[1] if len(args) > 1 else "")
    if args:
        level = args[0].lower()
        if level not in LEVELS:
            raise Misused
        _keep(session, room, None if level == "default" else cast(Level, level))
    session.inform(_words(session, room), session.model.current)


def _room(session: Session, name: str) -> Buffer:
    """The conversation that is meant.

    Raises:
        Misused: There is none of that name, or it is the server's.
    """
    room = session.model.find(name) if name else session.model.target
    if room is None:
        raise Misused(_("You are not in {room}.").format(room=name))
    if room.kind is BufferKind.SERVER:
        raise Misused(_("This works in a room: /join one, or switch to it."))
    return room


def _keep(session: Session, room: Buffer, level: Level | None) -> None:
    preferences = session.preferences
    fold = session.model.fold
    names = (fold(room.name), f"{fold(session.model.known_as)}/{fold(room.name)}")
    levels = {name: old for name, old in preferences.settings.notify.items() if fold(name) not in names}
    if level is not None:
        levels[f"{session.model.known_as}/{room.name}"] = level
    keep(session, "notify", levels)


def _words(session: Session, room: Buffer) -> str:
    level = session.attention.level_of(room)
    if level == "nothing":
        return _("Nothing in {room} calls for you.").format(room=room.name)
    if level == "all" or room.kind is BufferKind.DIRECT:
        return _("Everything in {room} calls for you.").format(room=room.name)
    return _("Your name and your words call for you in {room}.").format(room=room.name)


NOTIFYING = (
    Command(
        "notify",
        N_("[LEVEL] [ROOM]"),
        N_("what calls for you here: all, mentions, nothing, or the default"),
        (Argument.LEVEL, Argument.CHANNEL),
        _notify,
    ),
)

"""Entering and leaving: /join, /part, and /close, which leaves people as well as rooms."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.command import Argument, Command, Misused, check_words
from chatapp.client.outbox import Stage
from chatapp.client.outcome import Outcome
from chatapp.irc.catalogue import N_

if TYPE_CHECKING:
    from chatapp.client.session import Session


def _join(session: Session, args: list[str]) -> None:
    keys = args[1].split(",") if len(args) > 1 else []
    for at, name in enumerate(filter(None, args[0].split(","))):
        channel = name if session.isupport.is_channel(name) else f"#{name}"
        key = keys[at] if at < len(keys) else ""
        check_words(channel, key)
        session.rooms.join(channel, key)


def _part(session: Session, args: list[str]) -> Outcome | None:
    buffer = session.model.current
    if args and session.isupport.is_channel(args[0].split(" ")[0]):
        name, *rest = args[0].split(" ", 1)
        found = session.model.find(name)
        if found is None:
            raise Misused(_("You are not in {room}.").format(room=name))
        return _leave_buffer(session, found, "".join(rest))
    return _leave_buffer(session, buffer, args[0] if args else "")


def _close(session: Session, args: list[str]) -> Outcome | None:
    return _leave_buffer(session, session.model.current, "")


def _leave_buffer(session: Session, buffer: Buffer, reason: str) -> Outcome | None:
    if buffer.kind is BufferKind.SERVER:
        raise Misused(_("The server's own window stays open. /quit ends the program."))
    key = f"close {buffer.name}"
    if session.speaking.outbox.of(buffer, *Stage) and session.warned != key:
        session.warned = key
        raise Misused(_("Something has not been sent here yet. Once more to leave without it."))
    session.warned = ""
    session.rooms.close(buffer, reason)
    return None


#: In the order of /help.
MEMBERSHIP: tuple[Command, ...] = (
    Command(
        "join", N_("ROOM [KEY]"), N_("enter a room"), (Argument.CHANNEL, Argument.TEXT), _join, 1, ("j",)
    ),
    Command(
        "part",
        N_("[ROOM] [REASON]"),
        N_("leave a room"),
        (Argument.CHANNEL,),
        _part,
        0,
        ("p", "leave"),
        asks_twice=True,
    ),
    Command("close", "", N_("close this conversation"), (), _close, asks_twice=True),
)

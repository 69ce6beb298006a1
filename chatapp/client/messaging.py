"""Saying something by a command: /msg and /query to one person, /me, and /resend."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer
from chatapp.client.command import Argument, Command, Misused, check_words
from chatapp.irc.catalogue import N_

if TYPE_CHECKING:
    from chatapp.client.session import Session


def _message(session: Session, args: list[str]) -> None:
    _say_to(session, args[0], args[1])


def _query(session: Session, args: list[str]) -> None:
    buffer = _say_to(session, args[0], args[1] if len(args) > 1 else "")
    session.model.switch_to(buffer)


def _say_to(session: Session, name: str, text: str) -> Buffer:
    check_words(name)
    if "," in name:
        raise Misused
    if session.isupport.is_channel(name):
        found = session.model.find(name)
        if found is None:
            raise Misused(_("You are not in {room}. /join {room} first.").format(room=name))
        buffer = found
    else:
        buffer = session.rooms.direct(name)
    if text:
        session.say(buffer, text)
    return buffer


def _me(session: Session, args: list[str]) -> None:
    session.act(session.model.target, args[0])


def _resend(session: Session, args: list[str]) -> None:
    if not session.speaking.again(session.model.current):
        session.inform(_("Nothing here has failed."), session.model.current)


#: In the order of /help.
MESSAGING: tuple[Command, ...] = (
    Command(
        "msg",
        N_("NAME TEXT"),
        N_("say something to one person"),
        (Argument.NICK, Argument.TEXT),
        _message,
        2,
        ("m", "w"),
    ),
    Command(
        "query",
        N_("NAME [TEXT]"),
        N_("open a private conversation"),
        (Argument.NICK, Argument.TEXT),
        _query,
        1,
    ),
    Command("me", N_("TEXT"), N_("say what you do: /me waves"), (Argument.TEXT,), _me, 1),
    Command("resend", "", N_("send again what has failed here"), (), _resend),
)

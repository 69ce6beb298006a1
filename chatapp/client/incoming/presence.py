"""How people are: away or here, and what changes about their source."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.incoming.replies import numeric
from chatapp.client.incoming.table import hears
from chatapp.irc.line import Line, nick_of
from chatapp.irc.names import source

if TYPE_CHECKING:
    from chatapp.client.session import Session


@hears("AWAY")
def away(session: Session, line: Line) -> None:
    """Someone went away or came back (IRCv3 away-notify)."""
    folded = session.model.fold(nick_of(line.source))
    for buffer in session.model.buffers:
        member = buffer.members.get(folded)
        if member is not None:
            member.away = bool(line.param(0))
            buffer.touch()


@hears("352", "315")
def who(session: Session, line: Line) -> None:
    """RPL_WHOREPLY, RPL_ENDOFWHO: what we wanted to know of a room, or what the person has asked for."""
    if not session.presence.hear(line):
        numeric(session, line)


@hears("301")
def is_away(session: Session, line: Line) -> None:
    """RPL_AWAY: whom we wrote to, or asked about, is away."""
    words = _("{nick} is away: {text}").format(nick=line.param(1), text=line.param(2))
    session.inform(words, session.model.find(line.param(1)))


@hears("305", "306")
def own_away(session: Session, line: Line) -> None:
    """RPL_UNAWAY, RPL_NOWAWAY: we came back, or are away now."""
    session.model.is_away = line.command == "306"
    if not session.model.is_away:
        session.away_words = ""
    session.inform(_("You are away now.") if session.model.is_away else _("You are back."))


@hears("CHGHOST")
def moved(session: Session, line: Line) -> None:
    """Someone's user name and host have changed (IRCv3 chghost)."""
    nick = nick_of(line.source)
    if session.is_me(nick) and line.param(1):
        session.source = source(nick, line.param(0), line.param(1))


@hears("ACCOUNT", "SETNAME")
def silent(session: Session, line: Line) -> None:
    """Account and real name are not shown yet."""

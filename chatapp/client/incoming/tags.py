"""TAGMSG: what is said by tags alone, as reactions and that someone is writing (IRCv3 message-tags)."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer
from chatapp.client.incoming.conversation import conversation_of
from chatapp.client.incoming.table import hears
from chatapp.client.incoming.telling import time_of
from chatapp.client.reactions import LONGEST, Vote
from chatapp.irc.client_tags import REACT, TYPING, UNREACT, reply_of
from chatapp.irc.line import Line, nick_of

if TYPE_CHECKING:
    from chatapp.client.session import Session


@hears("TAGMSG")
def tagged(session: Session, line: Line) -> None:
    """Someone reacts, or writes."""
    buffer = conversation_of(session, line)
    if buffer is None:
        return
    nick = nick_of(line.source)
    if react(session, buffer, line):
        _announce(session, buffer, line)
    if session.is_me(nick):
        reaction = line.tags.get(REACT, "") or line.tags.get(UNREACT, "")
        session.speaking.reacting.heard(buffer, reply_of(line), reaction, line.tags.get("label", ""))
    state = line.tags.get(TYPING, "")
    if state and not session.is_me(nick):
        buffer.typing.heard(session.model.fold(nick), nick, state, session.now())
        buffer.touch()


def _announce(session: Session, buffer: Buffer, line: Line) -> None:
    """Tell of a reaction those who have no screen to look at."""
    added = line.tags.get(REACT, "")
    words = _("{nick} reacts with {reaction}") if added else _("{nick} takes back {reaction}")
    told = words.format(nick=nick_of(line.source), reaction=(added or line.tags.get(UNREACT, ""))[:LONGEST])
    session.model.focus.on_deed(buffer, told, buffer.known(reply_of(line)))


def react(session: Session, buffer: Buffer, line: Line) -> bool:
    """Count the reaction that ``line``, live or of history, is; any other line is none. Whether it is new."""
    msgid = reply_of(line)
    added, removed = line.tags.get(REACT, ""), line.tags.get(UNREACT, "")
    if not msgid or bool(added) == bool(removed) or buffer.deletions.of(msgid) is not None:
        return False
    nick = nick_of(line.source)
    vote = Vote(nick, time_of(session, line), is_on=bool(added))
    folded, is_own = session.model.fold(nick), session.is_me(nick)
    is_new = buffer.reactions.react(msgid, added or removed, folded, vote, is_own=is_own)
    buffer.touch()
    return is_new

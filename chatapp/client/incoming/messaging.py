"""What people say: PRIVMSG, NOTICE, and the echo of what we said ourselves."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind
from chatapp.client.incoming.table import hears
from chatapp.client.incoming.telling import entry_for
from chatapp.irc.line import Line, nick_of
from chatapp.irc.refusals import sentence
from chatapp.irc.text import parse_ctcp

if TYPE_CHECKING:
    from chatapp.client.session import Session


@hears("PRIVMSG", "NOTICE")
def said(session: Session, line: Line) -> None:
    """Put a message into its conversation, or confirm our own with its echo."""
    if line.command == "NOTICE" and "!" not in (line.source or "") and len(line.params) > 1:
        line = replace(line, params=[line.params[0], sentence(line.params[1])])  # the server's own words
    entry = entry_for(session, line)
    if entry is None:
        _asked(session, line)
        return
    buffer = _conversation(session, line, entry)
    if buffer is not None and not (entry.own and session.speaking.confirm_echo(buffer, line, entry)):
        session.reading.tell(buffer, entry)


@hears("ACK")
def acknowledged(session: Session, line: Line) -> None:
    """What was asked for has no other answer; who must know that it was in vain is told."""
    if words := session.labels.words_for(line):
        session.inform(words, session.origin)


def _conversation(session: Session, line: Line, entry: Entry) -> Buffer | None:
    """Where a message belongs; a private message from a person opens a conversation with them.

    ``None`` for what is said in a room that the person has closed while the server still has them in it.
    """
    model = session.model
    target = session.isupport.split_statusmsg(line.param(0))[1]
    if session.isupport.is_channel(target):
        room = model.find(target)
        return room if room is not None or session.rooms.is_leaving(target) else model.server
    if entry.own:
        return model.buffer_named(target, BufferKind.DIRECT if target else None)
    if "!" not in (line.source or ""):
        return model.server
    opens = entry.kind is not EntryKind.NOTICE
    return session.rooms.direct(entry.nick) if opens or model.find(entry.nick) else model.server


def _asked(session: Session, line: Line) -> None:
    """A question between programs (CTCP): we tell strangers nothing, but the person sees who asked."""
    ctcp = parse_ctcp(line.param(1))
    nick = nick_of(line.source)
    if ctcp is None or session.is_me(nick):
        return
    session.inform(
        _("{nick} asks for {what} (not answered)").format(nick=nick, what=ctcp[0]), session.model.server
    )

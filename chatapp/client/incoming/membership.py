"""Who is in a room: JOIN, PART, KICK, QUIT, NICK, INVITE, and the list of names."""

from __future__ import annotations

from functools import partial
from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import MAX_MEMBERS, Buffer, BufferKind, Member
from chatapp.client.incoming.table import hears
from chatapp.client.incoming.telling import entry_for
from chatapp.client.model import Invitation
from chatapp.irc import caps
from chatapp.irc.line import Line, nick_of

if TYPE_CHECKING:
    from chatapp.client.session import Session


@hears("JOIN")
def joined(session: Session, line: Line) -> None:
    """Someone came in; if it is us, the room is open and we catch up."""
    nick = nick_of(line.source)
    if session.is_me(nick):
        session.source = line.source or session.source
        if session.rooms.is_leaving(line.param(0)):
            return
        buffer = session.model.buffer_named(line.param(0), BufferKind.CHANNEL)
        if buffer.kind is not BufferKind.CHANNEL:
            return
        buffer.members.clear()
        _enter(session, buffer, nick)
        session.rooms.came_in(buffer)
        session.presence.forget(buffer)
        invitation = session.model.focus.invitation
        if invitation is not None and session.model.fold(invitation.room) == session.model.fold(buffer.name):
            session.model.focus.invitation = None
        if not _is_told_again(session, line):
            _tell(session, buffer, line)
        return
    buffer = session.model.buffer_named(line.param(0))
    if buffer.kind is BufferKind.CHANNEL:
        _enter(session, buffer, nick)
        _tell(session, buffer, line)


@hears("PART")
def left(session: Session, line: Line) -> None:
    """Someone left; a room that we asked to leave is closed."""
    nick = nick_of(line.source)
    if not (session.is_me(nick) and session.rooms.parted(line.param(0))):
        _gone(session, line, nick)


@hears("KICK")
def kicked(session: Session, line: Line) -> None:
    """Someone was removed. We do not come back by ourselves."""
    _gone(session, line, line.param(1))


@hears("QUIT")
def went(session: Session, line: Line) -> None:
    """Someone has gone from every room, and the nick we wanted may be free."""
    nick = nick_of(line.source)
    for buffer in _rooms_with(session, nick):
        del buffer.members[session.model.fold(nick)]
        _tell(session, buffer, line)
    session.nick_is_free(nick)


@hears("NICK")
def renamed(session: Session, line: Line) -> None:
    """Someone, perhaps we, has another nick."""
    old, new = nick_of(line.source), line.param(0)
    if not new:
        return
    fold = session.model.fold
    rooms = _rooms_with(session, old)
    talks = [buffer for buffer in session.model.buffers if buffer.kind is BufferKind.DIRECT]
    for buffer in {*rooms, *talks} if session.is_me(old) else rooms:
        buffer.reactions.renamed(fold(old), fold(new), new)
    if session.is_me(old):
        session.named(new)
    for buffer in rooms:
        member = buffer.members.pop(fold(old))
        member.nick = new
        buffer.members[fold(new)] = member
        _tell(session, buffer, line)
    direct = session.model.find(old)
    if direct is not None and direct.kind is BufferKind.DIRECT and not session.is_me(new):
        direct.reactions.renamed(fold(old), fold(new), new)
        session.model.rename(direct, new)
        _tell(session, direct, line)
    session.nick_is_free(old)


@hears("RENAME")
def renamed_room(session: Session, line: Line) -> None:
    """A room has another name and all that it had (IRCv3 draft/channel-rename)."""
    buffer = session.rooms.rename(line.param(0), line.param(1)) if line.param(1) else None
    if buffer is not None:
        _tell(session, buffer, line)


@hears("INVITE")
def invited(session: Session, line: Line) -> None:
    """Someone may come in: we, or (invite-notify) another."""
    nick, guest, channel = nick_of(line.source), line.param(0), line.param(1)
    if session.is_me(guest):
        words = _("{nick} invites you to {channel}: /join {channel}")
        session.inform(words.format(nick=nick, channel=channel), session.model.current)
        accept = partial(session.rooms.join, channel)
        session.model.focus.invitation = Invitation(channel, session.now(), accept)
        return
    buffer = session.model.find(channel)
    if buffer is not None:
        _tell(session, buffer, line)


@hears("353")
def names(session: Session, line: Line) -> None:
    """RPL_NAMREPLY: a part of the list of names."""
    fold = session.model.fold
    buffer = session.model.find(line.param(2))
    if buffer is None or not buffer.joined:
        if fold(line.param(2)) in session.rooms_asked["NAMES"]:
            session.inform(f"{line.param(2)}: {line.param(3)}")
        return
    gathered = session.names.setdefault(buffer, {})
    for word in line.param(3).split(" "):
        prefixes, source = session.isupport.split_prefix(word)
        nick = nick_of(source)
        if nick and len(gathered) < MAX_MEMBERS:
            before = buffer.members.get(fold(nick))
            gathered[fold(nick)] = Member(nick, prefixes, before.away if before else False)


@hears("366")
def end_of_names(session: Session, line: Line) -> None:
    """RPL_ENDOFNAMES: the list is whole, for one channel or several."""
    for name in line.param(1).split(","):
        asked, folded = session.rooms_asked["NAMES"], session.model.fold(name)
        is_asked = folded in asked
        asked.discard(folded)
        buffer = session.model.find(name)
        gathered = session.names.pop(buffer, None) if buffer else None
        if buffer is None or gathered is None:
            continue
        buffer.members = gathered
        buffer.touch()
        if is_asked:
            nicks = sorted(gathered.values(), key=lambda member: session.model.fold(member.nick))
            listed = " ".join(member.prefixes[:1] + member.nick for member in nicks)
            session.inform(_("In {room}: {names}").format(room=buffer.name, names=listed), buffer)


def _gone(session: Session, line: Line, nick: str) -> None:
    buffer = session.model.find(line.param(0))
    if buffer is None:
        return
    buffer.members.pop(session.model.fold(nick), None)
    _tell(session, buffer, line)
    if session.is_me(nick):
        session.rooms.went_out(buffer)


def _is_told_again(session: Session, line: Line) -> bool:
    """Whether our JOIN may be an old one: who is in a room by another connection hears that they are in it.

    History shows it in its place.
    """
    granted = session.caps
    is_answer = "label" in line.tags or not granted.has_labels
    return not is_answer and granted.has_history and caps.EVENT_PLAYBACK in granted.enabled


def _enter(session: Session, buffer: Buffer, nick: str) -> None:
    if len(buffer.members) < MAX_MEMBERS:
        buffer.members.setdefault(session.model.fold(nick), Member(nick))


def _rooms_with(session: Session, nick: str) -> list[Buffer]:
    folded = session.model.fold(nick)
    return [buffer for buffer in session.model.buffers if folded in buffer.members]


def _tell(session: Session, buffer: Buffer, line: Line) -> None:
    entry = entry_for(session, line)
    if entry is not None:
        session.reading.tell(buffer, entry)

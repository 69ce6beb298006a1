"""Topics and modes: TOPIC, MODE, and the numerics that tell of them."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer
from chatapp.client.incoming.mode_words import mode_words
from chatapp.client.incoming.table import hears
from chatapp.client.incoming.telling import entry_for
from chatapp.irc.line import Line, nick_of
from chatapp.irc.modes import ModeChange, ModeKind, parse_modes

if TYPE_CHECKING:
    from chatapp.client.session import Session


@hears("TOPIC")
def topic(session: Session, line: Line) -> None:
    """Someone has set the topic."""
    buffer = session.model.find(line.param(0))
    entry = entry_for(session, line)
    if buffer is not None and entry is not None:
        buffer.topic = line.param(1)
        session.reading.tell(buffer, entry)


@hears("331", "332")
def topic_is(session: Session, line: Line) -> None:
    """RPL_NOTOPIC, RPL_TOPIC: the topic as it stands."""
    buffer = session.model.find(line.param(1))
    text = line.param(2) if line.command == "332" else ""
    if session.rooms.is_leaving(line.param(1)):
        return
    if buffer is not None:
        buffer.topic = text
        buffer.touch()
    folded = session.model.fold(line.param(1))
    asked = session.rooms_asked["TOPIC"]
    if folded in asked or buffer is None:
        asked.discard(folded)
        words = _("The topic of {room} is: {topic}") if text else _("{room} has no topic.")
        session.inform(words.format(room=line.param(1), topic=text), buffer)


@hears("333", "329")
def silent(session: Session, line: Line) -> None:
    """RPL_TOPICWHOTIME, RPL_CREATIONTIME: who set the topic, and how old the room is, are not shown."""


@hears("MODE")
def mode(session: Session, line: Line) -> None:
    """Modes were set: standing shows in the list of members."""
    buffer = session.model.find(line.param(0))
    if buffer is None:
        return
    for change in parse_modes(line.params[1:], session.isupport.chanmodes):
        if change.kind is ModeKind.PREFIX and change.param:
            _stand(session, buffer, change, change.param)
    entry = entry_for(session, line)
    if entry is not None:
        session.reading.tell(buffer, entry)


@hears("367")
def ban_is(session: Session, line: Line) -> None:
    """RPL_BANLIST: who is kept out or quiet, as it was told when it was done."""
    who = nick_of(line.param(3)) or session.model.server_name
    session.inform(mode_words(who, ["+b", line.param(2)]), session.origin)


@hears("324")
def modes_are(session: Session, line: Line) -> None:
    """RPL_CHANNELMODEIS: the modes of a channel."""
    words = _("The modes of {room} are {modes}").format(room=line.param(1), modes=" ".join(line.params[2:]))
    session.inform(words, session.model.find(line.param(1)))


def _stand(session: Session, buffer: Buffer, change: ModeChange, nick: str) -> None:
    """Give or take a prefix, keeping them highest first."""
    member = buffer.members.get(session.model.fold(nick))
    if member is None:
        return
    pairs = session.isupport.prefixes
    held = {symbol for letter, symbol in pairs if symbol in member.prefixes and letter != change.letter}
    if change.adding:
        held |= {symbol for letter, symbol in pairs if letter == change.letter}
    member.prefixes = "".join(symbol for _letter, symbol in pairs if symbol in held)

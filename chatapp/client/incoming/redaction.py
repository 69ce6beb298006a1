"""REDACT: someone deletes a message (IRCv3 draft/message-redaction)."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer
from chatapp.client.incoming.conversation import conversation_of
from chatapp.client.incoming.table import hears
from chatapp.client.redaction import Deletion
from chatapp.irc.client_tags import id_in
from chatapp.irc.line import Line, nick_of

if TYPE_CHECKING:
    from chatapp.client.session import Session


@hears("REDACT")
def redacted(session: Session, line: Line) -> None:
    """A message is deleted: what it said is forgotten, that it was there stays to be seen."""
    buffer = conversation_of(session, line)
    if buffer is None:
        return
    target = buffer.known(id_in(line.param(1)))
    if target is not None and target.deletion is None:
        words = _("{nick} has deleted a message of {author}")
        told = words.format(nick=nick_of(line.source), author=target.nick)
        session.model.focus.on_deed(buffer, told, None)
    redact(session, buffer, line)


def redact(session: Session, buffer: Buffer, line: Line) -> None:
    """Delete what ``line``, live or of history, names in ``buffer``."""
    msgid = id_in(line.param(1))
    if msgid:
        buffer.delete(msgid, Deletion(nick_of(line.source), line.param(2)))
        session.speaking.deleting.heard(buffer, msgid)

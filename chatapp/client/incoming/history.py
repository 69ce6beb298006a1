"""Pages of history: a chathistory batch, in its place (IRCv3 draft/chathistory)."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer, Entry, EntryKind, Mark
from chatapp.client.incoming.multiline import messages
from chatapp.client.incoming.redaction import redact
from chatapp.client.incoming.table import gathers
from chatapp.client.incoming.tags import react
from chatapp.client.incoming.telling import entry_for, msgid_of, time_of
from chatapp.client.moment import parse_moment
from chatapp.client.page import Told
from chatapp.client.redaction import Deletion
from chatapp.irc.batch import Batch
from chatapp.irc.line import Line, nick_of

if TYPE_CHECKING:
    from chatapp.client.session import Session


@gathers("chathistory")
def page(session: Session, batch: Batch) -> None:
    """Give a page to who asked for it; one that nobody asked for is passed over."""
    label = batch.tags.get("label", "")
    if session.reading.quotes.is_open(label):
        entries = (entry_for(session, line) for line in messages(batch))
        session.reading.quotes.answered(label, [entry for entry in entries if entry is not None])
        return
    target = batch.params[0] if batch.params else ""
    request = session.reading.request_of(label, target)
    if request is None:
        return
    lines = list(messages(batch))
    told = []
    here = {line.tags.get("msgid", "") for line in lines if line.command != "REDACT"}
    for line in lines:
        entry = _deleted(session, request.buffer, line, here) or entry_for(session, line)
        told.append(Told(Mark(msgid_of(session, line), time_of(session, line)), entry))
        if line.command == "TAGMSG":
            react(session, request.buffer, line)
        elif line.command == "REDACT":
            redact(session, request.buffer, line)
    session.reading.catchup.page(request, told)


@gathers("draft/chathistory-targets")
def targets(session: Session, batch: Batch) -> None:
    """Who has said something to us, each with when: ``CHATHISTORY TARGETS <name> <timestamp>``."""
    told = [line.params for line in batch.lines() if line.param(0) == "TARGETS" and len(line.params) > 2]
    found = [(name, parse_moment(text)) for _word, name, text, *_more in told]
    session.reading.correspondents.told((name, moment) for name, moment in found if moment is not None)


def _deleted(session: Session, buffer: Buffer, line: Line, here: Set[str]) -> Entry | None:
    """Something for the place of a message that was deleted and is nowhere to be seen."""
    msgid = line.param(1)
    if line.command != "REDACT" or msgid in here or buffer.known(msgid) is not None:
        return None
    nick = nick_of(line.source)
    deletion = Deletion(nick, line.param(2))
    own = msgid_of(session, line)
    return Entry(EntryKind.EVENT, time_of(session, line), "", nick, own, deletion=deletion)

"""Pages of history: a chathistory batch, in its place (IRCv3 draft/chathistory)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.client.buffer import Mark
from chatapp.client.catchup import Told
from chatapp.client.incoming.telling import entry_for, msgid_of, time_of
from chatapp.irc.batch import Batch

if TYPE_CHECKING:
    from chatapp.client.session import Session

KINDS = frozenset({"chathistory"})


def page(session: Session, batch: Batch) -> None:
    """Give a page to who asked for it; one that nobody asked for is passed over."""
    target = batch.params[0] if batch.params else ""
    request = session.reading.request_of(batch.tags.get("label", ""), target)
    if request is None:
        return
    told = []
    for line in batch.lines():
        mark = Mark(msgid_of(session, line), time_of(session, line))
        told.append(Told(mark, entry_for(session, line)))
    session.reading.catchup.page(request, told)

"""Results of a search (soju.im/search)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.client.incoming.multiline import messages
from chatapp.client.incoming.table import gathers
from chatapp.client.incoming.telling import entry_for
from chatapp.irc import caps
from chatapp.irc.batch import Batch

if TYPE_CHECKING:
    from chatapp.client.session import Session


@gathers(caps.SEARCH)
def found(session: Session, batch: Batch) -> None:
    """What the server has found."""
    entries = []
    for line in messages(batch):
        entry = entry_for(session, line)
        if entry is None:
            continue
        target = session.isupport.split_statusmsg(line.param(0))[1]
        is_ours = session.isupport.is_channel(target) or entry.own
        entry.place = target if is_ours else entry.nick
        entries.append(entry)
    session.reading.searching.answered(batch.tags.get("label", ""), entries)

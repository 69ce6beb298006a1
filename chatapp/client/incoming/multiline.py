"""Messages of several lines: a batch is one message (IRCv3 draft/multiline)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatapp.client.incoming.table import gathers
from chatapp.client.multiline import whole_message
from chatapp.irc import caps
from chatapp.irc.batch import Batch
from chatapp.irc.line import Line

if TYPE_CHECKING:
    from chatapp.client.session import Session


@gathers(caps.MULTILINE)
def said(session: Session, batch: Batch) -> None:
    """Someone has said several lines at once."""
    line = whole_message(batch)
    if line is not None:
        session.heard(line)


def messages(batch: Batch) -> Iterator[Line]:
    """Every line of ``batch``; a message of several lines within it counts as one."""
    for child in batch.children:
        if isinstance(child, Line):
            yield child
        elif child.kind == caps.MULTILINE:
            line = whole_message(child)
            if line is not None:
                yield line
        else:
            yield from messages(child)

"""MARKREAD: how far a conversation was read on any of one's devices (IRCv3 draft/read-marker)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.client.buffer import BufferKind
from chatapp.client.incoming.table import hears
from chatapp.client.moment import parse_moment
from chatapp.irc.line import Line

if TYPE_CHECKING:
    from chatapp.client.session import Session


@hears("MARKREAD")
def marked(session: Session, line: Line) -> None:
    """Something was read up to a moment; ``*`` says that nothing is known."""
    buffer = session.model.find(line.param(0))
    kind, _equals, value = line.param(1).partition("=")
    moment = parse_moment(value) if kind == "timestamp" else None
    if buffer is not None and buffer.kind is not BufferKind.SERVER and moment is not None:
        session.reading.markers.heard(buffer, moment)

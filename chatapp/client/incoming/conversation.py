"""Which open conversation a line belongs to that opens none by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer, BufferKind
from chatapp.irc.line import Line, nick_of

if TYPE_CHECKING:
    from chatapp.client.session import Session


def conversation_of(session: Session, line: Line) -> Buffer | None:
    """Where ``line``, whose first parameter is its target, belongs; ``None`` if that is not open."""
    target = session.isupport.split_statusmsg(line.param(0))[1]
    nick = nick_of(line.source)
    is_ours = session.isupport.is_channel(target) or session.is_me(nick)
    buffer = session.model.find(target if is_ours else nick)
    return buffer if buffer is not None and buffer.kind is not BufferKind.SERVER else None

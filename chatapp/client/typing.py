"""Saying that one is writing: seldom, only where it is passed on, and not at all if one does not want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.model import ConnectionState
from chatapp.irc import caps
from chatapp.irc.client_tags import TYPING, is_allowed

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: Seconds between two notices that one is writing, at least (IRCv3 typing).
EVERY = 3.0


class Typing:
    """What others know of our writing: in which conversation, and when they were told last."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._buffer: Buffer | None = None
        self._told_at = 0.0
        self._label = ""
        self._refused: set[Buffer] = set()

    def typed(self, buffer: Buffer, text: str) -> None:
        """The person has changed what they are about to say in ``buffer``; "" is nothing any more."""
        if self._buffer is not None and self._buffer is not buffer:
            self._done()
        if not text or (text[0] == "/" and text[:2] != "//"):
            self._done()
        elif self._buffer is None or self._session.now() - self._told_at >= EVERY:
            self._tell(buffer, "active")

    def said(self, buffer: Buffer) -> None:
        """It is said, and everyone knows by that."""
        self._refused.discard(buffer)
        if self._buffer is buffer:
            self._buffer = None

    def refused(self, label: str, buffer: Buffer | None) -> bool:
        """An error came; if a notice was its reason, nobody need know, and no more are sent there."""
        is_recent = self._session.now() - self._told_at < EVERY
        is_ours = (
            label == self._label if label else buffer is not None and buffer is self._buffer and is_recent
        )
        if not is_ours:
            return False
        if self._buffer is not None:
            self._refused.add(self._buffer)
        self._buffer = None
        return True

    def cut(self) -> None:
        """The connection has ended."""
        self._buffer = None
        self._label = ""
        self._refused.clear()

    def _done(self) -> None:
        if self._buffer is not None:
            self._tell(self._buffer, "done")
        self._buffer = None

    def _tell(self, buffer: Buffer, state: str) -> None:
        if not self._may_tell(buffer):
            return
        self._buffer = buffer
        self._told_at = self._session.now()
        self._label = self._session.send("TAGMSG", buffer.name, origin=buffer, tags={TYPING: state})

    def _may_tell(self, buffer: Buffer) -> bool:
        session = self._session
        if not session.preferences.settings.typing or session.model.state is not ConnectionState.ONLINE:
            return False
        if buffer in self._refused:
            return False
        is_in = buffer.joined or buffer.kind is BufferKind.DIRECT
        can_tag = caps.MESSAGE_TAGS in session.caps.enabled and is_allowed(session.isupport, TYPING)
        return is_in and can_tag

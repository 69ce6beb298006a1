"""Read markers: how far one has read, on this device and the others (IRCv3 draft/read-marker).

Only what was really shown counts as read: the newest message, while it is in view and somebody looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.client.buffer import SAID, Buffer, BufferKind, Entry
from chatapp.client.model import ConnectionState
from chatapp.client.moment import format_moment
from chatapp.irc import caps

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: Seconds between two markers of one conversation, at least.
EVERY = 2.0
#: Entries that are looked through for what is unread.
_LOOK_BACK = 2000


class Markers:
    """The markers of one session's conversations; times in seconds since 1970."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._told: dict[Buffer, float] = {}
        self._told_at: dict[Buffer, float] = {}
        self._waiting: set[Buffer] = set()
        self._begins_at: dict[Buffer, float] = {}

    def begin(self, buffer: Buffer) -> None:
        """We hear ``buffer`` from now on: of a private conversation ask how far it was read."""
        if buffer.kind is BufferKind.DIRECT and caps.READ_MARKER in self._session.caps.enabled:
            self._session.send("MARKREAD", buffer.name)

    def cut(self) -> None:
        """The connection has ended; what was read meanwhile is told on the next."""
        self._told.clear()
        self._told_at.clear()

    def assume(self, buffer: Buffer, time: float) -> None:
        """Unless the server knows better, ``buffer`` was read up to ``time``."""
        if not buffer.read_until:
            self._begins_at.setdefault(buffer, time)

    def forget(self, buffer: Buffer) -> None:
        """The conversation was closed."""
        for known in (self._told, self._told_at, self._begins_at):
            known.pop(buffer, None)
        self._waiting.discard(buffer)

    def heard(self, buffer: Buffer, time: float) -> None:
        """The server tells how far ``buffer`` was read, here or on another device."""
        self._told[buffer] = max(time, self._told.get(buffer, 0.0))
        if not buffer.read_until:
            self._begins_at[buffer] = time
        if time <= buffer.read_until:
            return
        buffer.read_until = time
        if buffer.unread:
            unread = _unread(buffer)
            buffer.unread = min(buffer.unread, len(unread))
            buffer.mentions = min(buffer.mentions, sum(entry.mention for entry in unread))
            if not unread:
                buffer.read_up_to = 0
        buffer.touch()

    def read_page(self, buffer: Buffer, *, is_first: bool) -> None:
        """A page of history is here: put the unread line where one had stopped, once that is in it."""
        time = self._begins_at.get(buffer)
        if time is None or buffer.read_up_to:
            return
        unread = _unread(buffer, time)
        before = next(
            (entry for entry in reversed(buffer.entries) if entry.msgid and entry.time <= time), None
        )
        if before is not None:
            del self._begins_at[buffer]
            if unread:
                buffer.read_up_to = before.key
        if is_first and buffer is not self._session.model.current:
            buffer.unread = max(buffer.unread, len(unread))
            buffer.mentions = max(buffer.mentions, sum(entry.mention for entry in unread))

    def has_unread_above(self, buffer: Buffer) -> bool:
        """Whether what was not read begins further up than what is loaded."""
        return buffer in self._begins_at and buffer.has_older

    def seen(self, buffer: Buffer, entry: Entry) -> None:
        """``entry``, the newest of ``buffer``, is in view, and somebody looks."""
        if entry.time > buffer.read_until:
            buffer.read_until = entry.time
        if buffer.kind is not BufferKind.SERVER and buffer.read_until > self._told.get(buffer, 0.0):
            self._waiting.add(buffer)
            self.flush()

    def flush(self, *, at_once: bool = False) -> None:
        """Tell what may be told now; ``at_once``: we leave."""
        session = self._session
        if not self._waiting or session.model.state is not ConnectionState.ONLINE:
            return
        if caps.READ_MARKER not in session.caps.enabled or not session.preferences.settings.read_markers:
            self._waiting.clear()
            return
        for buffer in list(self._waiting):
            # The clock may have been set back.
            is_due = abs(session.now() - self._told_at.get(buffer, 0.0)) >= EVERY
            is_in = buffer.joined or buffer.kind is BufferKind.DIRECT
            if is_in and (is_due or at_once):
                self._waiting.discard(buffer)
                self._told[buffer] = buffer.read_until
                self._told_at[buffer] = session.now()
                session.send("MARKREAD", buffer.name, f"timestamp={format_moment(buffer.read_until)}")

    def due(self) -> float | None:
        """When `flush` has something to do, ``None`` for never."""
        waiting = (buffer for buffer in self._waiting if buffer.joined or buffer.kind is BufferKind.DIRECT)
        return min((self._told_at.get(buffer, 0.0) + EVERY for buffer in waiting), default=None)


def newest(buffer: Buffer) -> Entry | None:
    """The last that the server has told of in ``buffer``."""
    return next((entry for entry in reversed(buffer.entries[-_LOOK_BACK:]) if entry.msgid), None)


def _unread(buffer: Buffer, since: float | None = None) -> list[Entry]:
    """What others have said since one has read, or since ``since``."""
    since = buffer.read_until if since is None else since
    late = (entry for entry in buffer.entries[-_LOOK_BACK:] if entry.time > since)
    return [entry for entry in late if entry.kind in SAID and not entry.own and entry.msgid]

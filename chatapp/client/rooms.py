"""Rooms and private conversations: enter, leave, open, close, and come back after a cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.model import ConnectionState
from chatapp.client.outbox import Pending, Stage

if TYPE_CHECKING:
    from chatapp.client.session import Session


class Rooms:
    """Which conversations are open. A room is wanted while it is joined or being joined.

    What was closed may be told of until the server has heard of it: `is_leaving`.
    """

    def __init__(self, session: Session, names: Sequence[str]) -> None:
        self._session = session
        self._keys: dict[Buffer, str] = {}
        #: PARTs that were not answered yet, by the folded name of the room.
        self._parting: Counter[str] = Counter()
        self._is_ready = False
        model = session.model
        for name in names:
            channel = name if session.isupport.is_channel(name) else f"#{name}"
            buffer = model.buffer_named(channel, BufferKind.CHANNEL)
            buffer.is_joining = buffer.kind is BufferKind.CHANNEL
        if len(model.buffers) > 1:
            model.switch_to(model.buffers[1])

    @property
    def is_ready(self) -> bool:
        """Whether the server listens, and what is wanted was asked for."""
        return self._is_ready

    def ready(self) -> bool:
        """The server listens: enter what is wanted. False if we had done so on this connection."""
        if self._is_ready:
            return False
        self._is_ready = True
        self._session.model.touch()
        for buffer in list(self._session.model.buffers):
            if buffer.kind is BufferKind.CHANNEL and buffer.is_joining:
                self._ask_in(buffer)
            elif buffer.kind is BufferKind.DIRECT:
                self._session.reading.begin(buffer)
        self._session.reading.correspondents.ask()
        return True

    def cut(self) -> None:
        """The connection has ended: rooms that we were in will be entered again."""
        self._is_ready = False
        self._parting.clear()
        for buffer in self._session.model.buffers:
            buffer.is_joining = buffer.is_joining or buffer.joined
            buffer.joined = False
            buffer.members.clear()

    def join(self, name: str, key: str = "") -> None:
        """Enter ``name``, now or once we are online, and show it."""
        model = self._session.model
        buffer = model.buffer_named(name, BufferKind.CHANNEL)
        if buffer.kind is BufferKind.CHANNEL and not buffer.joined:
            buffer.is_joining = True
            if key:
                self._keys[buffer] = key
            if self._is_ready:
                self._ask_in(buffer)
        model.switch_to(buffer)

    def direct(self, nick: str) -> Buffer:
        """The conversation with ``nick``, opened if need be."""
        model = self._session.model
        is_new = model.find(nick) is None
        buffer = model.buffer_named(nick, BufferKind.DIRECT if nick else None)
        if is_new and buffer.kind is BufferKind.DIRECT and self._is_ready:
            self._session.reading.begin(buffer)
        return buffer

    def close(self, buffer: Buffer, reason: str = "") -> None:
        """Leave and close a conversation, with what may wait in it: whoever calls has asked."""
        session = self._session
        session.speaking.forget(buffer)
        session.reading.markers.flush(at_once=True)
        is_in = buffer.kind is BufferKind.CHANNEL and (buffer.joined or buffer.is_joining)
        if is_in and session.model.state is ConnectionState.ONLINE:
            self._part(buffer.name, reason)
        self._keys.pop(buffer, None)
        session.names.pop(buffer, None)
        session.reading.forget(buffer)
        session.model.close(buffer)

    def came_in(self, buffer: Buffer) -> None:
        """The server has let us into ``buffer``."""
        buffer.joined = True
        buffer.is_joining = False
        self._session.reading.begin(buffer)
        buffer.touch()

    def is_leaving(self, name: str) -> bool:
        """Whether ``name`` was closed, and the server may tell of it still."""
        return self._parting[self._session.model.fold(name)] > 0 and self._session.model.find(name) is None

    def parted(self, name: str) -> bool:
        """The server says that we are not in ``name``: whether that answers the PART of closing it.

        Who has come back meanwhile is on the way in again, with what they have typed since.
        """
        folded = self._session.model.fold(name)
        if not self._parting[folded]:
            return False
        self._parting[folded] -= 1
        buffer = self._session.model.find(name)
        if buffer is not None:
            self._outside(buffer)
            buffer.is_joining = True
        return True

    def rename(self, old: str, new: str) -> Buffer | None:
        """The room ``old`` is called ``new`` from now on: its conversation, if it is open.

        A conversation that is open under the new name, of a room that we are not in, gives way.
        """
        session, model = self._session, self._session.model
        buffer, other = model.find(old), model.find(new)
        if self.is_leaving(old):
            self._rename_closed(new, other)
        if buffer is None or buffer.kind is not BufferKind.CHANNEL:
            return None
        waiting: list[Pending] = []
        if other not in (None, buffer) and other.kind is BufferKind.CHANNEL and not other.joined:
            waiting = session.speaking.outbox.of(other, Stage.QUEUED)
            self._give_way(other, buffer)
        model.rename(buffer, new)
        session.presence.forget(buffer)
        session.reading.searching.renamed(old, new)
        request = session.reading.catchup.request_of(buffer)
        if request is not None and not session.caps.has_labels:
            session.reading.ask_again(request)  # an answer to the old name could not be told apart
        for pending in waiting:
            session.speaking.say(buffer, pending.entry.text, pending.entry.kind, pending.entry.reply_to)
        return buffer

    def went_out(self, buffer: Buffer) -> None:
        """We are not in ``buffer`` any more: what waits there cannot be said."""
        self._outside(buffer)
        words = _("You are not in {room} any more. /join {room} to come back.").format(room=buffer.name)
        if self._session.speaking.outbox.of(buffer, *Stage):
            self._session.speaking.fail_all(buffer, words)
        else:
            self._session.inform(words, buffer)

    def not_let_in(self, buffer: Buffer, words: str) -> None:
        """The server does not let us into ``buffer``."""
        self._outside(buffer)
        if self._session.speaking.outbox.of(buffer, *Stage):
            self._session.speaking.fail_all(buffer, words)
        else:
            self._session.complain(words, buffer)

    def sent_on(self, buffer: Buffer, name: str) -> None:
        """The server sends us on from ``buffer`` to ``name``: go there, if one looks at it."""
        model = self._session.model
        other = model.buffer_named(name, BufferKind.CHANNEL)
        if other.kind is BufferKind.CHANNEL and not other.joined:
            other.is_joining = True
        if buffer is model.current:
            model.switch_to(other)

    def _rename_closed(self, new: str, other: Buffer | None) -> None:
        """A room that was closed is called ``new`` now, and the server does not know that we leave it.

        ``other`` is what is open under that name.
        """
        if other is None:
            self._part(new)
        elif other.is_joining:
            self.came_in(other)  # without a JOIN: to the server we are in that room already
            self._session.send("NAMES", new)

    def _give_way(self, other: Buffer, buffer: Buffer) -> None:
        """Close ``other``: its name is that of ``buffer`` now, which we stay in."""
        if other is self._session.model.current:
            self._session.model.switch_to(buffer)
        other.is_joining = False  # else closing it would leave the room
        self.close(other)

    def _part(self, name: str, reason: str = "") -> None:
        self._parting[self._session.model.fold(name)] += 1
        self._session.send("PART", name, *([reason] if reason else []))

    def _outside(self, buffer: Buffer) -> None:
        buffer.joined = buffer.is_joining = False
        buffer.members.clear()
        self._session.reading.catchup.went_out(buffer)
        buffer.touch()

    def _ask_in(self, buffer: Buffer) -> None:
        key = self._keys.get(buffer, "")
        self._session.send("JOIN", buffer.name, *([key] if key else []), origin=buffer)

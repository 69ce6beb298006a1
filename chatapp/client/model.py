"""The model: everything the screen shows, as plain data with a version number that rises at each change."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from chatapp.client.buffer import Buffer, BufferKind, Entry
from chatapp.irc.names import fold_unicode

if TYPE_CHECKING:
    from chatapp.client.attention import Call
    from chatapp.client.search import Found

#: Conversations held at most; a server that opens more is heard in its own buffer.
MAX_BUFFERS = 1000


class ConnectionState(Enum):
    """How far the connection has come."""

    OFFLINE = auto()
    CONNECTING = auto()
    REGISTERING = auto()
    ONLINE = auto()


class Invitation(NamedTuple):
    """Somebody has asked us into ``room``, at ``time``; ``accept`` enters it."""

    room: str
    time: float
    accept: Callable[[], None]


class Focus:
    """The one conversation that is on the screen, of all that the models of one client hold.

    ``found`` is what came of the last search, while it is shown or can be gone back to.
    ``on_call`` hears of what calls for the person, wherever it was said. ``is_watched`` is false while the
    terminal is known to be out of sight. ``invitation`` is the last one, until it is accepted.
    ``on_deed`` hears, in words, of what was done to a message that is here or not: a reaction, a deletion.
    """

    def __init__(self, buffer: Buffer) -> None:
        self.buffer = buffer
        self.is_watched = True
        self.found: Found | None = None
        self.invitation: Invitation | None = None
        self.on_call: Callable[[Call], None] = lambda _call: None
        self.on_deed: Callable[[Buffer, str, Entry | None], None] = lambda _buffer, _words, _about: None


class Model:
    """What the client knows of one server. ``retry_at`` (seconds since 1970): when it is tried again.

    ``label`` is what the person calls the server, "" for what it calls itself. ``known_as`` is what it is in
    files: whatever it calls itself later, that stays.

    ``transport`` is a word for the way to the server where it is not the usual one, such as UDP.

    ``talk`` is the room that words typed in the server's buffer go to, if to any: the room last shown.

    The first buffer is the server's; the others follow in the order they were opened. ``on_change`` is called
    after each change and must be cheap: the screen joins redraws. Where a client has several servers their
    models share one ``focus``, so what is `current` may be another server's.
    """

    def __init__(self, nick: str = "", server_name: str = "", focus: Focus | None = None) -> None:
        self.nick = nick
        self.label = ""
        self.known_as = server_name
        self.server_name = server_name
        self.state = ConnectionState.OFFLINE
        self.retry_at: float | None = None
        self.is_away = False
        self.transport = ""
        self.version = 0
        self.on_change: Callable[[], None] = lambda: None
        self.fold: Callable[[str], str] = fold_unicode
        self.server = Buffer(server_name, BufferKind.SERVER, self.touch)
        self.buffers: list[Buffer] = [self.server]
        self.focus = focus or Focus(self.server)
        self.talk: Buffer | None = None
        self._by_name: dict[str, Buffer] = {}

    def touch(self) -> None:
        """Say that something has changed."""
        self.version += 1
        self.on_change()

    @property
    def current(self) -> Buffer:
        """The conversation on the screen."""
        return self.focus.buffer

    @property
    def is_shown(self) -> bool:
        """Whether what is on the screen is a conversation with this server."""
        return self.current in self.buffers

    @property
    def target(self) -> Buffer:
        """The conversation that typed words go to."""
        return self.current if self.current is not self.server else self.talk or self.server

    def find(self, name: str) -> Buffer | None:
        """The conversation with the channel or nick ``name``, if it is open."""
        return self._by_name.get(self.fold(name))

    def buffer_named(self, name: str, create: BufferKind | None = None) -> Buffer:
        """The conversation ``name``; opened as a ``create`` if it is not there.

        Without ``create``, when too many are open, or when nothing could be sent to such a name, the server's
        buffer stands in.
        """
        buffer = self.find(name)
        if buffer is not None:
            return buffer
        if create is None or len(self.buffers) >= MAX_BUFFERS or not _is_sendable(name):
            return self.server
        buffer = Buffer(name, create, self.touch)
        self.buffers.append(buffer)
        self._by_name[self.fold(name)] = buffer
        self.touch()
        return buffer

    def switch_to(self, buffer: Buffer) -> None:
        """Show ``buffer``: it has no unread entries any more. The unread line goes when one leaves."""
        if buffer is not self.current:
            self.current.read_up_to = 0
        self.focus.buffer = buffer
        if self.talk is not None and buffer.kind is BufferKind.CHANNEL:
            self.talk = buffer
        buffer.unread = buffer.mentions = 0
        self.touch()

    def watch(self, *, is_watched: bool) -> None:
        """The terminal is in sight, or not: what comes into the conversation on it meanwhile is new."""
        self.focus.is_watched = is_watched
        buffer = self.current
        if is_watched:
            buffer.unread = buffer.mentions = 0
        elif not buffer.unread:
            buffer.read_up_to = 0
        buffer.touch()

    def next_unread(self) -> Buffer | None:
        """The conversation to look at next: mentions first, then unread ones, in order after the current."""
        at = self.buffers.index(self.current) if self.is_shown else -1
        others = self.buffers[at + 1 :] + self.buffers[: max(at, 0)]
        return next((b for b in others if b.mentions), None) or next((b for b in others if b.unread), None)

    def close(self, buffer: Buffer) -> None:
        """Close a conversation; the server's cannot be closed."""
        if buffer.kind is BufferKind.SERVER or buffer not in self.buffers:
            return
        at = self.buffers.index(buffer)
        self.buffers.remove(buffer)
        self._by_name.pop(self.fold(buffer.name), None)
        if buffer is self.talk:
            self.talk = None
        if buffer is self.current:
            self.switch_to(self.buffers[min(at, len(self.buffers) - 1)])
        self.touch()

    def rename(self, buffer: Buffer, name: str) -> None:
        """Give a conversation another name, unless that one is open already."""
        if self.find(name) not in (None, buffer) or not _is_sendable(name):
            return
        self._by_name.pop(self.fold(buffer.name), None)
        buffer.name = name
        self._by_name[self.fold(name)] = buffer
        buffer.touch()

    def refold(self, fold: Callable[[str], str]) -> None:
        """Compare names by ``fold`` from now on (the server has said its case mapping)."""
        if fold is self.fold:
            return
        self.fold = fold
        self._by_name = {fold(buffer.name): buffer for buffer in self.buffers[1:]}


def _is_sendable(name: str) -> bool:
    """Whether ``name`` can be a target: one word of a line, and one item of a list."""
    return name != "" and name[0] != ":" and not any(c in " ,\r\n\0" for c in name)

"""People with nc or telnet, and programs with a bare socket: prose for lines, and lines for what is typed.

Whoever says something hears something at once, so that a program that sends and then waits for an answer
never waits in vain: at the latest their own message comes back when it is kept.
"""

from __future__ import annotations

import asyncio
import codecs
import socket
from collections.abc import Awaitable, Callable

from chatapp.irc.caps import BATCH, ECHO_MESSAGE, SERVER_TIME
from chatapp.listeners.connection import Connection, House
from chatapp.listeners.pauses import Pauses
from chatapp.listeners.person import Person
from chatapp.listeners.prose import prose_of
from chatapp.listeners.readout import HERE, Readout
from chatapp.listeners.silence import Silence
from chatapp.listeners.telnet import Terminal

#: What a program would ask for to hear as people here do.
CAPS = frozenset({BATCH, ECHO_MESSAGE, SERVER_TIME})
#: After so many seconds of silence the system asks whether the peer is still there, so often, so many times.
_KEEP_ALIVE = {"TCP_KEEPIDLE": 120, "TCP_KEEPALIVE": 120, "TCP_KEEPINTVL": 30, "TCP_KEEPCNT": 4}

#: What Backspace and Delete send.
_DELETE = frozenset("\b\x7f")


class PlainConnection(Connection):
    """A connection whose peer speaks no protocol: its words are the protocol."""

    #: A program that hangs up without having read us resets the connection; it has spoken all the same.
    is_heard_out = True
    __slots__ = ("_is_unfinished", "_pauses", "_person", "_readout", "_silence", "_terminal")

    def __init__(self, house: House, address: str, on_lost: Callable[[str], None], is_trusted: bool) -> None:
        home = house.world.settings.server.default_channel
        super().__init__(house, address, on_lost, is_trusted, prose_of(home))
        self.session.is_plain = True
        self.session.negotiate(CAPS)
        self._terminal = Terminal()
        self._silence = Silence()
        self._pauses = Pauses()
        self._is_unfinished = False  # what came last has no line end yet
        self._readout: Readout | None = None  # while the past is being read
        self._person = Person(house.world, self.session, self)

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        keep_alive(transport)

    def data_received(self, data: bytes) -> None:
        text = self._terminal.feed(data)
        if self._terminal.refusals:
            self.write(self._terminal.refusals)
            self._terminal.refusals = b""
        is_empty = bool(text) and not text.strip(b"\n") and not self._is_unfinished
        if text:
            self._is_unfinished = text[-1:] != b"\n"
        super().data_received(text)
        if is_empty and not (self.session.ended or self._is_held):
            self._person.tell_where()
        self._silence.end()
        if self._is_unfinished:
            pause = self._pauses.after(data, self._house.world.settings.plain.pause_ms / 1000)
            self._silence.begin(pause, self.end_message)
        else:
            self._pauses.end()

    def eof_received(self) -> bool:
        """What has no line end is a message as well; who has said all hears all that answers it."""
        self.end_message()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._silence.end()
        if self._pauses.is_typing:
            self._is_unfinished = False  # half a line is not what its writer meant
        self.end_message()
        super().connection_lost(exc)

    # The session's wire

    def write(self, data: bytes) -> None:
        """Send ``data``. All that answers one message goes out together, as its sender may read only once."""
        if self._readout is None:
            super().write(data.replace(HERE, b""))
            return
        self._readout.take(data)
        if len(self._readout) > self._house.limits.sendq_bytes:
            self.read_out()

    def close(self, last_words: bytes = b"") -> None:
        self.read_out()
        rows = last_words.decode(errors="replace").splitlines()
        super().close(b"".join(self.session.wrap("", row) for row in rows))

    # Messages

    def end_message(self) -> None:
        """What came so far is whole, though it has no line end."""
        if self._is_unfinished:
            self._is_unfinished = False
            self._pauses.end()
            super().data_received(b"\n")

    def carry_out(self, raw: bytes) -> Awaitable[None] | None:
        return self._person.types(decode(raw))

    # What the person needs of us

    def hold(self) -> None:
        self._readout = Readout()

    def read_out(self, past: bytes = b"") -> None:
        held, self._readout = self._readout, None
        if held is not None:
            super().write(held.finish(past))
        elif past:
            super().write(past)

    def charge(self, lines: int) -> None:
        self._house.backlog.took(lines)
        if self._throttle is not None:
            self._throttle.charge(lines)


def decode(raw: bytes) -> str:
    """``raw`` as UTF-8; what is not is taken as CP1252, byte by byte, as older Windows programs send it.

    What was deleted with Backspace while typing is gone, and so is a byte order mark.
    """
    try:
        text = raw.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    return text if _DELETE.isdisjoint(text) else _edited(text)


def _edited(text: str) -> str:
    kept: list[str] = []
    for char in text:
        if char not in _DELETE:
            kept.append(char)
        elif kept:
            kept.pop()
    return "".join(kept)


def keep_alive(transport: asyncio.BaseTransport) -> None:
    """Have the system notice when a peer is gone who would never answer a PING."""
    sock = transport.get_extra_info("socket")
    is_over = sock is None or transport.is_closing()
    if is_over or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE.items():
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

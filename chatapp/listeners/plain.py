"""People with nc or telnet, and programs with a bare socket: prose for lines, and lines for what is typed.

Whoever says something hears something at once, so that a program that sends and then waits for an answer
never waits in vain: at the latest their own message comes back when it is kept.
"""

from __future__ import annotations

import asyncio
import socket
import unicodedata
from collections.abc import Awaitable, Callable
from gettext import gettext as _

from chatapp.commands.table import disconnect, dispatch
from chatapp.core.channel import Channel
from chatapp.core.stamp import msgid_of
from chatapp.core.user import User
from chatapp.irc.caps import BATCH, ECHO_MESSAGE, SERVER_TIME
from chatapp.irc.line import Line, format_body
from chatapp.listeners.connection import Connection, House
from chatapp.listeners.naming import free_name, guest_name, may_be_called
from chatapp.listeners.prose import prose_of
from chatapp.listeners.telnet import Terminal
from chatapp.listeners.typed import Advice, Misused, Speaker, is_farewell, understand

#: What a program would ask for to hear as people here do.
CAPS = frozenset({BATCH, ECHO_MESSAGE, SERVER_TIME})
#: After so many seconds of silence the system asks whether the peer is still there, so often, so many times.
_KEEP_ALIVE = {"TCP_KEEPIDLE": 120, "TCP_KEEPALIVE": 120, "TCP_KEEPINTVL": 30, "TCP_KEEPCNT": 4}


class PlainConnection(Connection):
    """A connection whose peer speaks no protocol: its words are the protocol."""

    __slots__ = (
        "_gathered",
        "_has_ended",
        "_is_gathering",
        "_is_unfinished",
        "_name",
        "_pause",
        "_room",
        "_terminal",
        "_unsaid",
    )

    def __init__(self, house: House, address: str, on_lost: Callable[[str], None], is_trusted: bool) -> None:
        home = house.world.settings.server.default_channel
        super().__init__(house, address, on_lost, is_trusted, prose_of(home))
        self.session.is_plain = True
        self.session.negotiate(CAPS)
        self._terminal = Terminal()
        self._pause: asyncio.TimerHandle | None = None
        self._is_unfinished = False  # what came last has no line end yet
        self._has_ended = False
        self._is_gathering = False  # while an answer reads the store
        self._gathered = b""
        self._name = ""  # what they want to be called, until they are in
        self._unsaid = ""  # what they said before they were in
        self._room = ""  # where what they type goes

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
            self._tell_where()
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        if self._is_unfinished:
            pause = self._house.world.settings.plain.pause_ms / 1000
            self._pause = asyncio.get_running_loop().call_later(pause, self.end_message)

    def eof_received(self) -> bool:
        """What has no line end is a message as well; who has said all hears all that answers it."""
        self.end_message()
        if self._is_held:
            self._has_ended = True
            return True
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._pause is not None:
            self._pause.cancel()
        super().connection_lost(exc)

    # The session's wire

    def write(self, data: bytes) -> None:
        """Send ``data``. All that answers one message goes out together, as its sender may read only once."""
        self._gathered += data
        if not self._is_gathering or len(self._gathered) > self._house.limits.sendq_bytes:
            self._send_gathered()

    def close(self, last_words: bytes = b"") -> None:
        self._send_gathered()
        rows = last_words.decode(errors="replace").splitlines()
        super().close(b"".join(self.session.wrap("", row) for row in rows))

    def _send_gathered(self) -> None:
        data, self._gathered = self._gathered, b""
        if data:
            super().write(data)

    # Messages

    def end_message(self) -> None:
        """What came so far is whole, though it has no line end."""
        if self._is_unfinished:
            self._is_unfinished = False
            super().data_received(b"\n")

    def _resume(self) -> None:
        super()._resume()
        if self._has_ended and not self._is_held:
            super().eof_received()

    async def _await(self, answer: Awaitable[None]) -> None:
        await super()._await(answer)
        self._is_gathering = False
        if not self.session.outbox:  # else it goes out with that
            self._send_gathered()

    def carry_out(self, raw: bytes) -> Awaitable[None] | None:
        text = decode(raw)
        told = len(self.session.outbox)
        answer = self._introduce(text) if self.session.registration is not None else self._obey(text)
        if answer is None and not self.session.ended and len(self.session.outbox) == told:
            self._tell(_("There is nothing to show"))
        self._is_gathering = answer is not None
        return answer

    def _obey(self, text: str) -> Awaitable[None] | None:
        """Do what someone who is in has typed."""
        history = self._house.world.settings.plain.history
        try:
            lines = understand(text, Speaker(self._user.source, self._room, history))
        except Misused as why:
            self._tell(str(why))
            return None
        except Advice as advice:
            for row in advice.rows:
                self._tell(row)
            return None
        if self._throttle is not None:
            self._throttle.charge(len(lines) - 1)
        self._house.backlog.took(len(lines) - 1)
        answer = None
        for line in lines:
            answer = self._carry_out_line(line)
        return answer

    def _carry_out_line(self, line: Line) -> Awaitable[None] | None:
        match line.command:
            case "JOIN":
                return self._enter(line)
            case "PART":
                return self._leave(line)
            case "PRIVMSG" if self._house.world.fold(line.params[0]) == self._user.folded:
                self._tell(_("That is your own name; nobody else would read it"))
                return None
            case "CHATHISTORY":
                return self._read_before(line.params[1], line.params[3], self._house.world.stamp())
            case _:
                return dispatch(self._house.world, self.session, line)

    # Coming in

    def _introduce(self, text: str) -> Awaitable[None] | None:
        """Take ``text`` as the name if it can be one, else as the first message; then as the password."""
        world, session = self._house.world, self.session
        if self._name:
            dispatch(world, session, Line("PASS", [text]))
            return self._come_in()
        if is_farewell(text):
            return dispatch(world, session, Line("QUIT", []))
        if not is_text(text):
            disconnect(world, session, _("what came was no text"))
            return None
        name = text.strip().removeprefix("/nick ").strip()
        if may_be_called(world, name):
            self._name = name
        else:
            self._name = guest_name(world)
            self._unsaid = text
        if world.settings.server.password:
            self._tell(_("This server has a password. What is it?"))
            return None
        return self._come_in()

    def _come_in(self) -> Awaitable[None] | None:
        session = self.session
        nick = free_name(self._house.world, self._name)
        for line in (Line("NICK", [nick]), Line("USER", [nick, "0", "*", nick])):
            dispatch(self._house.world, session, line)
        if session.user is None:
            return None  # they have been told why
        if self._unsaid:
            self._tell(_("You are {nick} for now; /nick NAME changes that").format(nick=nick))
        elif nick != self._name:
            words = _("{name} is taken, so you are {nick}; /nick NAME changes that")
            self._tell(words.format(name=self._name, nick=nick))
        return self._settle_in()

    async def _settle_in(self) -> None:
        """Enter the room where everybody lands, then say what was said before that."""
        home = self._house.world.settings.server.default_channel
        unsaid, self._unsaid = self._unsaid, ""
        if not home:
            self._tell_where()
        before = self._enter(Line("JOIN", [home])) if home else None
        if before is not None:
            await before
        said = self._obey(unsaid) if unsaid and not self.session.ended else None
        if said is not None:
            await said

    # Rooms

    def _enter(self, line: Line) -> Awaitable[None] | None:
        """JOIN, speak there from now on, and see what was said before.

        What is said from this moment on is heard as it is said; so no message is missing, and none comes
        twice.
        """
        world, asked = self._house.world, line.params[0]
        was_here, stamp = self._is_in(asked), world.stamp()
        dispatch(world, self.session, line)
        if not self._is_in(asked):
            return None  # they have been told why
        channel = world.channel(asked)
        is_first = not self._room
        self._room = channel.name
        if not is_first:
            self._tell_where()
        shown = world.settings.plain.history
        if was_here or not shown or not channel.has_history:
            return None
        return self._read_before(channel.name, str(shown), stamp)

    def _leave(self, line: Line) -> Awaitable[None] | None:
        """PART, and speak where they were before."""
        answer = dispatch(self._house.world, self.session, line)
        if self._room and not self._is_in(self._room):
            self._room = next((channel.name for channel in reversed(self._rooms())), "")
            self._tell_where()
        return answer

    def _read_before(self, room: str, count: str, stamp: int) -> Awaitable[None] | None:
        """Show the last ``count`` messages that were said in ``room`` before ``stamp``."""
        channel = self._house.world.channels.get(self._house.world.fold(room))
        if channel is not None and not channel.has_history:
            self._tell(_("Nothing has been said in {room} yet").format(room=room))
            return None
        line = Line("CHATHISTORY", ["BEFORE", room, f"msgid={msgid_of(stamp)}", count])
        return dispatch(self._house.world, self.session, line)

    def _rooms(self) -> list[Channel]:
        return list(self._user.channels)

    def _is_in(self, room: str) -> bool:
        return self._house.world.channels.get(self._house.world.fold(room)) in self._rooms()

    @property
    def _user(self) -> User:
        """Who types. Only once they are in."""
        user = self.session.user
        assert user is not None
        return user

    # Words of our own

    def _tell(self, words: str) -> None:
        world = self._house.world
        world.delivery.send(self.session, format_body(world.name, "NOTICE", [self.session.nick, words], True))

    def _tell_where(self) -> None:
        """Say where what is typed goes, or what to type first."""
        if self.session.user is None:
            self._tell(_("What is your name?"))
        elif self._room:
            self._tell(
                _("What you type goes to {room}; /help tells what else there is").format(room=self._room)
            )
        else:
            self._tell(_("You are in no room. /list shows what there is, /join ROOM enters one"))


def decode(raw: bytes) -> str:
    """``raw`` as UTF-8; what is not is taken as CP1252, byte by byte, as older Windows programs send it."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def is_text(text: str) -> bool:
    """Whether a person may have typed ``text``: there are no controls in it."""
    return all(char == "\t" or unicodedata.category(char) != "Cc" for char in text)


def keep_alive(transport: asyncio.BaseTransport) -> None:
    """Have the system notice when a peer is gone who would never answer a PING."""
    sock = transport.get_extra_info("socket")
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE.items():
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

"""A person who types, and what becomes of it: coming in, speaking, going from room to room.

No bytes and no sockets here: texts come in, lines are carried out, answers go through the session.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Awaitable
from gettext import gettext as _
from typing import Protocol

from chatapp.commands.context import Context
from chatapp.commands.conversations import read
from chatapp.commands.table import disconnect, dispatch
from chatapp.commands.weight import weight
from chatapp.core.channel import Channel
from chatapp.core.message import Message
from chatapp.core.ownership import name_near
from chatapp.core.ports import Span, StoreError
from chatapp.core.session import Session
from chatapp.core.user import User
from chatapp.core.visibility import may_read
from chatapp.core.world import World
from chatapp.irc.farewell import is_farewell
from chatapp.irc.line import Line, format_body
from chatapp.irc.sasl import PLAIN, PlainClient, chunks
from chatapp.listeners import typed
from chatapp.listeners.naming import guest_name, may_be_called
from chatapp.listeners.readout import HERE
from chatapp.listeners.typed import Advice, Misused, Speaker, understand

log = logging.getLogger(__name__)


class Desk(Protocol):
    """What a person needs of their connection."""

    def hold(self) -> None:
        """Send nothing until `read_out`."""

    def read_out(self, past: bytes = b"") -> None:
        """Send what was held, with ``past`` in its place; what is in ``past`` is kept already."""

    def charge(self, lines: int) -> None:
        """What was typed counts for so many lines more than the one that it is."""


class Person:
    """Someone who types, in a ``session`` of the plain face. Of each text something is heard at once."""

    __slots__ = ("_desk", "_here", "_name", "_session", "_unsaid", "_world")

    def __init__(self, world: World, session: Session, desk: Desk) -> None:
        self._world = world
        self._session = session
        self._desk = desk
        self._name = ""  # what they want to be called, until they are in
        self._unsaid = ""  # what they said before they were in
        self._here: Channel | None = None  # where what they type goes

    def types(self, text: str) -> Awaitable[None] | None:
        """Do what ``text`` says. What this gives back, if anything, is awaited before the next text."""
        told = self._session.told
        answer = self._introduce(text) if self._session.registration is not None else self._obey(text)
        if answer is None and not self._session.ended and self._session.told == told:
            self._tell(_("There is nothing to show"))
        return answer

    def _obey(self, text: str) -> Awaitable[None] | None:
        """Do what someone who is in has typed."""
        history = self._world.settings.plain.history
        try:
            lines = understand(text, Speaker(self._user.source, self._room, history))
        except Misused as why:
            self._tell(str(why))
            return None
        except Advice as advice:
            for row in advice.rows:
                self._tell(row)
            return None
        if (lines_more := sum(map(weight, lines)) - 1) > 0:
            self._desk.charge(lines_more)
        answers = [answer for line in lines if (answer := self._carry_out_line(line)) is not None]
        return _one_by_one(answers) if answers else None

    def _carry_out_line(self, line: Line) -> Awaitable[None] | None:
        match line.command:
            case "JOIN":
                return self._enter(line)
            case "PART":
                return self._leave(line)
            case "PRIVMSG" if self._world.fold(line.params[0]) == self._user.folded:
                self._tell(_("That is your own name; nobody else would read it"))
                return None
            case typed.LOGIN:
                return self._log_in(*line.params)
            case "CHATHISTORY":
                return self._ask_for_past(line.params[1], int(line.params[3]))
            case _:
                return dispatch(self._world, self._session, line)

    async def _log_in(self, name: str, password: str) -> None:
        """Log in as by SASL, and be called by the account's name where that is free."""
        world, session = self._world, self._session
        if session.login is None:
            dispatch(world, session, Line("AUTHENTICATE", [PLAIN]))
        if session.login is None:
            return  # they have been told why
        for piece in chunks(PlainClient(name, password).answer(b"")):
            answer = dispatch(world, session, Line("AUTHENTICATE", [piece]))
            if answer is not None:
                await answer
        account = None if session.ended else world.accounts.of(self._user)
        if account is not None and account.folded not in world.users:
            dispatch(world, session, Line("NICK", [account.name]))

    # Coming in

    def _introduce(self, text: str) -> Awaitable[None] | None:
        """Take ``text`` as the name if it can be one, else as the first message; then as the password."""
        world, session = self._world, self._session
        if self._name:
            dispatch(world, session, Line("PASS", [text]))
            return self._come_in()
        if is_farewell(text):
            return dispatch(world, session, Line("QUIT", []))
        if not is_text(text):
            disconnect(world, session, _("what came was no text"))
            return None
        if not text.strip():
            self.tell_where()
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
        session = self._session
        nick = name_near(self._world, self._name)
        for line in (Line("NICK", [nick]), Line("USER", [nick, "0", "*", nick])):
            dispatch(self._world, session, line)
        if session.user is None:
            return None  # they have been told why
        if self._unsaid:
            self._tell(_("You are {nick} for now; /nick NAME changes that").format(nick=nick))
        elif nick != self._name:
            words = _("{name} is taken, so you are {nick}; /nick NAME changes that")
            if self._world.accounts.find(self._name) is not None:
                words = _("{name} is registered, so you are {nick}. If it is yours: /login {name} PASSWORD")
            self._tell(words.format(name=self._name, nick=nick))
        return self._settle_in()

    def _settle_in(self) -> Awaitable[None] | None:
        """Enter the room where everybody lands, then say what was said before that."""
        home = self._world.settings.server.default_channel
        unsaid, self._unsaid = self._unsaid, ""
        if not home:
            self.tell_where()
        before = self._enter(Line("JOIN", [home])) if home else None
        if not unsaid:
            return before
        return self._obey(unsaid) if before is None else self._obey_after(before, unsaid)

    async def _obey_after(self, before: Awaitable[None], text: str) -> None:
        await before
        answer = None if self._session.ended else self._obey(text)
        if answer is not None:
            await answer

    # Rooms

    def _enter(self, line: Line) -> Awaitable[None] | None:
        """JOIN, speak there from now on, and see what was said before.

        What is said from this moment on is heard as it is said; so no message is missing, and none comes
        twice.
        """
        world, asked = self._world, line.params[0]
        was_here, stamp = self._is_in(asked), world.scribe.stamp()
        dispatch(world, self._session, line)
        if not self._is_in(asked):
            return None  # they have been told why
        channel = world.channel(asked)
        is_first = not self._room
        self._here = channel
        if not is_first:
            self.tell_where()
        shown = world.settings.plain.history
        if was_here or not shown or not channel.has_history:
            return None
        world.delivery.put(self._session, HERE)
        return self._begin_readout(channel, shown, stamp)

    def _leave(self, line: Line) -> Awaitable[None] | None:
        """PART, and speak where they were before."""
        answer = dispatch(self._world, self._session, line)
        if self._room and not self._is_in(self._room):
            self._here = next(reversed(self._rooms()), None)
            self.tell_where()
        return answer

    def _ask_for_past(self, room: str, count: int) -> Awaitable[None] | None:
        world = self._world
        channel = world.channels.get(world.fold(room))
        if channel is None or not may_read(self._user, channel):
            self._tell(_("You are not in {room}").format(room=room))
        elif not channel.has_history:
            self._tell(_("Nothing has been said in {room} yet").format(room=room))
        else:
            return self._begin_readout(channel, count, world.scribe.stamp())
        return None

    def _begin_readout(self, channel: Channel, count: int, stamp: int) -> Awaitable[None]:
        self._desk.hold()
        return self._read_past(channel, count, stamp)

    async def _read_past(self, channel: Channel, count: int, stamp: int) -> None:
        """Show the last ``count`` messages that were said in ``channel`` before ``stamp``."""
        world, past = self._world, b""
        ctx = Context(world, self._session, Line("CHATHISTORY", []))
        most = world.settings.history.query_limit
        try:
            found = await read(ctx, channel, [Span("", None, stamp, min(count, most))])
            if may_read(self._user, channel):  # who was put out meanwhile may not read it any more
                past = self._told_of(channel, found)
        except StoreError as why:
            log.error("the history of %s cannot be read: %s", channel.name, why)
        finally:
            self._desk.read_out(past)

    def _told_of(self, channel: Channel, messages: list[Message]) -> bytes:
        """What CHATHISTORY would answer."""
        world, session = self._world, self._session
        batch = next(world.batch_ids)
        begin = format_body(world.name, "BATCH", [f"+{batch}", "chathistory", channel.name])
        told = [message.in_channel(channel.name, world.fold) for message in messages]
        rows = [session.dialect.encode(message, f"batch={batch}") for message in told]
        end = format_body(world.name, "BATCH", [f"-{batch}"])
        return b"".join([session.wrap("", begin), *rows, session.wrap("", end)])

    @property
    def _room(self) -> str:
        """The name of the room they speak in, also if it has another name by now; "" for none."""
        return self._here.name if self._here is not None else ""

    def _rooms(self) -> list[Channel]:
        return list(self._user.channels)

    def _is_in(self, room: str) -> bool:
        return self._world.channels.get(self._world.fold(room)) in self._rooms()

    @property
    def _user(self) -> User:
        """Who types. Only once they are in."""
        user = self._session.user
        assert user is not None
        return user

    # Words of our own

    def _tell(self, words: str) -> None:
        world = self._world
        world.delivery.send(
            self._session, format_body(world.name, "NOTICE", [self._session.nick, words], True)
        )

    def tell_where(self) -> None:
        """Say where what is typed goes, or what to type first."""
        if self._session.user is None:
            self._tell(_("What is your name?"))
        elif self._room:
            self._tell(
                _("What you type goes to {room}; /help tells what else there is").format(room=self._room)
            )
        else:
            self._tell(_("You are in no room. /list shows what there is, /join ROOM enters one"))


async def _one_by_one(answers: list[Awaitable[None]]) -> None:
    for answer in answers:
        await answer


def is_text(text: str) -> bool:
    """Whether a person may have typed ``text``: there are no controls in it."""
    return all(char == "\t" or unicodedata.category(char) != "Cc" for char in text)

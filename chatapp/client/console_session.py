"""The operator's side of the conversation: one window for all that happens, and what only they can do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from gettext import gettext as _
from typing import Protocol

from chatapp.client import slash
from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.command import Argument, Command, Misused, check_words
from chatapp.client.connecting import CONNECTING
from chatapp.client.incoming.telling import entry_for
from chatapp.client.model import Model
from chatapp.client.outcome import Outcome
from chatapp.client.redaction import Deletion
from chatapp.client.session import Session
from chatapp.irc.catalogue import N_
from chatapp.irc.line import Line, nick_of

#: Seconds for which the question whether to stop may be answered.
ANSWER_WITHIN = 60.0
_YES = frozenset({"y", "yes", "s", "sim"})
_NO = frozenset({"n", "no", "não", "nao"})
#: What the one window repeats; that somebody came or went altogether is told by the log.
_REPEATED = frozenset({"PRIVMSG", "NOTICE", "JOIN", "PART", "KICK", "NICK", "TOPIC", "MODE"})
#: What the server tells a newcomer of itself: the operator knows it.
_KNOWN = frozenset({"252", "254", "266"})


class Power(Protocol):
    """A command that the server carries out, with the words of its answer."""

    @property
    def name(self) -> str:
        """As it is typed, without the slash."""

    @property
    def help(self) -> str:
        """What it does, to be translated."""

    @property
    def run(self) -> Callable[[], Awaitable[Sequence[str]]]:
        """Do it; the lines for the operator."""


class ConsoleSession(Session):
    """The operator's side of the conversation: what the client has, one window for all, and the powers."""

    def __init__(self, model: Model, nick: str, room: str, powers: Sequence[Power]) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        own = (*_COMMANDS, *(self._command(power) for power in powers))
        names = {name for command in own for name in (command.name, *command.aliases)}
        names |= {command.name for command in CONNECTING}  # the console is at this server and no other
        inherited = (command for command in slash.COMMANDS if command.name not in names)
        rooms = [room] if room else []
        super().__init__(model, nick, now=time.time, rooms=rooms, commands=(*own, *inherited))
        model.talk = model.find(room)
        model.switch_to(model.server)
        self._asked_at = 0.0

    def heard(self, line: Line) -> None:
        """As a client hears it, and once more in the one window."""
        if line.command in _KNOWN:
            return
        if line.command == "NOTICE" and "!" not in (line.source or "") and not self._is_room(line.param(0)):
            self.inform(line.param(1), self.model.server)  # the server answers, under the operator's name
            return
        super().heard(line)
        if line.command == "REDACT":
            self.model.server.delete(line.param(1), Deletion(nick_of(line.source), line.param(2)))
        target = line.param(0)
        is_repeated = line.command in _REPEATED and not (line.command == "MODE" and not self._is_room(target))
        entry = entry_for(self, line) if is_repeated else None
        if entry is None:
            return
        buffer = None
        if line.command != "NICK":
            buffer = self.model.find(target if self._is_room(target) or entry.own else entry.nick)
            entry.place = self._place(target, entry.own)
        self.model.server.add(entry)
        if buffer is not None and self.model.current is self.model.server:
            buffer.unread = buffer.mentions = buffer.read_up_to = 0

    def submit(self, text: str) -> Outcome:
        """As a client does; a question that is open is answered first."""
        is_open = self.now() - self._asked_at < ANSWER_WITHIN
        self._asked_at = 0.0
        answer = text.strip().casefold()
        if is_open and answer in _YES:
            return Outcome.QUIT
        if is_open and answer in _NO:
            self.inform(_("The server runs on."), self.model.current)
            return Outcome.NOTHING
        return super().submit(text)

    def ask_whether_to_stop(self) -> None:
        """Nobody stops a server by a slip of the finger."""
        self._asked_at = self.now()
        self.inform(_("Stop the server? Everyone is sent away. [y/N]"), self.model.current)

    def _is_room(self, target: str) -> bool:
        return self.isupport.is_channel(self.isupport.split_statusmsg(target)[1])

    def _place(self, target: str, is_own: bool) -> str:
        if self._is_room(target):
            return target
        return f"→ {target}" if is_own else _("(to you)")

    def _command(self, power: Power) -> Command:
        def run(_session: Session, _args: list[str]) -> None:
            task = asyncio.get_running_loop().create_task(self._answer(power, self.model.current))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        return Command(power.name, "", power.help, (), run)

    async def _answer(self, power: Power, buffer: Buffer) -> None:
        for words in await power.run():
            self.inform(words, buffer)


def _stop(session: Session, args: list[str]) -> Outcome:
    assert isinstance(session, ConsoleSession)
    session.ask_whether_to_stop()
    return Outcome.NOTHING


def _watch(session: Session, args: list[str]) -> None:
    session.model.talk = _entered(session, args[0])


def _say(session: Session, args: list[str]) -> None:
    is_room = session.isupport.is_channel(args[0])
    session.say(_entered(session, args[0]) if is_room else _person(session, args[0]), args[1])


def _entered(session: Session, name: str) -> Buffer:
    """The room ``name``, entered if need be, while the one that is shown stays."""
    room = name if session.isupport.is_channel(name) else f"#{name}"
    check_words(room)
    if "," in room:
        raise Misused
    shown = session.model.current
    session.rooms.join(room)
    session.model.switch_to(shown)
    found = session.model.find(room)
    if found is None or found.kind is not BufferKind.CHANNEL:
        raise Misused
    return found


def _person(session: Session, name: str) -> Buffer:
    check_words(name)
    if "," in name:
        raise Misused
    return session.rooms.direct(name)


_COMMANDS = (
    Command(
        "watch",
        N_("ROOM"),
        N_("show what is said in a room, and speak there"),
        (Argument.CHANNEL,),
        _watch,
        1,
    ),
    Command(
        "say",
        N_("ROOM or NAME TEXT"),
        N_("say something in a room or to a person"),
        (Argument.CHANNEL, Argument.TEXT),
        _say,
        2,
    ),
    Command(
        "stop",
        "",
        N_("stop the server; so do sair, exit and quit, after a question"),
        (),
        _stop,
        0,
        ("quit", "q", "exit", "sair"),
    ),
)

"""What the person types: the commands with their usage and help, in one table, and what each does."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.catalogue import N_
from chatapp.client.model import ConnectionState
from chatapp.client.outbox import Stage
from chatapp.client.outcome import Outcome
from chatapp.irc.line import MalformedLine, UnsafeLine, format_line, parse_line

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: Words that end the program when they are the whole line.
FAREWELLS = frozenset({"sair", "exit", "quit"})

#: Seconds in which an echo comes; a message that waits longer may not have arrived.
ECHO_WITHIN = 2.0


class Argument(Enum):
    """What an argument is, for completion."""

    NICK = auto()
    CHANNEL = auto()
    COMMAND = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """A command: ``usage`` shows its arguments, ``least`` is how many it must have.

    The last argument takes the rest of the line. ``usage`` and ``help`` are translated when shown.
    """

    name: str
    usage: str
    help: str
    arguments: tuple[Argument, ...]
    run: Callable[[Session, list[str]], Outcome | None]
    least: int = 0
    aliases: tuple[str, ...] = ()
    online: bool = False


class Misused(Exception):
    """The command cannot be used so; ``str()`` says why, "" that its usage says it all."""


def submit(session: Session, text: str) -> Outcome:
    """Do what ``text`` says: a command, a farewell, or a message to the current conversation.

    Several lines at once are a paste and hold no commands.
    """
    text = text.strip("\r\n")
    if text.strip().casefold() in FAREWELLS:
        return leave(session, [])
    if text[:1] != "/" or "\n" in text:
        session.warned = ""
        if text.strip():
            session.say(session.model.current, text)
        return Outcome.NOTHING
    if text[:2] == "//":
        session.say(session.model.current, text[1:])
        return Outcome.NOTHING
    return _run(session, text[1:])


def find(name: str) -> Command | None:
    """The command with this name or alias, without the slash."""
    return _BY_NAME.get(name.lower())


def usage(command: Command) -> str:
    """``/join ROOM [KEY]``, in the reader's language."""
    return f"/{command.name} {_(command.usage)}".rstrip() if command.usage else f"/{command.name}"


def _run(session: Session, text: str) -> Outcome:
    name, _blank, rest = text.partition(" ")
    command = find(name)
    if command is None:
        near = difflib.get_close_matches(name.lower(), _BY_NAME, 1, 0.5)
        words = (
            _("There is no /{name}. Did you mean /{near}?") if near else _("There is no /{name}. See /help.")
        )
        session.complain(words.format(name=name, near=near[0] if near else ""), session.model.current)
        return Outcome.NOTHING
    if command.run is not leave and command.run is not _close:
        session.warned = ""
    args = rest.split(maxsplit=max(len(command.arguments) - 1, 0)) if rest.strip() else []
    if args:
        args[-1] = args[-1].rstrip()
    try:
        if len(args) < command.least:
            raise Misused
        if command.online and session.model.state is not ConnectionState.ONLINE:
            raise Misused(_("Not connected: /{name} needs the server.").format(name=command.name))
        return command.run(session, args) or Outcome.NOTHING
    except (Misused, UnsafeLine) as error:
        hint = _("Usage: {usage}").format(usage=usage(command))
        reason = str(error) if isinstance(error, Misused) else ""
        session.complain(reason or hint, session.model.current)
        return Outcome.NOTHING


def leave(session: Session, args: list[str]) -> Outcome:
    """End the program, unless something was not sent yet and that was not said before."""
    unsent = session.speaking.outbox.unsent(session.now() - ECHO_WITHIN)
    if unsent and session.warned != "quit":
        session.warned = "quit"
        words = ngettext(
            "{count} message may not have arrived yet. Once more to leave without it.",
            "{count} messages may not have arrived yet. Once more to leave without them.",
            unsent,
        )
        session.complain(words.format(count=unsent), session.model.current)
        return Outcome.NOTHING
    session.quit(*args)
    return Outcome.QUIT


def _join(session: Session, args: list[str]) -> None:
    keys = args[1].split(",") if len(args) > 1 else []
    for at, name in enumerate(filter(None, args[0].split(","))):
        channel = name if session.isupport.is_channel(name) else f"#{name}"
        key = keys[at] if at < len(keys) else ""
        _check_words(channel, key)
        session.rooms.join(channel, key)


def _check_words(*words: str) -> None:
    """Refuse what cannot be a parameter in the middle of a line, before a room is opened for it."""
    for word in words:
        if word[:1] == ":" or " " in word or "\0" in word:
            raise Misused


def _part(session: Session, args: list[str]) -> Outcome | None:
    buffer = session.model.current
    if args and session.isupport.is_channel(args[0].split(" ")[0]):
        name, *rest = args[0].split(" ", 1)
        found = session.model.find(name)
        if found is None:
            raise Misused(_("You are not in {room}.").format(room=name))
        return _leave_buffer(session, found, "".join(rest))
    return _leave_buffer(session, buffer, args[0] if args else "")


def _close(session: Session, args: list[str]) -> Outcome | None:
    return _leave_buffer(session, session.model.current, "")


def _leave_buffer(session: Session, buffer: Buffer, reason: str) -> Outcome | None:
    if buffer.kind is BufferKind.SERVER:
        raise Misused(_("The server's own window stays open. /quit ends the program."))
    key = f"close {buffer.name}"
    if session.speaking.outbox.of(buffer, *Stage) and session.warned != key:
        session.warned = key
        raise Misused(_("Something has not been sent here yet. Once more to leave without it."))
    session.warned = ""
    session.rooms.close(buffer, reason)
    return None


def _message(session: Session, args: list[str]) -> None:
    _say_to(session, args[0], args[1])


def _query(session: Session, args: list[str]) -> None:
    buffer = _say_to(session, args[0], args[1] if len(args) > 1 else "")
    session.model.switch_to(buffer)


def _say_to(session: Session, name: str, text: str) -> Buffer:
    _check_words(name)
    if "," in name:
        raise Misused
    if session.isupport.is_channel(name):
        found = session.model.find(name)
        if found is None:
            raise Misused(_("You are not in {room}. /join {room} first.").format(room=name))
        buffer = found
    else:
        buffer = session.rooms.direct(name)
    if text:
        session.say(buffer, text)
    return buffer


def _me(session: Session, args: list[str]) -> None:
    session.act(session.model.current, args[0])


def _nick(session: Session, args: list[str]) -> None:
    nick = args[0]
    _check_words(nick)
    session.asked_nick = nick
    if session.model.state is ConnectionState.ONLINE:
        session.ask("NICK", nick)
        return
    session.nicks_tried = 0
    session.named(nick)
    if session.model.state is ConnectionState.REGISTERING:
        session.send("NICK", nick)


def _topic(session: Session, args: list[str]) -> None:
    room = _room(session)
    session.topic_asked = not args
    session.ask("TOPIC", room.name, *args)


def _names(session: Session, args: list[str]) -> None:
    session.names_asked = True
    session.ask("NAMES", args[0] if args else _room(session).name)


def _history(session: Session, args: list[str]) -> None:
    buffer = session.model.current
    if not buffer.has_older:
        session.inform(_("There is nothing older here."), buffer)
    session.load_older(buffer)


def _away(session: Session, args: list[str]) -> None:
    session.ask("AWAY", *args)


def _whois(session: Session, args: list[str]) -> None:
    nick = args[0] if args else session.model.current.name
    if not args and session.model.current.kind is not BufferKind.DIRECT:
        raise Misused
    session.ask("WHOIS", nick)


def _list(session: Session, args: list[str]) -> None:
    session.ask("LIST", *args)


def _invite(session: Session, args: list[str]) -> None:
    session.ask("INVITE", args[0], args[1] if len(args) > 1 else _room(session).name)


def _kick(session: Session, args: list[str]) -> None:
    session.ask("KICK", _room(session).name, *args)


def _mode(session: Session, args: list[str]) -> None:
    words = args[0].split() if args else []
    named = words and (session.isupport.is_channel(words[0]) or session.is_me(words[0]))
    session.ask("MODE", *([] if named else [_room(session).name]), *words)


def _quote(session: Session, args: list[str]) -> None:
    try:
        line = parse_line(args[0])
    except MalformedLine as error:
        raise Misused from error
    format_line(line)
    session.ask(line.command, *line.params)


def _clear(session: Session, args: list[str]) -> None:
    session.reading.clear(session.model.current)


def _inspect(session: Session, args: list[str]) -> Outcome:
    return Outcome.INSPECT


def _resend(session: Session, args: list[str]) -> None:
    if not session.speaking.again(session.model.current):
        session.inform(_("Nothing here has failed."), session.model.current)


def _help(session: Session, args: list[str]) -> None:
    current = session.model.current
    if not args:
        width = max(len(usage(command)) for command in COMMANDS)
        for command in COMMANDS:
            session.inform(f"{usage(command):<{width}}  {_(command.help)}", current)
        return
    found = find(args[0].lstrip("/"))
    if found is None:
        raise Misused(_("There is no /{name}. See /help.").format(name=args[0].lstrip("/")))
    session.inform(f"{usage(found)}  {_(found.help)}", current)
    if found.aliases:
        session.inform(_("Also: {aliases}").format(aliases=" ".join(f"/{a}" for a in found.aliases)), current)


def _room(session: Session) -> Buffer:
    buffer = session.model.current
    if buffer.kind is not BufferKind.CHANNEL:
        raise Misused(_("This works in a room: /join one, or switch to it."))
    return buffer


_NICK, _CHANNEL, _TEXT = Argument.NICK, Argument.CHANNEL, Argument.TEXT

COMMANDS: tuple[Command, ...] = (
    Command("join", N_("ROOM [KEY]"), N_("enter a room"), (_CHANNEL, _TEXT), _join, 1, ("j",)),
    Command("part", N_("[ROOM] [REASON]"), N_("leave a room"), (_CHANNEL,), _part, 0, ("p", "leave")),
    Command(
        "msg", N_("NAME TEXT"), N_("say something to one person"), (_NICK, _TEXT), _message, 2, ("m", "w")
    ),
    Command("query", N_("NAME [TEXT]"), N_("open a private conversation"), (_NICK, _TEXT), _query, 1),
    Command("me", N_("TEXT"), N_("say what you do: /me waves"), (_TEXT,), _me, 1),
    Command("nick", N_("NAME"), N_("change your name"), (_TEXT,), _nick, 1, ("n",)),
    Command(
        "topic", N_("[TEXT]"), N_("show or set what the room is about"), (_TEXT,), _topic, 0, ("t",), True
    ),
    Command("names", N_("[ROOM]"), N_("show who is here"), (_CHANNEL,), _names, 0, (), True),
    Command("history", "", N_("load older messages"), (), _history, 0, (), True),
    Command("away", N_("[TEXT]"), N_("say that you are away, or back"), (_TEXT,), _away, 0, (), True),
    Command("whois", N_("[NAME]"), N_("show who someone is"), (_NICK,), _whois, 0, (), True),
    Command("list", N_("[PATTERN]"), N_("show the rooms there are"), (_TEXT,), _list, 0, (), True),
    Command("invite", N_("NAME [ROOM]"), N_("ask someone in"), (_NICK, _CHANNEL), _invite, 1, (), True),
    Command("kick", N_("NAME [REASON]"), N_("remove someone"), (_NICK, _TEXT), _kick, 1, (), True),
    Command("mode", N_("[ROOM] [MODES]"), N_("show or set modes"), (_TEXT,), _mode, 0, (), True),
    Command("resend", "", N_("send again what has failed here"), (), _resend),
    Command("clear", "", N_("empty the screen; history stays"), (), _clear),
    Command("close", "", N_("close this conversation"), (), _close),
    Command(
        "quote", N_("LINE"), N_("send a line of the protocol as it is"), (_TEXT,), _quote, 1, ("raw",), True
    ),
    Command("inspect", "", N_("show what goes over the wire, in bytes and in words"), (), _inspect),
    Command("help", N_("[COMMAND]"), N_("show the commands"), (Argument.COMMAND,), _help, 0, ("h", "?")),
    Command(
        "quit",
        N_("[REASON]"),
        N_("leave; so do sair, exit and quit"),
        (_TEXT,),
        leave,
        0,
        ("q", "exit", "sair"),
    ),
)

_BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}

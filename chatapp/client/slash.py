"""What the person types: the commands with their usage and help, in one table, and what each does."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from chatapp.client.accounts import ACCOUNTS
from chatapp.client.adjusting import ADJUSTING
from chatapp.client.answering import ANSWERING, speak
from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.command import Argument, Command, Misused, check_words, room_of, usage
from chatapp.client.connecting import CONNECTING
from chatapp.client.going import GOING
from chatapp.client.listing import LISTING
from chatapp.client.model import ConnectionState
from chatapp.client.moderation import MODERATION
from chatapp.client.notifying import NOTIFYING
from chatapp.client.operating import OPERATING
from chatapp.client.outbox import Stage
from chatapp.client.outcome import Outcome
from chatapp.client.search import SEARCHING
from chatapp.irc.catalogue import N_
from chatapp.irc.farewell import is_farewell
from chatapp.irc.line import MalformedLine, UnsafeLine, format_line, parse_line

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: Seconds in which an echo comes; a message that waits longer may not have arrived.
ECHO_WITHIN = 2.0


def submit(session: Session, text: str) -> Outcome:
    """Do what ``text`` says: a command, a farewell, or a message to the current conversation.

    Several lines at once are a paste and hold no commands.
    """
    text = text.strip("\r\n")
    if is_farewell(text):
        return _run(session, "quit")
    if text[:1] != "/" or "\n" in text:
        session.warned = ""
        if text.strip():
            speak(session, session.model.target, text)
        return Outcome.NOTHING
    if text[:2] == "//":
        speak(session, session.model.target, text[1:])
        return Outcome.NOTHING
    return _run(session, text[1:])


def find(name: str, commands: Sequence[Command] | None = None) -> Command | None:
    """The command with this name or alias, without the slash; among ``commands``, or all."""
    name = name.lower()
    known = COMMANDS if commands is None else commands
    return next((command for command in known if name == command.name or name in command.aliases), None)


def _run(session: Session, text: str) -> Outcome:
    name, _blank, rest = text.partition(" ")
    command = find(name, session.commands)
    if command is None:
        names = [known for each in session.commands for known in (each.name, *each.aliases)]
        near = difflib.get_close_matches(name.lower(), names, 1, 0.5)
        words = (
            _("There is no /{name}. Did you mean /{near}?") if near else _("There is no /{name}. See /help.")
        )
        session.complain(words.format(name=name, near=near[0] if near else ""), session.model.current)
        return Outcome.NOTHING
    if not command.asks_twice:
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
        hint = _("Usage: {usage} ({help})").format(usage=usage(command), help=_(command.help))
        reason = str(error) if isinstance(error, Misused) else ""
        session.complain(reason or hint, session.model.current)
        return Outcome.NOTHING


def leave(session: Session, args: list[str]) -> Outcome:
    """End the program, unless something was not sent yet and that was not said before."""
    sessions = session.networks.sessions if session.networks else [session]
    reactions = sum(each.speaking.reacting.unsent() for each in sessions)
    if reactions and session.warned != "quit":
        session.warned = "quit"
        words = ngettext(
            "{count} reaction was not sent yet. Once more to leave without it.",
            "{count} reactions were not sent yet. Once more to leave without them.",
            reactions,
        )
        session.complain(words.format(count=reactions), session.model.current)
        return Outcome.NOTHING
    everywhere = session.networks or session.speaking.outbox
    unsent = everywhere.unsent(session.now() - ECHO_WITHIN)
    if unsent and session.warned != "quit":
        session.warned = "quit"
        words = ngettext(
            "{count} message may not have arrived yet. Once more to leave: the next start has it again.",
            "{count} messages may not have arrived yet. Once more to leave: the next start has them again.",
            unsent,
        )
        session.complain(words.format(count=unsent), session.model.current)
        return Outcome.NOTHING
    for each in sessions:
        each.quit(*args)
    return Outcome.QUIT


def _join(session: Session, args: list[str]) -> None:
    keys = args[1].split(",") if len(args) > 1 else []
    for at, name in enumerate(filter(None, args[0].split(","))):
        channel = name if session.isupport.is_channel(name) else f"#{name}"
        key = keys[at] if at < len(keys) else ""
        check_words(channel, key)
        session.rooms.join(channel, key)


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
    check_words(name)
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
    session.act(session.model.target, args[0])


def _nick(session: Session, args: list[str]) -> None:
    nick = args[0]
    check_words(nick)
    session.asked_nick = nick
    if session.model.state is ConnectionState.ONLINE:
        session.ask("NICK", nick)
        return
    session.nicks_tried = 0
    session.named(nick)
    if session.model.state is ConnectionState.REGISTERING:
        session.send("NICK", nick)


def _topic(session: Session, args: list[str]) -> None:
    room = room_of(session)
    session.topic_asked = not args
    session.ask("TOPIC", room.name, *args)


def _names(session: Session, args: list[str]) -> None:
    session.names_asked = True
    session.ask("NAMES", args[0] if args else room_of(session).name)


def _history(session: Session, args: list[str]) -> None:
    buffer = session.model.current
    if not buffer.has_older:
        session.inform(_("There is nothing older here."), buffer)
    session.load_older(buffer)


def _away(session: Session, args: list[str]) -> None:
    session.away_words = args[0] if args else ""
    session.ask("AWAY", *args)


def _whois(session: Session, args: list[str]) -> None:
    nick = args[0] if args else session.model.current.name
    if not args and session.model.current.kind is not BufferKind.DIRECT:
        raise Misused
    session.ask("WHOIS", nick)


def _who(session: Session, args: list[str]) -> None:
    buffer = session.model.current
    session.ask("WHO", args[0] if args else "*" if buffer.kind is BufferKind.SERVER else buffer.name)


def _invite(session: Session, args: list[str]) -> None:
    session.ask("INVITE", args[0], args[1] if len(args) > 1 else room_of(session).name)


def _mode(session: Session, args: list[str]) -> None:
    words = args[0].split() if args else []
    named = words and (session.isupport.is_channel(words[0]) or session.is_me(words[0]))
    session.ask("MODE", *([] if named else [room_of(session).name]), *words)


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
        for command in session.commands:
            session.inform(f"{usage(command)}: {_(command.help)}", current)
        return
    found = find(args[0].lstrip("/"), session.commands)
    if found is None:
        raise Misused(_("There is no /{name}. See /help.").format(name=args[0].lstrip("/")))
    session.inform(f"{usage(found)}: {_(found.help)}", current)
    if found.aliases:
        session.inform(_("Also: {aliases}").format(aliases=" ".join(f"/{a}" for a in found.aliases)), current)


COMMANDS: tuple[Command, ...] = (
    Command(
        "join", N_("ROOM [KEY]"), N_("enter a room"), (Argument.CHANNEL, Argument.TEXT), _join, 1, ("j",)
    ),
    Command(
        "part",
        N_("[ROOM] [REASON]"),
        N_("leave a room"),
        (Argument.CHANNEL,),
        _part,
        0,
        ("p", "leave"),
        asks_twice=True,
    ),
    Command(
        "msg",
        N_("NAME TEXT"),
        N_("say something to one person"),
        (Argument.NICK, Argument.TEXT),
        _message,
        2,
        ("m", "w"),
    ),
    Command(
        "query",
        N_("NAME [TEXT]"),
        N_("open a private conversation"),
        (Argument.NICK, Argument.TEXT),
        _query,
        1,
    ),
    *GOING,
    Command("me", N_("TEXT"), N_("say what you do: /me waves"), (Argument.TEXT,), _me, 1),
    Command("nick", N_("NAME"), N_("change your name"), (Argument.TEXT,), _nick, 1, ("n",)),
    Command(
        "topic",
        N_("[TEXT]"),
        N_("show or set what the room is about"),
        (Argument.TEXT,),
        _topic,
        0,
        ("t",),
        True,
    ),
    Command("names", N_("[ROOM]"), N_("show who is here"), (Argument.CHANNEL,), _names, 0, (), True),
    Command("history", "", N_("load older messages"), (), _history, 0, (), True),
    Command("away", N_("[TEXT]"), N_("say that you are away, or back"), (Argument.TEXT,), _away, 0, (), True),
    Command(
        "who",
        N_("[ROOM or NAME]"),
        N_("show who is there, and from where"),
        (Argument.NICK,),
        _who,
        0,
        (),
        True,
    ),
    Command("whois", N_("[NAME]"), N_("show who someone is"), (Argument.NICK,), _whois, 0, (), True),
    *LISTING,
    Command(
        "invite",
        N_("NAME [ROOM]"),
        N_("ask someone in"),
        (Argument.NICK, Argument.CHANNEL),
        _invite,
        1,
        (),
        True,
    ),
    *ANSWERING,
    *SEARCHING,
    *MODERATION,
    *OPERATING,
    *CONNECTING,
    *ACCOUNTS,
    *ADJUSTING,
    Command("mode", N_("[ROOM] [MODES]"), N_("show or set modes"), (Argument.TEXT,), _mode, 0, (), True),
    *NOTIFYING,
    Command("resend", "", N_("send again what has failed here"), (), _resend),
    Command("clear", "", N_("empty the screen; history stays"), (), _clear),
    Command("close", "", N_("close this conversation"), (), _close, asks_twice=True),
    Command(
        "quote",
        N_("LINE"),
        N_("send a line of the protocol as it is"),
        (Argument.TEXT,),
        _quote,
        1,
        ("raw",),
        True,
    ),
    Command("inspect", "", N_("show what goes over the wire, in bytes and in words"), (), _inspect),
    Command("help", N_("[COMMAND]"), N_("show the commands"), (Argument.COMMAND,), _help, 0, ("h", "?")),
    Command(
        "quit",
        N_("[REASON]"),
        N_("leave; so do sair, exit and quit"),
        (Argument.TEXT,),
        leave,
        0,
        ("q", "exit", "sair"),
        asks_twice=True,
    ),
)

"""What is asked of the server nearly as it is typed: who one is, who is there, what a room is like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.client.buffer import BufferKind
from chatapp.client.command import Argument, Command, Misused, check_words, room_of
from chatapp.client.model import ConnectionState
from chatapp.irc.catalogue import N_
from chatapp.irc.line import MalformedLine, format_line, parse_line

if TYPE_CHECKING:
    from chatapp.client.session import Session


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
    if not args:
        session.rooms_asked["TOPIC"].add(session.model.fold(room.name))
    session.ask("TOPIC", room.name, *args)


def _names(session: Session, args: list[str]) -> None:
    rooms = args[0] if args else room_of(session).name
    session.rooms_asked["NAMES"].update(map(session.model.fold, rooms.split(",")))
    session.ask("NAMES", rooms)


def _invite(session: Session, args: list[str]) -> None:
    session.ask("INVITE", args[0], args[1] if len(args) > 1 else room_of(session).name)


def _who(session: Session, args: list[str]) -> None:
    buffer = session.model.current
    session.ask("WHO", args[0] if args else "*" if buffer.kind is BufferKind.SERVER else buffer.name)


def _whois(session: Session, args: list[str]) -> None:
    nick = args[0] if args else session.model.current.name
    if not args and session.model.current.kind is not BufferKind.DIRECT:
        raise Misused
    session.ask("WHOIS", nick)


def _away(session: Session, args: list[str]) -> None:
    session.away_words = args[0] if args else ""
    session.ask("AWAY", *args)


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


#: In the order of /help.
ASKING: tuple[Command, ...] = (
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
    Command("away", N_("[TEXT]"), N_("say that you are away, or back"), (Argument.TEXT,), _away, 0, (), True),
    Command("mode", N_("[ROOM] [MODES]"), N_("show or set modes"), (Argument.TEXT,), _mode, 0, (), True),
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
)

"""What a person typed, as the lines they mean: words for the room, or one of the commands of this table.

Nothing that is typed is a line of IRC by itself: only what stands here becomes one.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from gettext import gettext as _
from typing import NamedTuple

from chatapp.irc.catalogue import N_
from chatapp.irc.farewell import is_farewell
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line
from chatapp.irc.names import CHANNEL_PREFIX, is_channel_name
from chatapp.irc.text import CTCP, split_message

#: What a login is called between here and the person who types it.
LOGIN = "LOGIN"
#: The picture of CTCP's delimiter: nobody makes the programs of others answer from here.
_DELIMITER_SHOWN = "\u2401"


class Speaker(NamedTuple):
    """Who typed: their ``source``, the ``room`` they speak in ("" for none), and how much /history shows."""

    source: str
    room: str
    history: int = 20


class Misused(Exception):
    """What was typed means nothing; ``str()`` says why, in words for the one who typed it."""


class Advice(Exception):
    """What was typed asks for ``rows`` of help, and for nothing of the server."""

    def __init__(self, rows: list[str]) -> None:
        super().__init__("\n".join(rows))
        self.rows = rows


class Command(NamedTuple):
    """A command: ``usage`` shows its words, of which there must be ``least``. Both texts are for `_`."""

    name: str
    usage: str
    help: str
    read: Callable[[Speaker, str], list[Line]]
    least: int = 0
    aliases: tuple[str, ...] = ()


def understand(text: str, speaker: Speaker) -> list[Line]:
    """The lines that ``text`` means.

    Raises:
        Misused: It means nothing, or cannot be sent.
        Advice: It asks for help.
    """
    if "\0" in text:
        raise Misused(_("A message cannot hold the byte 0; nothing of it was sent"))
    if is_farewell(text):
        return [Line("QUIT", [])]
    if text[:1] == "/" and text[:2] != "//":
        return _command(text[1:], speaker)
    return _say(text.removeprefix("/") if text[:2] == "//" else text, speaker)


def find(name: str) -> Command:
    """The command of that name.

    Raises:
        Misused: There is none; the nearest is named.
    """
    found = _BY_NAME.get(name.casefold())
    if found is not None:
        return found
    near = difflib.get_close_matches(name.casefold(), _BY_NAME, 1)
    if near:
        words = _("There is no /{name}; did you mean /{near}? //{name} would say it in the room")
        raise Misused(words.format(name=name, near=near[0]))
    raise Misused(_("There is no /{name}; /help lists what there is").format(name=name))


def _command(text: str, speaker: Speaker) -> list[Line]:
    name, _blank, rest = text.partition(" ")
    command = find(name)
    rest = rest.strip()
    if len(rest.split()) < command.least:
        raise Misused(_("It is used so: {usage}").format(usage=_usage(command)))
    return command.read(speaker, rest)


def _usage(command: Command) -> str:
    return f"/{command.name} {_(command.usage) if command.usage else ''}".rstrip()


# The commands


def _say(text: str, speaker: Speaker) -> list[Line]:
    return _message(speaker.source, _here(speaker), text)


def _message(source: str, target: str, text: str, before: str = "", after: str = "") -> list[Line]:
    """``text`` to ``target`` in as many lines as it needs, in order; each within ``before`` and ``after``."""
    room = BODY_BYTES - 2 - len(f":{source} PRIVMSG {target} :{before}{after}".encode())
    parts = split_message(text.replace(CTCP, _DELIMITER_SHOWN), max(room, 4))
    return [Line("PRIVMSG", [target, f"{before}{part}{after}"]) for part in parts]


def _act(speaker: Speaker, text: str) -> list[Line]:
    return _message(speaker.source, _here(speaker), text, f"{CTCP}ACTION ", CTCP)


def _tell(speaker: Speaker, text: str) -> list[Line]:
    target, words = text.split(None, 1)
    return _message(speaker.source, target, words)


def _join(speaker: Speaker, text: str) -> list[Line]:
    room, *key = text.split()
    return [Line("JOIN", [_room(room), *key[:1]])]


def _part(speaker: Speaker, text: str) -> list[Line]:
    if is_channel_name(text):
        room, *reason = text.split(None, 1)
        return [Line("PART", [room, *reason])]
    return [Line("PART", [_here(speaker), *filter(None, [text])])]


def _names(speaker: Speaker, text: str) -> list[Line]:
    return [Line("NAMES", [_room(text) if text else _here(speaker)])]


def _topic(speaker: Speaker, text: str) -> list[Line]:
    return [Line("TOPIC", [_here(speaker), *filter(None, [text])])]


def _history(speaker: Speaker, text: str) -> list[Line]:
    count = text or str(speaker.history or 20)
    if not (count.isascii() and count.isdecimal() and int(count[:9])):
        raise Misused(_("How many messages? A number from 1: /history 50"))
    return [Line("CHATHISTORY", ["LATEST", _here(speaker), "*", count[:9]])]


def _nick(speaker: Speaker, text: str) -> list[Line]:
    return [Line("NICK", [text])]


def _away(speaker: Speaker, text: str) -> list[Line]:
    return [Line("AWAY", [text] if text else [])]


def _list(speaker: Speaker, text: str) -> list[Line]:
    return [Line("LIST", [])]


def _login(speaker: Speaker, text: str) -> list[Line]:
    """No command of IRC: `chatapp.listeners.person` makes a login of it."""
    name, password = text.split(None, 1)
    return [Line(LOGIN, [name, password])]


def _register(speaker: Speaker, text: str) -> list[Line]:
    return [Line("REGISTER", ["*", "*", text])]


def _quit(speaker: Speaker, text: str) -> list[Line]:
    return [Line("QUIT", [text] if text else [])]


def _help(speaker: Speaker, text: str) -> list[Line]:
    if text:
        command = find(text.removeprefix("/"))
        raise Advice([f"{_usage(command)}: {_(command.help)}"])
    rows = [f"{_usage(command)}: {_(command.help)}" for command in COMMANDS]
    more = _("Anything else is said in the room; //word says /word. A long message is cut where it must be.")
    raise Advice([*rows, more])


def _room(name: str) -> str:
    return name if is_channel_name(name) else CHANNEL_PREFIX + name


def _here(speaker: Speaker) -> str:
    """The room that is spoken in.

    Raises:
        Misused: There is none.
    """
    if not speaker.room:
        raise Misused(_("You are in no room. /list shows what there is, /join ROOM enters one"))
    return speaker.room


COMMANDS = (
    Command("join", N_("ROOM [KEY]"), N_("enter a room and speak there from now on"), _join, 1),
    Command("part", N_("[ROOM] [REASON]"), N_("go out of a room"), _part, 0, ("leave",)),
    Command("msg", N_("NAME TEXT"), N_("say something that only one person reads"), _tell, 2, ("query",)),
    Command("me", N_("TEXT"), N_("say what you do: /me waves"), _act, 1),
    Command("names", N_("[ROOM]"), N_("who is in the room"), _names, 0, ("who",)),
    Command("topic", N_("[TEXT]"), N_("what the room is about; with a text, set it"), _topic),
    Command("history", N_("[NUMBER]"), N_("what was said before"), _history),
    Command("nick", N_("NAME"), N_("change your name"), _nick, 1),
    Command("away", N_("[TEXT]"), N_("be away, for that reason; without one, be back"), _away),
    Command("list", "", N_("which rooms there are"), _list),
    Command("register", N_("PASSWORD"), N_("make your name an account, yours alone"), _register, 1),
    Command("login", N_("NAME PASSWORD"), N_("log in to your account"), _login, 2, ("identify",)),
    Command("help", N_("[COMMAND]"), N_("what can be typed here"), _help, 0, ("ajuda",)),
    Command(
        "quit", N_("[REASON]"), N_("leave; so do exit and sair alone on a line"), _quit, 0, ("exit", "sair")
    ),
)
_BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}

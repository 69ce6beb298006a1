"""Lines as prose: how what happens reads to a person with nc. Pure: no session is looked at.

A message is ``21:03 <Ana> hello``, everything else begins with ``--``. A room is named unless it is the one
where everybody lands, and what was said before one came has its date.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from gettext import gettext as _
from gettext import ngettext
from typing import NamedTuple

from chatapp.core.dialect import Wrap
from chatapp.core.stamp import parse_time
from chatapp.irc.line import Line, nick_of, parse_line
from chatapp.irc.names import is_channel_name
from chatapp.irc.numerics import ERR_CANNOTSENDTOCHAN
from chatapp.irc.refusals import CLOSING, REFUSALS, reason, sentence
from chatapp.irc.text import parse_ctcp, strip_formatting
from chatapp.irc.visible import visible
from chatapp.listeners.sentences import SENTENCES, SILENT

#: A sentence has no more than so many parts.
_MOST_PARTS = 6


class Heard(NamedTuple):
    """One line: who did it ("" for the server), its parameters, when ("" if not said), and whose home."""

    nick: str
    params: list[str]
    time: str
    home: str

    def is_home(self, room: str) -> bool:
        return room.casefold() == self.home.casefold()


@cache
def prose_of(home: str) -> Wrap:
    """How lines read to people who land in the room ``home``: one function for all of them."""

    def prose(tags: str, body: str) -> bytes:
        row = row_of(tags, body, home)
        return f"{visible(row)}\r\n".encode() if row else b""

    return prose


def row_of(tags: str, body: str, home: str = "") -> str:
    """What a line says, not yet made safe to show; "" if it is not for people."""
    line = parse_line(body)
    heard = Heard(nick_of(line.source), line.params, _time_of(tags), home)
    if line.command in ("PRIVMSG", "NOTICE"):
        return _said(line, heard)
    if line.command.isdecimal():
        words = _numbered(line)
    else:
        happened = _HAPPENED.get(line.command)
        words = happened(heard) if happened else ""
    return f"-- {words}" if words else ""


# What is said


def _said(line: Line, heard: Heard) -> str:
    target, text = line.params
    if "!" not in (line.source or ""):
        return f"-- {sentence(text)}"
    nick = heard.nick
    ctcp = parse_ctcp(text)
    if ctcp is not None and ctcp[0] != "ACTION":
        return ""  # one program asks another
    if ctcp is not None:
        said = f"* {nick} {strip_formatting(ctcp[1])}"
    else:
        marks = "<>" if line.command == "PRIVMSG" else "--"
        said = f"{marks[0]}{nick}{marks[1]} {strip_formatting(text)}"
    return f"{heard.time} {_where(target, heard)}{said}".lstrip(" ")


def _where(target: str, heard: Heard) -> str:
    """What stands before what was said to ``target``."""
    if is_channel_name(target):
        return "" if heard.is_home(target) else f"{target} "
    if is_channel_name(target[1:]):
        return _("(operators of {room} only)").format(room=target[1:]) + " "
    return _("(private, to {nick})").format(nick=target) + " "


# What happens


def _joined(heard: Heard) -> str:
    room = heard.params[0]
    if heard.is_home(room):
        return _("{nick} came in").format(nick=heard.nick)
    return _("{nick} came into {room}").format(nick=heard.nick, room=room)


def _parted(heard: Heard) -> str:
    room, *reason = heard.params
    if heard.is_home(room):
        words = _("{nick} went out").format(nick=heard.nick)
    else:
        words = _("{nick} went out of {room}").format(nick=heard.nick, room=room)
    return ": ".join([words, *filter(None, reason)])


def _quit(heard: Heard) -> str:
    _quit_word, is_said, reason = heard.params[0].partition("Quit: ")
    words = _("{nick} left").format(nick=heard.nick)
    return f"{words}: {reason}" if is_said else words


def _kicked(heard: Heard) -> str:
    room, other, why = heard.params
    words = _("{nick} put {other} out of {room}: {why}")
    return words.format(nick=heard.nick, other=other, room=room, why=strip_formatting(why))


def _renamed(heard: Heard) -> str:
    return _("{nick} is now called {new}").format(nick=heard.nick, new=heard.params[0])


def _topic_set(heard: Heard) -> str:
    room, text = heard.params
    if not text:
        return _("{nick} took the topic of {room} away").format(nick=heard.nick, room=room)
    words = _("{nick} set the topic of {room}: {text}")
    return words.format(nick=heard.nick, room=room, text=strip_formatting(text))


def _set(heard: Heard) -> str:
    room, *modes = heard.params
    if not is_channel_name(room):
        return ""
    words = _("{nick} changed how {room} is set: {modes}")
    return words.format(nick=heard.nick, room=room, modes=" ".join(modes))


def _invited(heard: Heard) -> str:
    words = _("{nick} invites you to {room}: /join {room}")
    return words.format(nick=heard.nick, room=heard.params[1])


def _gathered(heard: Heard) -> str:
    """The beginning and the end of what was said before."""
    if heard.params[0][:1] == "-":
        return _("That was before; now:")
    return _("What was said in {room} before:").format(room=heard.params[-1])


def _failed(heard: Heard) -> str:
    words, number = reason(heard.params[-1])
    why = _(words).format(*heard.params[2:], *[""] * _MOST_PARTS, n=number) if words else heard.params[-1]
    return _("That did not work: {why}").format(why=why)


def _closed(heard: Heard) -> str:
    why = heard.params[0].removeprefix(CLOSING)
    words, number = reason(why)
    if words:
        why = _(words).format(n=number)
    return _("Goodbye!") if why.startswith("Quit") else _("The connection ends: {why}").format(why=why)


_HAPPENED: dict[str, Callable[[Heard], str]] = {
    "JOIN": _joined,
    "PART": _parted,
    "QUIT": _quit,
    "KICK": _kicked,
    "NICK": _renamed,
    "TOPIC": _topic_set,
    "MODE": _set,
    "INVITE": _invited,
    "BATCH": _gathered,
    "FAIL": _failed,
    "ERROR": _closed,
}


# What is answered


def _numbered(line: Line) -> str:
    nick, *about = line.params
    match line.command, about:
        case "353", [_symbol, room, names]:
            return _("Here in {room}: {names}").format(room=room, names=", ".join(names.split(" ")))
        case "322", [room, count, topic]:
            words = ngettext("{room}: {count} person", "{room}: {count} people", int(count))
            row = words.format(room=room, count=count)
            return f"{row}: {strip_formatting(topic)}" if topic else row
        case "372", [row]:
            return row.removeprefix("- ") or " "
    words = SENTENCES.get(line.command, "")
    said = about[-1] if about else ""
    why, number = reason(said)
    if line.command in REFUSALS and why:
        words = why
    elif said and line.command == ERR_CANNOTSENDTOCHAN.code and said != ERR_CANNOTSENDTOCHAN.text:
        words = ""  # a reason that is not in the table stays as it is
    if line.command in SILENT:
        return ""
    parts = [strip_formatting(part) for part in about]
    if not words:
        return parts[-1] if parts else ""
    has_when = "{when}" in words and about and about[-1].isdecimal()  # else it is somebody's words
    return _(words).format(
        *parts,
        *[""] * _MOST_PARTS,
        n=number,
        nick=nick,
        all=" ".join(parts),
        who=nick_of(about[-2]) if len(about) > 1 else "",
        when=_moment(int(about[-1]), True) if has_when else "",
    )


# When


def _time_of(tags: str) -> str:
    """When, as the server's clock on the wall has it; with the date in what was said before."""
    if not tags:
        return ""
    found = dict(tag.partition("=")[::2] for tag in tags.split(";"))
    return _moment(parse_time(found["time"]) // 1_000_000, "batch" in found) if "time" in found else ""


@lru_cache(maxsize=512)
def _moment(seconds: int, has_date: bool) -> str:
    moment = datetime.fromtimestamp(seconds)
    return moment.strftime("%Y-%m-%d %H:%M" if has_date else "%H:%M")

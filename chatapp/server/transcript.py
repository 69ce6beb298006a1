"""A room's messages as a text for people, or as JSON for programs: what ``chat-server export`` writes.

Nothing of it is worth an address: who spoke is told by nick and account alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from gettext import gettext as _
from typing import Any, NamedTuple

from chatapp.core.message import Message
from chatapp.core.multiline import text_of
from chatapp.core.stamp import parse_msgid
from chatapp.irc.client_tags import REACT, REPLIES, UNREACT
from chatapp.irc.line import nick_of, parse_line, parse_tags
from chatapp.irc.text import parse_ctcp, strip_formatting
from chatapp.irc.visible import visible
from chatapp.listeners.prose import row_of

#: So much of what somebody answers is repeated, in characters.
_GIST = 40
_SAID = {"PRIVMSG": "message", "NOTICE": "notice"}

#: The message of a stamp, None where it is gone.
Find = Callable[[int], Message | None]


class Entry(NamedTuple):
    """A message, taken apart; of an event ``kind`` is the command, and there are ``params``."""

    message: Message
    kind: str
    nick: str
    text: str
    reply_to: str
    params: tuple[str, ...]

    @property
    def is_event(self) -> bool:
        return bool(self.params)


def entry_of(message: Message) -> Entry | None:
    """``message`` taken apart; None for what programs say to each other."""
    tags = parse_tags(message.tags) if message.tags else {}
    reply_to = next((tags[name] for name in REPLIES if tags.get(name)), "")
    nick = nick_of(message.source)
    if message.command in _SAID:
        text, kind = text_of(message.body), _SAID[message.command]
        ctcp = parse_ctcp(text)
        if ctcp is None:
            return Entry(message, kind, nick, text, reply_to, ())
        return Entry(message, "action", nick, ctcp[1], reply_to, ()) if ctcp[0] == "ACTION" else None
    if message.command == "TAGMSG":
        kind = "reaction" if tags.get(REACT) else "unreaction"
        text = tags.get(REACT) or tags.get(UNREACT) or ""
        return Entry(message, kind, nick, text, reply_to, ()) if text and reply_to else None
    line = parse_line(message.body)
    return Entry(message, message.command.lower(), nick, "", "", tuple(line.params) or ("",))


def as_json(entry: Entry, room: str) -> str:
    """One object on a line of ASCII, with the exact text."""
    message = entry.message
    told: dict[str, Any] = {
        "time": message.time,
        "msgid": message.id,
        "room": room,
        "nick": entry.nick,
        "kind": entry.kind,
    }
    if message.account:
        told["account"] = message.account
    if entry.is_event:
        told["params"] = entry.params
    else:
        told["text"] = entry.text
    if entry.reply_to:
        told["reply_to"] = entry.reply_to
    return json.dumps(told)


def as_text(entry: Entry, room: str, find: Find, *, in_utc: bool) -> str:
    """As people read it; of a message with several lines all but the first are indented."""
    moment = datetime.fromtimestamp(entry.message.stamp / 1_000_000, UTC)
    when = f"{moment:%Y-%m-%d %H:%M:%SZ}" if in_utc else f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"
    first, *others = _words(entry, room, find).split("\n")
    return "\n".join([f"{when} {first}", *(f"    {line}" for line in others)]) if first else ""


def _words(entry: Entry, room: str, find: Find) -> str:
    if entry.is_event:
        return visible(row_of("", entry.message.body, room))
    nick, text = visible(entry.nick), _shown(entry.text)
    match entry.kind:
        case "reaction":
            words = _("{nick} reacts with {reaction}").format(nick=nick, reaction=text)
            return f"-- {words}: {_gist(entry, find)}"
        case "unreaction":
            words = _("{nick} takes back {reaction}").format(nick=nick, reaction=text)
            return f"-- {words}: {_gist(entry, find)}"
        case "action":
            said = f"* {nick} "
        case "notice":
            said = f"-{nick}- "
        case _:
            said = f"<{nick}> "
    if entry.reply_to:
        said += _("(answers {gist})").format(gist=_gist(entry, find)) + " "
    return said + text


def _gist(entry: Entry, find: Find) -> str:
    """The beginning of what ``entry`` is about."""
    try:
        message = find(parse_msgid(entry.reply_to))
    except ValueError:
        message = None
    about = message and entry_of(message)
    if not about or about.is_event:
        return _("a message that is gone")
    text = " ".join(_shown(about.text).split())
    return f"{visible(about.nick)}: {text if len(text) <= _GIST else text[: _GIST - 1] + '…'}"


def _shown(text: str) -> str:
    return "\n".join(visible(strip_formatting(line)) for line in text.split("\n"))

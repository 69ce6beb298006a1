"""A line as an entry: the same words whether it comes live or from history."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from gettext import gettext as _
from hashlib import blake2b
from typing import TYPE_CHECKING

from chatapp.client.buffer import MADE_UP, Entry, EntryKind
from chatapp.client.incoming.mode_words import mode_words
from chatapp.client.moment import parse_moment
from chatapp.irc.catalogue import N_
from chatapp.irc.client_tags import nonce_of, reply_of
from chatapp.irc.line import Line, nick_of
from chatapp.irc.text import CTCP, parse_ctcp

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: Who speaks often is one text for all of their messages.
_nick_of = lru_cache(maxsize=2048)(nick_of)


def entry_for(session: Session, line: Line) -> Entry | None:
    """What ``line`` tells, or ``None`` if there is nothing to show. A missing time is now."""
    nick = _nick_of(line.source)
    if line.command == "MODE":
        told = _mode(session, line, nick)
    elif (tell := _TELL.get(line.command)) is not None:
        told = tell(line, nick)
    else:
        return None
    if told is None:
        return None
    kind, text = told
    own = session.is_me(nick)
    return Entry(
        kind=kind,
        time=time_of(session, line),
        text=text,
        nick=nick,
        msgid=msgid_of(session, line),
        own=own,
        mention=not own and kind is not EntryKind.EVENT and session.attention.is_mention(line, text),
        reply_to=reply_of(line) if line.tags and kind is not EntryKind.EVENT else "",
        nonce=nonce_of(line),
    )


def msgid_of(session: Session, line: Line) -> str:
    """The id of what ``line`` tells, by which it is known when it comes again; "" if it has none.

    Where a server keeps history without ids, one is made up of what stays the same: time, source and text.
    """
    msgid = line.tags.get("msgid", "")
    if msgid and msgid.isprintable() and " " not in msgid:
        return msgid
    time = line.tags.get("time", "")
    if not time or not session.caps.has_history:
        return ""
    said = "\0".join((time, line.source or "", line.command, *line.params))
    return MADE_UP + blake2b(said.encode("utf-8", "replace"), digest_size=12).hexdigest()


def time_of(session: Session, line: Line) -> float:
    """When ``line`` was said, in seconds since 1970."""
    tag = line.tags.get("time")
    moment = parse_moment(tag) if tag else None
    return session.now() if moment is None else moment


def _said(line: Line, nick: str) -> tuple[EntryKind, str] | None:
    text = line.param(1)
    if text[:1] == CTCP:
        ctcp = parse_ctcp(text)
        return (EntryKind.ACTION, ctcp[1]) if ctcp is not None and ctcp[0] == "ACTION" else None
    return EntryKind.MESSAGE if line.command == "PRIVMSG" else EntryKind.NOTICE, text


def _joined(line: Line, nick: str) -> tuple[EntryKind, str]:
    return EntryKind.EVENT, _("{nick} joined").format(nick=nick)


def _left(line: Line, nick: str) -> tuple[EntryKind, str]:
    return EntryKind.EVENT, _with_reason(_("{nick} left"), line.param(1)).format(nick=nick)


def _quit(line: Line, nick: str) -> tuple[EntryKind, str]:
    # Of who left by themselves servers say "Quit", and "Quit: " before what they said.
    said = line.param(0)
    words = next((known for pattern, known in _ENDINGS if pattern.fullmatch(said)), None)
    reason = said.removeprefix("Quit: ") if words is None else words and _(words)
    return EntryKind.EVENT, _with_reason(_("{nick} went offline"), reason).format(nick=nick)


def _kicked(line: Line, nick: str) -> tuple[EntryKind, str]:
    # Who gives no reason has a nick there, put in by the server.
    reason = line.param(2) if line.param(2) not in (nick, line.param(1)) else ""
    words = _with_reason(_("{nick} removed {victim}"), reason)
    return EntryKind.EVENT, words.format(nick=nick, victim=line.param(1))


def _renamed(line: Line, nick: str) -> tuple[EntryKind, str]:
    return EntryKind.EVENT, _("{nick} is now {new}").format(nick=nick, new=line.param(0))


def _renamed_room(line: Line, nick: str) -> tuple[EntryKind, str]:
    words = _with_reason(_("{nick} gave the room the name {new}"), line.param(2))
    return EntryKind.EVENT, words.format(nick=nick, new=line.param(1))


def _topic(line: Line, nick: str) -> tuple[EntryKind, str]:
    if not line.param(1):
        return EntryKind.EVENT, _("{nick} removed the topic").format(nick=nick)
    return EntryKind.EVENT, _("{nick} set the topic: {topic}").format(nick=nick, topic=line.param(1))


def _mode(session: Session, line: Line, nick: str) -> tuple[EntryKind, str] | None:
    has_slow = "W" in session.isupport.chanmodes.when_set
    return EntryKind.EVENT, mode_words(nick, line.params[1:], has_slow=has_slow)


def _invited(line: Line, nick: str) -> tuple[EntryKind, str]:
    words = _("{nick} invited {guest} to {channel}")
    return EntryKind.EVENT, words.format(nick=nick, guest=line.param(0), channel=line.param(1))


def _with_reason(words: str, reason: str) -> str:
    """``words`` and the reason behind it; braces in the reason are not for `str.format`."""
    return f"{words} ({reason.replace('{', '{{').replace('}', '}}')})" if reason else words


#: What servers say of a connection that has ended, and what it means to who reads it; "" for nothing more.
_ENDINGS = (
    (re.compile("Quit|Client Quit|Connection closed|Remote host closed the connection"), ""),
    (re.compile("Connection lost|Connection reset by peer"), N_("the connection was lost")),
    (re.compile("Ping timeout.*"), N_("nothing was heard any more")),
    (re.compile("SendQ exceeded"), N_("too slow for all that was said")),
)
_TELL: dict[str, Callable[[Line, str], tuple[EntryKind, str] | None]] = {
    "PRIVMSG": _said,
    "NOTICE": _said,
    "JOIN": _joined,
    "PART": _left,
    "QUIT": _quit,
    "KICK": _kicked,
    "NICK": _renamed,
    "RENAME": _renamed_room,
    "TOPIC": _topic,
    "INVITE": _invited,
}

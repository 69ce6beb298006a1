"""Client-only tags: those we know, whether a server takes them, and what a message answers (IRCv3)."""

from __future__ import annotations

from chatapp.irc.isupport import ISupport
from chatapp.irc.line import Line

REPLY = "+draft/reply"
REACT, UNREACT = "+draft/react", "+draft/unreact"
TYPING = "+typing"
#: Ours: a word of its own for each message, by which the client that wrote it knows it again.
NONCE = "+chatapp/nonce"
#: Under these names the same may come (client-tags/reply).
REPLIES = ("+reply", REPLY)
#: Longer ones are nobody's.
_LONGEST_ID, _LONGEST_NONCE = 256, 16


def is_allowed(isupport: ISupport, tag: str) -> bool:
    """Whether the server passes ``tag`` on (CLIENTTAGDENY of message-tags)."""
    name = tag.removeprefix("+")
    denied = isupport.get("CLIENTTAGDENY").split(",")
    return f"-{name}" in denied if "*" in denied else name not in denied


def reply_of(line: Line) -> str:
    """The id of the message that ``line`` answers, "" for none."""
    for tag in REPLIES:
        msgid = line.tags.get(tag)
        if msgid:
            return id_in(msgid)
    return ""


def nonce_of(line: Line) -> str:
    """The word by which the client that wrote ``line`` knows it again, "" for none."""
    nonce = line.tags.get(NONCE, "")
    return nonce if len(nonce) <= _LONGEST_NONCE else ""


def id_in(msgid: str) -> str:
    """``msgid`` if it can be the id of a message, else ""."""
    return msgid if msgid.isprintable() and " " not in msgid and len(msgid) <= _LONGEST_ID else ""

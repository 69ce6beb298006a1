"""Answering a message, reacting to it, deleting it: the commands."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from typing import TYPE_CHECKING

from chatapp.client.buffer import MADE_UP, Buffer, Entry
from chatapp.client.command import Argument, Command, Misused
from chatapp.client.model import ConnectionState
from chatapp.client.picking import meant, meant_to_go, original
from chatapp.client.shortcodes import emoji_of
from chatapp.irc import caps
from chatapp.irc.catalogue import N_
from chatapp.irc.client_tags import REPLY, is_allowed
from chatapp.irc.text import cut_bytes, strip_formatting
from chatapp.irc.visible import visible

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: Bytes of the answered message that stand in an answer where there are no tags.
_QUOTED_BYTES = 60


def answer(session: Session, buffer: Buffer, entry: Entry, text: str) -> None:
    """Say ``text`` as an answer to ``entry``; without tags with a few of its words before it."""
    if can_refer_to(session, entry):
        session.speaking.say(buffer, text, reply_to=entry.msgid)
    else:
        session.say(buffer, f"{entry.nick}: {quoted(entry)} {text}")


def speak(session: Session, buffer: Buffer, text: str) -> None:
    """Say ``text`` where the person is; as an answer, if they have begun one."""
    msgid, buffer.replying_to = buffer.replying_to, ""
    entry = buffer.known(msgid)
    if entry is not None:
        answer(session, buffer, entry, text)
    else:
        session.say(buffer, text)


def can_refer_to(session: Session, entry: Entry) -> bool:
    """Whether an answer can name ``entry`` by its id; without a connection we hope so."""
    if not entry.msgid or entry.msgid[:1] == MADE_UP:
        return False
    if session.model.state is not ConnectionState.ONLINE:
        return True
    return caps.MESSAGE_TAGS in session.caps.enabled and is_allowed(session.isupport, REPLY)


def quoted(entry: Entry) -> str:
    """The first words of ``entry`` as a quotation."""
    text = visible(" ".join(strip_formatting(entry.text).split()))
    beginning = cut_bytes(text, _QUOTED_BYTES)
    return f"\u201c{beginning}{'…' if beginning != text else ''}\u201d"


def react(session: Session, buffer: Buffer, entry: Entry, text: str) -> None:
    """React to ``entry`` with an emoji or the name of one, or take that back.

    Raises:
        Misused: There is no such emoji, or the message can have no reactions.
    """
    reaction = text.strip()
    emoji = emoji_of(reaction) if len(reaction) > 1 else None
    if emoji is not None:
        reaction = emoji
    elif len(reaction) > 1 and reaction[0] == ":" == reaction[-1]:
        raise Misused(_("There is no emoji {name}.").format(name=reaction))
    session.speaking.reacting.toggle(buffer, entry, reaction)


def _reply(session: Session, args: list[str]) -> None:
    answer(session, *original(session.model, *_meant(session, meant)), args[0])
    session.model.current.picked = 0


def _react(session: Session, args: list[str]) -> None:
    react(session, *original(session.model, *_meant(session, meant)), args[0])


def _meant(session: Session, which: Callable[[Buffer], Entry]) -> tuple[Buffer, Entry]:
    """The message that the person means, in the window that they look at."""
    return session.model.current, which(session.model.current)


def _delete(session: Session, args: list[str]) -> None:
    """Ask once more before: what is deleted does not come back."""
    buffer, entry = original(session.model, *_meant(session, meant_to_go))
    session.speaking.deleting.check(entry)
    key = f"delete {entry.key}"
    if session.warned != key:
        session.warned = key
        words = _("Delete {words} by {nick} for everyone? The same once more deletes it.")
        session.inform(words.format(words=quoted(entry), nick=entry.nick), session.model.current)
        return
    session.warned = ""
    session.speaking.deleting.ask(buffer, entry, args[0] if args else "")
    session.model.current.picked = 0


#: In the order of /help.
ANSWERING: tuple[Command, ...] = (
    Command(
        "reply",
        N_("TEXT"),
        N_("answer the picked message, or the last one"),
        (Argument.TEXT,),
        _reply,
        1,
        ("r",),
    ),
    Command(
        "react",
        N_("EMOJI"),
        N_("react to the picked message, or the last one; again takes it back"),
        (Argument.TEXT,),
        _react,
        1,
    ),
    Command(
        "delete",
        N_("[REASON]"),
        N_("delete the picked message, or your last one, for everyone"),
        (Argument.TEXT,),
        _delete,
        online=True,
        asks_twice=True,
    ),
)

"""One command being carried out: who said it, and the ways to answer.

Replies to a labelled command are gathered until it is done, then sent with the label: alone, in a batch, or
as ACK when there is nothing to say (IRCv3 labeled-response).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from chatapp.core.audience import Audience
from chatapp.core.message import Message
from chatapp.core.session import Session
from chatapp.core.user import User
from chatapp.core.world import World
from chatapp.irc import caps
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line, format_body, format_tags
from chatapp.irc.numerics import Numeric
from chatapp.irc.text import cut_bytes

_BREAK = re.compile("[ \r\n\0]")


class Reply(NamedTuple):
    """Something to send to the one who spoke: a body of the server's own, or a message."""

    content: str | Message
    tags: str = ""


class Context:
    """What a handler works with. ``replies`` is ``None`` unless the line has a label that counts."""

    __slots__ = ("_frame", "label", "replies", "session", "world")

    def __init__(self, world: World, session: Session, line: Line) -> None:
        self.world = world
        self.session = session
        self.label = ""
        self._frame = ""
        self.replies: list[Reply] | None = None
        if line.tags and caps.LABELED_RESPONSE in session.caps:
            self.label = line.tags.get("label", "")
            if self.label:
                self.replies = []

    @property
    def user(self) -> User:
        """Who speaks. Only for commands that need registration."""
        user = self.session.user
        assert user is not None
        return user

    def has(self, capability: str) -> bool:
        return capability in self.session.caps

    # To the one who spoke

    def reply(self, command: str, *params: str, tags: str = "", colon: bool = False) -> None:
        """A line with the server as its source, cut if it is too long. ``tags`` are written already."""
        body = format_body(self.world.name, command, params, colon)
        excess = len(body.encode()) - (BODY_BYTES - 2)
        if excess > 0:
            body = format_body(self.world.name, command, _shortened(params, excess), colon)
        self._answer(Reply(cut_bytes(body, BODY_BYTES - 2), tags))

    def numeric(self, numeric: Numeric, *about: str, text: str = "") -> None:
        """A numbered reply; its words are ``text``, else those of the numeric, else there are none."""
        words = text or numeric.text
        if words:
            self.reply(numeric.code, self.session.nick, *map(as_word, about), words, colon=True)
        else:
            *middle, last = about
            self.reply(numeric.code, self.session.nick, *map(as_word, middle), last)

    def notice(self, source: str, text: str) -> None:
        """What a service, whose full ``source`` is given, tells the one who spoke to it."""
        body = format_body(source, "NOTICE", [self.session.nick, text], colon=True)
        self._answer(Reply(cut_bytes(body, BODY_BYTES - 2)))

    def fail(self, command: str, code: str, *context: str, text: str) -> None:
        """``FAIL command code [context...] :text`` (IRCv3 standard-replies)."""
        self.reply("FAIL", command, code, *map(as_word, context), text, colon=True)

    def relay(self, message: Message, tags: str = "") -> None:
        """Let the one who spoke hear ``message``."""
        if self.session.dialect.hears(message.command):
            self._answer(Reply(message, tags))

    @contextmanager
    def framed(self, kind: str, *about: str) -> Iterator[None]:
        """Put the replies made meanwhile in a batch of that kind, where the one who spoke knows batches."""
        if not self.has(caps.BATCH):
            yield
            return
        batch = next(self.world.batch_ids)
        self.reply("BATCH", f"+{batch}", kind, *about)
        self._frame = f"batch={batch}"
        try:
            yield
        finally:
            self._frame = ""
        self.reply("BATCH", f"-{batch}")

    # To others

    def tell(self, message: Message, audience: Audience, echo: bool = True) -> None:
        """Let ``audience`` hear ``message``; the one who spoke, in it or not, exactly if ``echo``."""
        if echo and self.replies is None and self.session in audience:
            self.world.delivery.tell(message, audience)
        else:
            self.world.delivery.tell(message, audience, but=self.session)
            if echo:
                self.relay(message)

    def answer_under(self, label: str) -> None:
        """Answer under ``label`` instead of the line's own; ``""`` for none."""
        self.label = label
        self.replies = [] if label else None

    def finish(self) -> None:
        """Send what was gathered under the label."""
        replies, self.replies = self.replies, None
        if replies is None:
            return
        label = format_tags({"label": self.label})
        if not replies:
            self.reply("ACK", tags=label)
        elif len(replies) == 1 or not self.has(caps.BATCH) or _is_one_batch(replies):
            first, *rest = replies
            self._send(first, label)
            for reply in rest:
                self._send(reply)
        else:
            batch = next(self.world.batch_ids)
            self.reply("BATCH", f"+{batch}", "labeled-response", tags=label)
            for reply in replies:
                self._send(reply, "" if reply.tags.startswith("batch=") else f"batch={batch}")
            self.reply("BATCH", f"-{batch}")

    def _answer(self, reply: Reply) -> None:
        if self._frame:
            reply = Reply(reply.content, self._frame)
        if self.replies is None:
            self._send(reply)
        else:
            self.replies.append(reply)

    def _send(self, reply: Reply, more_tags: str = "") -> None:
        tags = ";".join(filter(None, (more_tags, reply.tags)))
        if isinstance(reply.content, Message):
            self.world.delivery.relay(reply.content, self.session, tags)
        else:
            self.world.delivery.send(self.session, reply.content, tags)


def as_word(text: str) -> str:
    """``text`` as a parameter in the middle of a line: what cannot be one becomes ``*``."""
    return "*" if text[:1] in ("", ":") or _BREAK.search(text) else text


def _shortened(params: tuple[str, ...], excess: int) -> list[str]:
    """``params`` with ``excess`` bytes cut from what the line is about, if that is longer than its words."""
    *about, words = params
    longest = max(about, key=len, default="")
    if len(longest) > len(words):
        about[about.index(longest)] = cut_bytes(longest, len(longest.encode()) - excess) or "*"
    return [*about, words]


def _is_one_batch(replies: list[Reply]) -> bool:
    """Whether the whole answer is one batch already: then the label goes on its opening line."""
    first, last = replies[0].content, replies[-1].content
    if isinstance(first, Message) or isinstance(last, Message):
        return False
    opening, closing = first.split(" "), last.split(" ")
    return opening[1] == closing[1] == "BATCH" and opening[2] == "+" + closing[2][1:]

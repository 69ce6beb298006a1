"""How a line reads to those who hear it: what their capabilities let through, in their wrapping."""

from __future__ import annotations

from collections.abc import Callable

from chatapp.core.message import Message
from chatapp.core.multiline import is_blank, parts
from chatapp.core.stamp import msgid_of, time_of
from chatapp.irc import caps as cap

#: Makes the bytes of one line out of its tags ("" for none) and its body.
Wrap = Callable[[str, str], bytes]


def crlf(tags: str, body: str) -> bytes:
    """A line of IRC over a stream."""
    return f"@{tags} {body}\r\n".encode() if tags else f"{body}\r\n".encode()


class Dialect:
    """What shapes a line for a listener. Interned by `dialect_of`, so that it serves as a key."""

    __slots__ = ("account_tag", "caps", "extended_join", "message_tags", "multiline", "server_time", "wrap")

    def __init__(self, caps: frozenset[str], wrap: Wrap) -> None:
        self.caps = caps
        self.wrap = wrap
        self.server_time = cap.SERVER_TIME in caps
        self.message_tags = cap.MESSAGE_TAGS in caps
        self.account_tag = cap.ACCOUNT_TAG in caps
        self.extended_join = cap.EXTENDED_JOIN in caps
        self.multiline = cap.MULTILINE in caps

    def hears(self, command: str) -> bool:
        """Whether lines of ``command`` are for these ears at all."""
        need = cap.COMMAND_NEEDS.get(command)
        return need is None or need in self.caps

    def encode(self, message: Message, more_tags: str = "") -> bytes:
        """The bytes of ``message`` for this listener; none if it is not for their ears.

        ``more_tags`` come first: ``label`` or ``batch``, which the caller knows to be negotiated.
        """
        if message.command in cap.COMMAND_NEEDS and not self.hears(message.command):
            return b""
        if "\n" in message.body:
            return self._encode_lines(message, more_tags)
        body = message.extended if self.extended_join and message.extended else message.body
        return self.wrap(self._tags(message, more_tags), body)

    def _tags(self, message: Message, more_tags: str, has_id: bool = True) -> str:
        tags = more_tags
        if self.server_time:
            tags = f"{tags};time={time_of(message.stamp)}" if tags else f"time={time_of(message.stamp)}"
        if self.message_tags:
            if has_id:
                msgid = f"msgid={msgid_of(message.stamp)}"
                tags = f"{tags};{msgid}" if tags else msgid
            if message.tags:
                tags = f"{tags};{message.tags}" if tags else message.tags
        if self.account_tag and message.account:
            tags = f"{tags};account={message.account}" if tags else f"account={message.account}"
        return tags

    def _encode_lines(self, message: Message, more_tags: str) -> bytes:
        """A message of several lines: a batch for those who know that, else the lines that are not blank.

        The id is told once, and a label too; the frame of an answer, if there is one, is around all of it.
        """
        lines = parts(message.body)
        tags = self._tags(message, more_tags)
        if not self.multiline:
            frame = ";".join(tag for tag in more_tags.split(";") if tag.startswith("batch="))
            rest = self._tags(message, frame, has_id=False)
            shown = [line.body for line in lines if not is_blank(line)]
            return b"".join([self.wrap(tags, shown[0]), *(self.wrap(rest, body) for body in shown[1:])])
        source, _command, target, _text = message.body.split(" ", 3)
        batch = f"m{msgid_of(message.stamp)}"
        inner = (
            f"batch={batch};{cap.MULTILINE_CONCAT}" if line.is_concat else f"batch={batch}" for line in lines
        )
        return b"".join(
            [
                self.wrap(tags, f"{source} BATCH +{batch} {cap.MULTILINE} {target}"),
                *(self.wrap(tag, line.body) for tag, line in zip(inner, lines, strict=True)),
                self.wrap("", f"{source} BATCH -{batch}"),
            ]
        )


_dialects: dict[tuple[frozenset[str], Wrap], Dialect] = {}


def dialect_of(caps: frozenset[str], wrap: Wrap = crlf) -> Dialect:
    """The one dialect of those who have ``caps`` and ``wrap``."""
    shaping = caps & cap.SHAPING
    if cap.BATCH not in caps:  # a message of several lines has no frame without it
        shaping -= {cap.MULTILINE}
    key = (shaping, wrap)
    if key not in _dialects:
        _dialects[key] = Dialect(*key)
    return _dialects[key]

"""A message: something said or done, as it is relayed once and kept for history."""

from __future__ import annotations

from collections.abc import Callable

from chatapp.core.stamp import msgid_of, time_of
from chatapp.irc.names import CHANNEL_PREFIX

#: What history tells of to those without draft/event-playback.
SAID = frozenset({"PRIVMSG", "NOTICE"})


class Message:
    """What one user said or did. The same object is delivered, kept and, read back, replayed.

    ``stamp`` gives place, time and id (see `chatapp.core.stamp`). ``body`` is the whole line without tags,
    ready to send; ``extended`` is the body for listeners with extended-join, where that differs.
    ``account`` is the speaker's account or "". ``tags`` are the client-only tags, escaped and joined by ";".
    """

    __slots__ = ("account", "body", "command", "extended", "stamp", "tags")

    def __init__(
        self, stamp: int, command: str, body: str, account: str = "", tags: str = "", extended: str = ""
    ) -> None:
        self.stamp = stamp
        self.command = command
        self.body = body
        self.account = account
        self.tags = tags
        self.extended = extended

    @property
    def id(self) -> str:
        return msgid_of(self.stamp)

    @property
    def time(self) -> str:
        return time_of(self.stamp)

    @property
    def kept_body(self) -> str:
        """``body``, and behind a line feed ``extended`` where there is one: what the store keeps."""
        return f"{self.body}\n{self.extended}" if self.extended else self.body

    @classmethod
    def read_back(cls, stamp: int, command: str, kept_body: str, account: str, tags: str) -> Message:
        """The message of which the store has kept this."""
        if command == "JOIN" and "\n" in kept_body:
            body, _, extended = kept_body.partition("\n")
            return cls(stamp, command, body, account, tags, extended)
        return cls(stamp, command, kept_body, account, tags)

    @property
    def source(self) -> str:
        """Who said or did it: ``nick!user@host``."""
        return self.body[1:].partition(" ")[0]

    @property
    def target(self) -> str:
        """Whom or what it is addressed to: the first parameter."""
        return self.body.split(" ", 3)[2].removeprefix(":")

    def in_channel(self, name: str, fold: Callable[[str], str]) -> Message:
        """As told to those who know its channel by ``name``, also if it had another when this was said."""
        parts = self.body.split(" ", 3)
        before, mark, known = parts[2].partition(CHANNEL_PREFIX) if len(parts) > 2 else ("", "", "")
        if not mark or len(before) > 1 or before == ":" or known == name[1:] or self.command == "RENAME":
            return self
        if fold(mark + known) == fold(name):
            return self
        parts[2] = before + name
        extended = self.extended.replace(f" {before}{mark}{known} ", f" {parts[2]} ", 1)
        return Message(self.stamp, self.command, " ".join(parts), self.account, self.tags, extended)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and self._kept() == other._kept()

    def __hash__(self) -> int:
        return hash(self.stamp)

    def __repr__(self) -> str:
        return f"<Message {self.id} {self.body!r}>"

    def _kept(self) -> tuple[int, str, str, str, str]:
        return (self.stamp, self.command, self.kept_body, self.account, self.tags)

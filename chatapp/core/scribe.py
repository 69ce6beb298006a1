"""The scribe: makes of what somebody says or does a message, in its place and as long as a line may be."""

from __future__ import annotations

from collections.abc import Callable

from chatapp.core.message import Message
from chatapp.core.stamp import Stamps
from chatapp.core.user import BOT, User
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import format_body
from chatapp.irc.text import cut_bytes

#: Commands whose last parameter is words.
_WORDS = frozenset({"PRIVMSG", "NOTICE", "QUIT", "TOPIC", "KICK", "AWAY", "SETNAME", "WALLOPS"})
#: Commands whose words are cut where the line would be too long; what is said is refused instead, never cut.
_CUT = frozenset({"QUIT", "PART", "TOPIC", "KICK", "AWAY", "SETNAME"})
#: So many characters fit in a line however many bytes each has.
_SURELY_FITS = (BODY_BYTES - 2) // 4


class Scribe:
    """Writes messages, each stamped later than the one before. ``now`` gives microseconds since 1970."""

    def __init__(self, stamps: Stamps, now: Callable[[], int]) -> None:
        self.stamps = stamps
        self._now = now

    def stamp(self) -> int:
        """The stamp of what is said now."""
        return self.stamps.next(self._now())

    def act(self, user: User, command: str, *params: str, extended: str = "") -> Message:
        """What ``user`` does now, ready to be told and kept."""
        return self.utter(user, command, params, extended=extended)

    def utter(
        self, user: User, command: str, params: tuple[str, ...], tags: str = "", extended: str = ""
    ) -> Message:
        """What ``user`` says now: as `act`, with tags, and for the many nothing is unpacked on the way."""
        body = format_body(user.source, command, params, command in _WORDS)
        if len(body) > _SURELY_FITS and command in _CUT:
            body = cut_bytes(body, BODY_BYTES - 2)
        if BOT in user.modes:
            tags = f"bot;{tags}" if tags else "bot"
        return Message(self.stamps.next(self._now()), command, body, user.account, tags, extended)

    def decree(self, server: str, command: str, *params: str) -> Message:
        """What the server itself, by its name, does now, ready to be told and kept."""
        return Message(self.stamp(), command, format_body(server, command, params, command in _WORDS))

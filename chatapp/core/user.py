"""A user: one nick, with the sessions that speak as it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.core.audience import Audience
from chatapp.irc.names import source

if TYPE_CHECKING:
    from chatapp.core.channel import Channel
    from chatapp.core.member import Member
    from chatapp.core.session import Session

#: The modes of a user: ``i`` keeps them out of lists for strangers, ``o`` marks a server operator.
USER_MODES = "io"


class User:
    """Someone who is here. ``source`` is ``nick!user@host``, always up to date.

    ``owner`` is the key of their direct messages in history: it is theirs alone, and ends with them as long
    as they have no account. ``invitations`` are to channels, each good for one JOIN. ``spoke`` and
    ``signed_on`` are seconds since 1970.
    """

    __slots__ = (
        "account",
        "away",
        "channels",
        "folded",
        "host",
        "invitations",
        "modes",
        "nick",
        "owner",
        "realname",
        "sessions",
        "signed_on",
        "source",
        "spoke",
        "user_name",
    )

    def __init__(
        self, nick: str, folded: str, user_name: str, host: str, realname: str, owner: str, now: int
    ) -> None:
        self.nick = nick
        self.folded = folded
        self.user_name = user_name
        self.host = host
        self.realname = realname
        self.owner = owner
        self.account = ""
        self.away = ""
        self.modes = ""
        self.sessions: list[Session] = []
        self.channels: dict[Channel, Member] = {}
        self.invitations: set[Channel] = set()
        self.signed_on = self.spoke = now
        self.source = source(nick, user_name, host)

    def rename(self, nick: str, folded: str) -> None:
        self.nick = nick
        self.folded = folded
        self.source = source(nick, self.user_name, self.host)

    def attach(self, session: Session) -> None:
        """``session`` speaks and hears as this user from now on."""
        session.user = self
        session.registration = None
        self.sessions.append(session)
        for channel in self.channels:
            channel.audience.add(session)

    def detach(self, session: Session) -> None:
        """``session`` is gone. It keeps its ``user`` so that its last words can be told of."""
        self.sessions.remove(session)
        for channel in self.channels:
            channel.audience.remove(session)

    @property
    def is_operator(self) -> bool:
        """Whether they are an operator of the server."""
        return "o" in self.modes

    def has_mode(self, mode: str) -> bool:
        return mode in self.modes

    def set_mode(self, mode: str, held: bool) -> bool:
        """Give or take ``mode``; tell whether that changed anything."""
        if (mode in self.modes) is held:
            return False
        self.modes = "".join(sorted(set(self.modes) ^ {mode}))
        return True

    def conversation_with(self, folded_nick: str) -> str:
        """The key of what this user and ``folded_nick`` said to each other (see `ports.Kept`)."""
        return f"{self.owner} {folded_nick}"

    def peers(self) -> Audience:
        """Everyone who shares a channel with this user, and the user's own sessions."""
        if len(self.channels) == 1:
            return next(iter(self.channels)).audience
        audience = Audience(self.sessions)
        for channel in self.channels:
            for session in channel.audience:
                audience.add(session)
        return audience

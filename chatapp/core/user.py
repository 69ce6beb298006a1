"""A user: one nick, with the sessions that speak as it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.core.audience import Audience
from chatapp.core.errors import Refused
from chatapp.core.ports import Presence
from chatapp.core.settings import PRIVILEGES
from chatapp.irc.names import source
from chatapp.irc.numerics import ERR_NOPRIVILEGES, ERR_NOPRIVS

if TYPE_CHECKING:
    from chatapp.core.channel import Channel
    from chatapp.core.member import Member
    from chatapp.core.session import Session

#: The modes of a user: B a bot (IRCv3 bot-mode), R hears only accounts and whom they accept, T hears no CTCP,
#: i is kept out of lists for strangers, o is an operator of the server, w hears WALLOPS.
USER_MODES = "BRTiow"
#: The mode of bots, which ISUPPORT and WHO show.
BOT = "B"
#: All that an operator of the server may; one set for everybody, who mostly never need it.
_ALL_PRIVILEGES: frozenset[str] = frozenset(PRIVILEGES)
#: The away message of a connection that no person has made (IRCv3 draft/pre-away).
UNATTENDED = "*"
#: The away message of someone who is always on and has nobody connected.
NOT_CONNECTED = "Not connected now; will read this later"


class User:
    """Someone who is here. ``source`` is ``nick!user@host``, always up to date.

    ``owner`` is the key of their direct messages in history: that of their ``account``, or theirs alone,
    ending with them. Who ``stays`` is here without a session too (always on). ``invitations`` are to
    channels, each good for one JOIN. ``privileges`` and ``operator_line``, what WHOIS says of
    them, count while they are an operator of the server.
    ``spoke`` and ``signed_on`` are seconds since 1970; ``named`` is a stamp, since when they have their nick.
    """

    __slots__ = (
        "account",
        "address",
        "away",
        "channels",
        "folded",
        "host",
        "invitations",
        "modes",
        "named",
        "nick",
        "operator_line",
        "owner",
        "privileges",
        "realname",
        "sessions",
        "signed_on",
        "source",
        "spoke",
        "stays",
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
        self.address = ""
        self.away = ""
        self.stays = False
        self.modes = ""
        self.privileges = _ALL_PRIVILEGES
        self.operator_line = ""
        self.sessions: list[Session] = []
        self.channels: dict[Channel, Member] = {}
        self.invitations: set[Channel] = set()
        self.signed_on = self.spoke = now
        self.named = now * 1_000_000
        self.source = source(nick, user_name, host)

    def rename(self, nick: str, folded: str) -> None:
        self.nick = nick
        self.folded = folded
        self.source = source(nick, self.user_name, self.host)
        for member in self.channels.values():
            member.joined = 0  # that was somebody of another name

    def rehost(self, host: str) -> None:
        self.host = host
        self.source = source(self.nick, self.user_name, host)

    def attach(self, session: Session) -> None:
        """``session`` speaks and hears as this user from now on."""
        session.user = self
        session.registration = None
        self.sessions.append(session)
        self.address = session.address
        for channel in self.channels:
            channel.audience.add(session)

    def detach(self, session: Session) -> None:
        """``session`` is gone. It keeps its ``user`` so that its last words can be told of."""
        self.sessions.remove(session)
        if self.sessions:
            self.address = self.sessions[-1].address
        for channel in self.channels:
            channel.audience.remove(session)

    def set_away(self, text: str) -> bool:
        """Note what the sessions say of being away, ``text`` last; tell whether that changed anything.

        Who has several is away when all of them are; who has none is away by staying.
        """
        if not self.sessions:
            text = NOT_CONNECTED
        elif not all(session.away for session in self.sessions):
            text = ""
        else:
            text = text or self.sessions[-1].away
            if text == UNATTENDED:  # what a person said of it counts for more
                text = next((s.away for s in self.sessions if s.away != UNATTENDED), UNATTENDED)
        changed = text != self.away
        self.away = text
        return changed

    def presence(self) -> Presence | None:
        """What of them is there again after a restart; ``None`` of those who do not stay."""
        if not self.stays:
            return None
        rooms = tuple((channel.name, member.modes) for channel, member in self.channels.items())
        return Presence(self.user_name, self.host, self.realname, self.modes.replace("o", ""), rooms)

    @property
    def is_operator(self) -> bool:
        """Whether they are an operator of the server."""
        return "o" in self.modes

    @property
    def is_bot(self) -> bool:
        return BOT in self.modes

    def may(self, privilege: str) -> bool:
        """Whether they are an operator of the server with that ``privilege`` (see `settings.PRIVILEGES`)."""
        return "o" in self.modes and privilege in self.privileges

    def check_may(self, privilege: str) -> None:
        """Raise `Refused` with 481 for who is no server operator, with 723 for one who may not do this."""
        if not self.is_operator:
            raise Refused(ERR_NOPRIVILEGES)
        if privilege not in self.privileges:
            raise Refused(ERR_NOPRIVS, privilege)

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
        """Everyone who shares a channel with this user and sees them there, and the user's own sessions."""
        if len(self.channels) == 1:
            return next(iter(self.channels)).hearers(self)
        audience = Audience(self.sessions)
        for channel in self.channels:
            for session in channel.hearers(self):
                audience.add(session)
        return audience

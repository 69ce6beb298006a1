"""The world: every session, user and channel on this server, by name, and what they all need."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from gettext import gettext as _
from typing import NamedTuple

from chatapp.core.accept import Accepts
from chatapp.core.account import Accounts
from chatapp.core.bans import ServerBans
from chatapp.core.channel import Channel
from chatapp.core.cloak import cloak
from chatapp.core.delivery import Delivery
from chatapp.core.dialect import Wrap, crlf
from chatapp.core.errors import Refused
from chatapp.core.expiries import Expiries
from chatapp.core.guesses import Guesses, Logins
from chatapp.core.markers import Markers
from chatapp.core.message import Message
from chatapp.core.metadata import Metadata
from chatapp.core.monitor import Monitor
from chatapp.core.ports import AuditEntry, ChannelState, History, Proofs, Wire
from chatapp.core.redaction import Redactions
from chatapp.core.roster import Roster
from chatapp.core.scribe import Scribe
from chatapp.core.session import Session
from chatapp.core.settings import Settings
from chatapp.core.stamp import Stamps, msgid_of
from chatapp.core.user import User
from chatapp.core.whowas import Whowas
from chatapp.irc.batch import batch_ids
from chatapp.irc.names import FOLDS, visible_host
from chatapp.irc.numerics import ERR_CANNOTSENDTOCHAN, ERR_NICKNAMEINUSE, ERR_NOSUCHCHANNEL, ERR_NOSUCHNICK

#: Why a nick that nobody has cannot be had.
LOOKS_ALIKE = "This looks like a nick that somebody has"

#: Wrong passwords of the server that one address may give in a minute: a class may share an address.
ENTRIES = 20

Report = Callable[[str, Mapping[str, object]], None]


async def _nobody_owns(code: str) -> bool:
    return False


class Outside(NamedTuple):
    """What the world is handed at its beginning.

    ``now`` gives microseconds since 1970; ``settled`` returns once all that was said so far is kept;
    ``report`` is told who comes and goes: words with ``%(name)s`` in them, and what these are;
    ``claim`` takes the owner's code: true, once for each code, if it is that (see `chatapp.store.owner`);
    without ``proofs`` nobody can log in; ``reload`` reads the settings again and gives back what came of it,
    a sentence each. ``steady`` gives seconds of a clock that nobody sets; without it ``now`` is believed.
    """

    delivery: Delivery
    history: History
    settled: Callable[[], Awaitable[None]]
    now: Callable[[], int]
    report: Report = lambda words, about: None
    claim: Callable[[str], Awaitable[bool]] = _nobody_owns
    proofs: Proofs | None = None
    reload: Callable[[], list[str]] = list
    steady: Callable[[], int] | None = None


class World:
    """One server's users and channels. Names are looked up folded."""

    def __init__(self, outside: Outside, settings: Settings, stamps: Stamps) -> None:
        self.delivery = outside.delivery
        self.history = outside.history
        self.settled = outside.settled
        self.report = outside.report
        self.claim = outside.claim
        self.proofs = outside.proofs
        self.reload = outside.reload
        self.guesses = Guesses()
        self.entries = Guesses(ENTRIES, 60)
        self.logins = Logins(settings.accounts)
        self._now = outside.now
        #: Seconds, for how long something takes: a clock that is set neither hurries nor delays it.
        self.steady = outside.steady or self.now
        self.scribe = Scribe(stamps, outside.now)
        self.settings = settings
        self.fold = FOLDS[settings.server.casemapping]
        self.batch_ids = batch_ids()
        self.began = self.now()
        self.sessions: set[Session] = set()
        self.users = Roster(settings.server.casemapping == "unicode")
        self.accounts = Accounts(self.fold)
        self.redactions = Redactions(self.delivery)
        self.markers = Markers()
        self.metadata = Metadata()
        self.channels: dict[str, Channel] = {}
        self.monitor = Monitor(self.fold, self.delivery, settings.server.name)
        self.accepts = Accepts()
        self.bans = ServerBans(self.fold)
        self.expiries = Expiries()
        self.whowas = Whowas(settings.limits.whowas_entries)
        self.most_users = 0
        self.vouched_port = 0  # where TLS has a certificate of an authority's, if anywhere
        self.long_answers: deque[object] = deque()  # those under way, whose turn is next first
        self.mute_reason = ""  # why nothing can be kept at the moment, and so nothing be said; mostly ""

    def remember(self, rooms: Iterable[ChannelState]) -> None:
        """Take in the channels that outlived a restart."""
        for state in rooms:
            self._add_channel(state, has_history=True)

    @property
    def name(self) -> str:
        """The server's name, as it stands before its lines."""
        return self.settings.server.name

    def host_of(self, address: str) -> str:
        """The host that others see of somebody at ``address``."""
        if self.settings.server.cloak_hosts and self.proofs is not None:
            return cloak(address, self.proofs.digest)
        return visible_host(address)

    def now(self) -> int:
        """Seconds since 1970."""
        return self._now() // 1_000_000

    # Sessions and users

    def begin(self, wire: Wire, address: str, wrap: Wrap = crlf) -> Session:
        """A new connection has said its first word."""
        session = Session(wire, address, self.steady(), wrap)
        self.sessions.add(session)
        return session

    def register(self, session: Session, user: User) -> None:
        """``session`` is let in as ``user``.

        Raises:
            Refused: Somebody else took the nick in the meantime.
        """
        self.check_is_nobodys(user.nick, user)
        self.users[user.folded] = user
        user.named = self.scribe.stamp()
        user.attach(session)
        self.monitor.appeared(user)
        self.most_users = max(self.most_users, len(self.users))

    def new_owner(self) -> str:
        """A history key that nobody had before or will have again."""
        return "~" + msgid_of(self.scribe.stamp())

    def user(self, nick: str) -> User:
        """Raise `Refused` with 401 if nobody has ``nick``."""
        user = self.users.get(self.fold(nick))
        if user is None:
            raise Refused(ERR_NOSUCHNICK, nick)
        return user

    def check_is_nobodys(self, nick: str, user: User | None = None) -> None:
        """Raise `Refused` with 433 if somebody but ``user`` has ``nick``, or one that looks like it."""
        if self.users.get(self.fold(nick), user) is not user:
            raise Refused(ERR_NICKNAMEINUSE, nick)
        if (self.users.alike(nick) or user) is not user:
            raise Refused(ERR_NICKNAMEINUSE, nick, text=LOOKS_ALIKE)

    def rename(self, user: User, nick: str) -> None:
        """Raise `Refused` with 433 if another user has ``nick``."""
        folded = self.fold(nick)
        self.check_is_nobodys(nick, user)
        is_new = folded != user.folded
        if is_new:
            self.whowas.remember(user, self.now())
            self.monitor.vanished(user)
        del self.users[user.folded]
        user.rename(nick, folded)
        self.users[folded] = user
        user.named = self.scribe.stamp()
        if is_new:
            self.monitor.appeared(user)

    def forget(self, user: User) -> None:
        """``user`` is gone from every channel and from the list of nicks."""
        self.whowas.remember(user, self.now())
        for channel in list(user.channels):
            self.part(channel, user)
        for channel in list(user.invitations):
            channel.uninvite(user)
        del self.users[user.folded]
        self.accepts.forget(user)
        if not user.account:
            self.markers.forget(user.owner)
            self.metadata.forget(user.owner)
        self.monitor.vanished(user)

    def end(self, session: Session, reason: str) -> None:
        """``session`` is over; a user whose last one it was has quit, and those who knew them are told."""
        if session.ended:
            return
        session.ended = True
        self.sessions.discard(session)
        self.monitor.clear(session)
        user = session.user
        if user is None:
            return
        user.detach(session)
        if user.sessions or user.stays:
            if not user.sessions:
                user.set_mode("o", False)  # who comes back has not given the operator's password
            self.refresh_away(user)
            return
        self.leave(user, reason)

    def leave(self, user: User, reason: str) -> None:
        """``user``, who has no session any more, quits, and those who knew them are told."""
        message = self.scribe.act(user, "QUIT", reason)
        for channel in user.channels:
            self.keep_event(message, channel, user)
        self.delivery.tell(message, user.peers())
        self.forget(user)
        words = _("%(nick)s left") if reason == "Quit" else _("%(nick)s left: %(reason)s")
        self.report(words, {"nick": user.nick, "reason": reason})

    def refresh_away(self, user: User, text: str = "", but: Session | None = None) -> None:
        """Tell those who know ``user`` if they are away or back by what their sessions say, ``text`` last."""
        if user.set_away(text):
            message = self.scribe.act(user, "AWAY", *filter(None, [user.away]))
            self.delivery.tell(message, self.monitor.onlookers(user), but)

    def keep_presence(self, user: User) -> None:
        """Have where ``user`` is, and with which modes, survive a restart if they stay."""
        if user.stays and not self.mute_reason and (account := self.accounts.of(user)) is not None:
            self.delivery.keep_account(account)

    def audit(self, operator: User, action: str, target: str, detail: str = "") -> None:
        """Have it known later what ``operator`` did."""
        self.delivery.keep_audit(AuditEntry(self.scribe.stamp(), operator.source, action, target, detail))

    def check_can_keep(self, target: str) -> None:
        """Raise `Refused` with 404 while nothing said to ``target`` or set there could be kept."""
        if self.mute_reason:
            raise Refused(ERR_CANNOTSENDTOCHAN, target, text=self.mute_reason)

    def keep_event(self, message: Message, channel: Channel, about: User | None = None) -> None:
        """Have what happened in ``channel`` in its history, for those who ask for events too.

        What is ``about`` someone whom not all may see there is kept for those who may.

        While nothing can be kept it happens all the same: people come and go on a full disk as well.
        """
        if self.settings.history.enabled and not self.mute_reason:
            self.delivery.keep(message, channel.conversation_of(about) if about else channel.folded)

    # Channels

    def channel(self, name: str) -> Channel:
        """Raise `Refused` with 403 if there is none of that ``name``."""
        channel = self.channels.get(self.fold(name))
        if channel is None:
            raise Refused(ERR_NOSUCHCHANNEL, name)
        return channel

    def create_channel(self, name: str) -> Channel:
        """A new channel. The caller lets somebody in at once: nothing else takes an empty one away."""
        modes = "".join(sorted(self.settings.channels.default_modes))
        return self._add_channel(ChannelState(name, self.now(), modes=modes), has_history=False)

    def part(self, channel: Channel, user: User) -> None:
        """Take ``user`` out."""
        channel.part(user)
        self.keep_presence(user)
        self.close(channel)

    def close(self, channel: Channel) -> None:
        """An empty channel that has nothing to remember ends."""
        if not channel.members and not channel.is_lasting:
            del self.channels[channel.folded]
            for key in self.metadata.of(channel.folded) if not self.mute_reason else ():
                self.delivery.keep_metadata(channel.folded, key, None)
            self.metadata.forget(channel.folded)
            for guest in list(channel.guests):
                channel.uninvite(guest)

    def _add_channel(self, state: ChannelState, has_history: bool) -> Channel:
        channel = Channel(state, self.fold, self.settings.channels.default_modes, has_history)
        self.channels[channel.folded] = channel
        self.expiries.watch_all(channel)
        return channel

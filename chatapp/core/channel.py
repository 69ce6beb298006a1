"""A channel: its topic, modes and lists, who is in it, and how high each of them stands."""

from __future__ import annotations

from chatapp.core.audience import Audience
from chatapp.core.cooldown import Cooldown
from chatapp.core.errors import Refused
from chatapp.core.masks import LIST_MODES, Fold, MaskList
from chatapp.core.member import FOUNDER, HALFOP, OPERATOR, PREFIXES, RANKS, Member, reach
from chatapp.core.ports import ChannelState
from chatapp.core.user import User
from chatapp.irc.numerics import (
    ERR_CHANOPRIVSNEEDED,
    ERR_NOTONCHANNEL,
    ERR_USERNOTINCHANNEL,
)

#: Modes that are there or not.
FLAG_MODES = "CMRUimnstu"
#: Modes with a parameter when they are set: where to go instead, how many, seconds between messages.
VALUE_MODES = "Wfl"
#: Where what only half-operators and higher heard lies in history: before the channel's folded name.
STAFF = PREFIXES["h"]
#: Why someone cannot be acted on by those whom they outrank.
ABOVE_YOU = "This takes a higher standing in the channel than yours"


class Channel:
    """A room. It outlives its members when it has something to remember (see `is_lasting`).

    ``guests`` are those with an invitation; each has the channel among their ``invitations``. ``forward`` is
    where those go who cannot come in, ``slow`` how many seconds one waits between messages (0 for none), and
    ``turns`` when those who wait last spoke, by their ``owner``; ``knocks`` is when somebody knocked.
    """

    __slots__ = (
        "audience",
        "created",
        "default_modes",
        "fold",
        "folded",
        "forward",
        "founder",
        "guests",
        "has_history",
        "key",
        "knocks",
        "limit",
        "lists",
        "members",
        "modes",
        "name",
        "renamed",
        "slow",
        "topic",
        "topic_setter",
        "topic_time",
        "turns",
    )

    def __init__(self, state: ChannelState, fold: Fold, default_modes: str, has_history: bool) -> None:
        self.fold = fold
        self.default_modes = frozenset(default_modes)
        self.name = state.name
        self.folded = fold(state.name)
        self.created = state.created
        self.topic = state.topic
        self.topic_setter = state.topic_setter
        self.topic_time = state.topic_time
        self.modes = set(state.modes)
        self.key = state.key
        self.limit = state.limit
        self.forward = state.forward
        self.slow = state.slow
        self.turns = Cooldown()
        self.renamed = 0
        self.knocks = Cooldown()
        self.lists = {letter: MaskList(state.lists.get(letter, ()), fold) for letter in LIST_MODES}
        self.founder = state.founder
        self.has_history = has_history
        self.members: dict[User, Member] = {}
        self.guests: set[User] = set()
        self.audience = Audience()

    # What a restart must not lose

    @property
    def is_lasting(self) -> bool:
        """Whether there is anything that an empty channel would be missed for."""
        return (
            self.has_history
            or bool(self.founder or self.topic or self.key or self.limit or self.forward or self.slow)
            or any(self.lists.values())
            or self.modes != self.default_modes
        )

    def lasting_state(self) -> ChannelState | None:
        """What the store keeps of this channel; ``None`` if nothing."""
        if not self.is_lasting:
            return None
        lists = {letter: tuple(entries) for letter, entries in self.lists.items() if entries}
        return ChannelState(
            self.name,
            self.created,
            self.topic,
            self.topic_setter,
            self.topic_time,
            "".join(sorted(self.modes)),
            self.key,
            self.limit,
            lists,
            forward=self.forward,
            slow=self.slow,
            founder=self.founder,
        )

    # Coming and going

    def join(self, user: User) -> Member:
        """Let ``user`` in. The first to enter an empty channel becomes its operator.

        A registered channel makes nobody an operator; its founder is that at once.
        """
        member = self.members[user] = Member(self._first_modes(user))
        user.channels[self] = member
        for session in user.sessions:
            self.audience.add(session)
        self.uninvite(user)
        return member

    def is_founder(self, user: User) -> bool:
        """Whether the channel was registered by the account of ``user``."""
        return self.founder != "" and self.founder == user.account

    def _first_modes(self, user: User) -> str:
        if self.founder:
            return "q" if self.is_founder(user) else ""
        return "" if self.members else "o"

    def part(self, user: User) -> None:
        del self.members[user]
        del user.channels[self]
        for session in user.sessions:
            self.audience.remove(session)

    def invite(self, guest: User) -> None:
        """Let ``guest`` come in once where +i, +R, +l or +b would keep them out."""
        self.guests.add(guest)
        guest.invitations.add(self)

    def uninvite(self, guest: User) -> None:
        """The invitation, if there is one, is used up or void."""
        self.guests.discard(guest)
        guest.invitations.discard(self)

    # Who may

    def check_is_member(self, user: User) -> Member:
        member = self.members.get(user)
        if member is None:
            raise Refused(ERR_NOTONCHANNEL, self.name)
        return member

    def check_may_act(self, user: User) -> None:
        """Raise `Refused` with 442 for an outsider; a server operator may act from outside."""
        if not user.may("rooms"):
            self.check_is_member(user)

    def check_is_operator(self, user: User) -> None:
        """Raise `Refused` with 482, also for an outsider; an operator of the server is one everywhere."""
        self._check_rank(user, OPERATOR)

    def check_is_halfop(self, user: User) -> None:
        """As `check_is_operator`, for what half-operators may do too: topic, kicks, lists, voices."""
        self._check_rank(user, HALFOP)

    def check_may_act_on(self, user: User, other: Member) -> None:
        """Raise `Refused` with 482 if ``other`` stands too high for ``user`` to put them out."""
        self._check_reach(user, other.rank)

    def check_may_grant(self, user: User, mode: str) -> None:
        """Raise `Refused` with 482 unless ``user`` may give and take the standing ``mode``."""
        self._check_reach(user, RANKS[mode])

    def rank_of(self, user: User) -> int:
        """How high ``user`` stands here; operators of the server stand as high as anyone."""
        if user.may("rooms"):
            return FOUNDER
        member = self.members.get(user)
        return member.rank if member is not None else 0

    def _check_rank(self, user: User, least: int) -> None:
        if self.rank_of(user) < least:
            raise Refused(ERR_CHANOPRIVSNEEDED, self.name)

    def _check_reach(self, user: User, rank: int) -> None:
        if rank > reach(self.rank_of(user)):
            raise Refused(ERR_CHANOPRIVSNEEDED, self.name, text=ABOVE_YOU)

    def member(self, user: User) -> Member:
        """The standing of ``user``, whom somebody else named; raise `Refused` with 441 if they have none."""
        member = self.members.get(user)
        if member is None:
            raise Refused(ERR_USERNOTINCHANNEL, user.nick, self.name)
        return member

    def is_banned(self, user: User) -> bool:
        lists = self.lists
        return lists["b"].lists(user.source, user.account) and not lists["e"].lists(user.source, user.account)

    def is_muted(self, user: User) -> bool:
        """Whether ``user`` may be here and not speak; who is excepted from bans is from that too."""
        exempt = self.lists["e"]
        return self.lists["b"].lists(user.source, user.account, is_mute=True) and not (
            exempt.lists(user.source, user.account, is_mute=True) or exempt.lists(user.source, user.account)
        )

    # How it is shown

    def mode_params(self, show_key: bool) -> list[str]:
        """The modes as MODE shows them: ``+klnt key 5``; bare ``+`` if there are none."""
        letters = "".join(sorted(self.modes))
        params = []
        for letter, value in (
            ("k", self.key if show_key or not self.key else "*"),
            ("l", str(self.limit or "")),
            ("f", self.forward),
            ("W", str(self.slow or "")),
        ):
            if value:
                letters += letter
                params.append(value)
        return ["+" + letters, *params]

    @property
    def symbol(self) -> str:
        """How NAMES marks it: ``@`` for secret, ``=`` for public."""
        return "@" if "s" in self.modes else "="

    def standing(self, least: int) -> Audience:
        """The sessions of the members who stand at ``least`` that high: those ``@#channel`` reaches."""
        return Audience(
            session
            for user, member in self.members.items()
            if member.rank >= least
            for session in user.sessions
        )

    # An auditorium: who has no standing is seen by themselves and by those who look after the room

    @property
    def is_auditorium(self) -> bool:
        """Whether there is an audience that does not see each other (+u)."""
        return "u" in self.modes

    def is_hidden(self, user: User) -> bool:
        """Whether ``user`` is one of such an audience."""
        if not self.is_auditorium:
            return False
        member = self.members.get(user)
        return member is not None and not member.modes

    def hearers(self, user: User) -> Audience:
        """Those who hear that ``user`` comes, goes or changes; everybody but in an auditorium."""
        if not self.is_hidden(user):
            return self.audience
        audience = self.standing(HALFOP)
        for session in user.sessions:
            audience.add(session)
        return audience

    def conversation_of(self, user: User) -> str:
        """Where history keeps that ``user`` came, went or changed (see `ports.Kept`)."""
        return STAFF + self.folded if self.is_hidden(user) else self.folded

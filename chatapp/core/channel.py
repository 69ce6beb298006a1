"""A channel: its topic, modes and lists, who is in it, who may come in and who may speak."""

from __future__ import annotations

from collections.abc import Callable

from chatapp.core.audience import Audience
from chatapp.core.errors import Refused
from chatapp.core.member import FOUNDER, HALFOP, OPERATOR, RANKS, Member, reach
from chatapp.core.ports import ChannelState, ListEntry
from chatapp.core.user import User
from chatapp.irc.names import matches
from chatapp.irc.numerics import (
    ERR_BADCHANNELKEY,
    ERR_BANNEDFROMCHAN,
    ERR_CANNOTSENDTOCHAN,
    ERR_CHANNELISFULL,
    ERR_CHANOPRIVSNEEDED,
    ERR_INVITEONLYCHAN,
    ERR_NOTONCHANNEL,
    ERR_USERNOTINCHANNEL,
)

#: Modes that keep a list of masks: bans, exceptions to bans, exceptions to +i.
LIST_MODES = "beI"
#: Before a mask in +b: who matches may come in and not speak; in +e: may speak nevertheless (EXTBAN ``m``).
MUTE = "m:"
#: Modes that are there or not.
FLAG_MODES = "Cimnst"

#: Why someone cannot be acted on by those whom they outrank.
ABOVE_YOU = "This takes a higher standing in the channel than yours"

Fold = Callable[[str], str]


class Channel:
    """A room. It outlives its members when it has something to remember (see `is_lasting`).

    ``guests`` are those with an invitation; each has the channel among their ``invitations``.
    """

    __slots__ = (
        "audience",
        "created",
        "default_modes",
        "fold",
        "folded",
        "guests",
        "has_history",
        "key",
        "limit",
        "lists",
        "members",
        "modes",
        "name",
        "topic",
        "topic_setter",
        "topic_time",
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
        self.lists = {letter: list(state.lists.get(letter, ())) for letter in LIST_MODES}
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
            or bool(self.topic or self.key or self.limit or any(self.lists.values()))
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
        )

    # Coming and going

    def join(self, user: User) -> Member:
        """Let ``user`` in. The first to enter an empty channel becomes its operator."""
        member = self.members[user] = Member("" if self.members else "o")
        user.channels[self] = member
        for session in user.sessions:
            self.audience.add(session)
        self.uninvite(user)
        return member

    def part(self, user: User) -> None:
        del self.members[user]
        del user.channels[self]
        for session in user.sessions:
            self.audience.remove(session)

    def invite(self, guest: User) -> None:
        """Let ``guest`` come in once where +i, +l or +b would keep them out."""
        self.guests.add(guest)
        guest.invitations.add(self)

    def uninvite(self, guest: User) -> None:
        """The invitation, if there is one, is used up or void."""
        self.guests.discard(guest)
        guest.invitations.discard(self)

    # Who may

    def check_may_join(self, user: User, key: str) -> None:
        """Raise `Refused` unless ``user`` may come in with ``key``; an invitation passes +i, +l and +b."""
        invited = user in self.guests
        if self.key and key != self.key:
            raise Refused(ERR_BADCHANNELKEY, self.name)
        if invited:
            return
        if "i" in self.modes and not self.is_listed("I", user):
            raise Refused(ERR_INVITEONLYCHAN, self.name)
        if self.is_banned(user):
            raise Refused(ERR_BANNEDFROMCHAN, self.name)
        if self.limit and len(self.members) >= self.limit:
            raise Refused(ERR_CHANNELISFULL, self.name)

    def check_may_speak(self, user: User) -> None:
        """Raise `Refused` unless what ``user`` says would be heard here."""
        member = self.members.get(user)
        if (member is not None and member.has_voice) or user.is_operator:
            return
        if "m" in self.modes:
            raise Refused(
                ERR_CANNOTSENDTOCHAN, self.name, text="Cannot send to channel (+m): only some may speak"
            )
        if member is None and "n" in self.modes:
            raise Refused(
                ERR_CANNOTSENDTOCHAN, self.name, text="Cannot send to channel (+n): you are not in it"
            )
        if self.lists["b"] and self.is_banned(user):
            raise Refused(ERR_CANNOTSENDTOCHAN, self.name, text="Cannot send to channel (+b): you are banned")
        if self.lists["b"] and self.is_muted(user):
            raise Refused(ERR_CANNOTSENDTOCHAN, self.name, text="Cannot send to channel (+b): you are muted")

    def check_is_member(self, user: User) -> Member:
        member = self.members.get(user)
        if member is None:
            raise Refused(ERR_NOTONCHANNEL, self.name)
        return member

    def check_may_act(self, user: User) -> None:
        """Raise `Refused` with 442 for an outsider; a server operator may act from outside."""
        if not user.is_operator:
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
        if user.is_operator:
            return FOUNDER
        member = self.members.get(user)
        return member.rank if member is not None else 0

    def _check_rank(self, user: User, least: int) -> None:
        if self.rank_of(user) < least:
            raise Refused(ERR_CHANOPRIVSNEEDED, self.name)

    def _check_reach(self, user: User, rank: int) -> None:
        own = self.rank_of(user)
        if own < HALFOP:
            raise Refused(ERR_CHANOPRIVSNEEDED, self.name)
        if rank > reach(own):
            raise Refused(ERR_CHANOPRIVSNEEDED, self.name, text=ABOVE_YOU)

    def member(self, user: User) -> Member:
        """The standing of ``user``, whom somebody else named; raise `Refused` with 441 if they have none."""
        member = self.members.get(user)
        if member is None:
            raise Refused(ERR_USERNOTINCHANNEL, user.nick, self.name)
        return member

    def is_banned(self, user: User) -> bool:
        return self.is_listed("b", user) and not self.is_listed("e", user)

    def is_muted(self, user: User) -> bool:
        return self.is_listed("b", user, MUTE) and not (
            self.is_listed("e", user, MUTE) or self.is_listed("e", user)
        )

    def is_listed(self, letter: str, user: User, kind: str = "") -> bool:
        """Whether a mask of the list mode ``letter`` matches ``user``; ``kind`` is `MUTE` for those masks."""
        entries = self.lists[letter]
        if not entries:
            return False
        source = self.fold(user.source)
        folded = (self.fold(entry.mask) for entry in entries)
        # No nick holds a colon, so masks of the other kind match nobody.
        return any(mask.startswith(kind) and matches(mask[len(kind) :], source) for mask in folded)

    # Lists

    def add_mask(self, letter: str, mask: str, setter: str, now: int) -> bool:
        """Enter ``mask`` as given; tell whether it was new, in whatever case."""
        if self._find(letter, mask) is not None:
            return False
        self.lists[letter].append(ListEntry(mask, setter, now))
        return True

    def remove_mask(self, letter: str, mask: str) -> str:
        """Take ``mask`` out, in whatever case; give it back as it was entered, "" if it was not there."""
        entry = self._find(letter, mask)
        if entry is None:
            return ""
        self.lists[letter].remove(entry)
        return entry.mask

    def _find(self, letter: str, mask: str) -> ListEntry | None:
        folded = self.fold(mask)
        return next((entry for entry in self.lists[letter] if self.fold(entry.mask) == folded), None)

    # How it is shown

    def mode_params(self, show_key: bool) -> list[str]:
        """The modes as MODE shows them: ``+klnt key 5``; bare ``+`` if there are none."""
        letters = "".join(sorted(self.modes))
        params = []
        if self.key:
            letters += "k"
            params.append(self.key if show_key else "*")
        if self.limit:
            letters += "l"
            params.append(str(self.limit))
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

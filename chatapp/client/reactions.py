"""Reactions to the messages of a conversation, by message: plain data with bounds (IRCv3 +draft/react)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

#: Different reactions on one message, and people remembered for one reaction.
MOST_KINDS = 24
MOST_VOTES = 1000
#: Messages with reactions in a conversation, and people remembered for all of them together.
MOST_TALLIES = 5000
MOST_VOTES_IN_ALL = 50_000
#: Characters of a reaction; of a longer one this beginning counts.
LONGEST = 64


@dataclass(slots=True)
class Vote:
    """How someone has reacted, last at ``time``; ``is_on`` is false where they took it back."""

    nick: str
    time: float
    is_on: bool


@dataclass(slots=True)
class Tally:
    """The reactions to one message. ``wanted``: our own that the server has not confirmed, on or off."""

    votes: dict[str, dict[str, Vote]] = field(default_factory=dict)
    wanted: dict[str, bool] = field(default_factory=dict)
    version: int = 0

    def is_on(self, reaction: str, folded: str) -> bool:
        """Whether ``folded`` has reacted so."""
        vote = self.votes.get(reaction, {}).get(folded)
        return vote is not None and vote.is_on

    def nicks(self, reaction: str) -> list[str]:
        """Who has reacted so, in the order they did."""
        return [vote.nick for vote in self.votes.get(reaction, {}).values() if vote.is_on]

    def counts(self, own: str) -> list[Count]:
        """What is to be shown, the first reaction first; ``own`` is our folded nick."""
        found = []
        for reaction in [*self.votes, *(kind for kind in self.wanted if kind not in self.votes)]:
            count = sum(vote.is_on for vote in self.votes.get(reaction, {}).values())
            is_own = self.is_on(reaction, own)
            wanted = self.wanted.get(reaction, is_own)
            count += wanted - is_own
            if count > 0 or wanted != is_own:
                found.append(Count(reaction, count, wanted, wanted != is_own))
        return found


@dataclass(slots=True, frozen=True)
class Count:
    """A reaction as it is shown; ``is_waiting``: what we want of it is not confirmed."""

    reaction: str
    count: int
    is_own: bool
    is_waiting: bool = False


class Reactions:
    """The tallies of a conversation by msgid, whether the message is here or not.

    Bounded: where there is too much, the message that was reacted to longest ago loses its reactions, but
    for those of ours that are on their way.
    """

    def __init__(self) -> None:
        self._tallies: OrderedDict[str, Tally] = OrderedDict()
        self._votes = 0

    def __len__(self) -> int:
        return self._votes

    def of(self, msgid: str) -> Tally | None:
        """The reactions to this message, if there are any."""
        return self._tallies.get(msgid) if msgid else None

    def react(self, msgid: str, reaction: str, folded: str, vote: Vote, *, is_own: bool = False) -> bool:
        """Someone has reacted to ``msgid``, or taken that back; false if that changes nothing.

        Lines may come again and in another order, from history: the latest of each person counts. What is
        ``is_own`` has room however many others there are.
        """
        reaction = reaction[:LONGEST]
        tally = self._touch(msgid)
        kinds = tally.votes
        if reaction not in kinds and len(kinds) >= MOST_KINDS and not is_own:
            return False
        people = kinds.setdefault(reaction, {})
        before = people.get(folded)
        if before is None:
            if len(people) >= MOST_VOTES and not is_own:
                return False
            self._votes += 1
        elif before.time > vote.time:
            return False
        people[folded] = vote
        tally.version += 1
        self._trim()
        return before is None or before.is_on != vote.is_on

    def want(self, msgid: str, reaction: str, is_on: bool) -> None:
        """We have asked for a reaction, or to take it back."""
        tally = self._touch(msgid)
        tally.wanted[reaction[:LONGEST]] = is_on
        tally.version += 1

    def settle(self, msgid: str, reaction: str) -> None:
        """What we wanted has happened, or will not."""
        tally = self._tallies.get(msgid)
        if tally is not None and tally.wanted.pop(reaction[:LONGEST], None) is not None:
            tally.version += 1

    def renamed(self, old: str, new: str, nick: str) -> None:
        """Who was ``old`` is ``new`` now, folded, and ``nick`` as they write it."""
        for tally in self._tallies.values():
            for people in tally.votes.values():
                vote = people.pop(old, None)
                if vote is None:
                    continue
                vote.nick = nick
                if new in people:
                    self._votes -= 1
                people[new] = vote
                tally.version += 1

    def forget(self, msgid: str) -> None:
        """The message was deleted, and its reactions with it."""
        tally = self._tallies.pop(msgid, None)
        if tally is not None:
            self._votes -= _size(tally)

    def _touch(self, msgid: str) -> Tally:
        tally = self._tallies.get(msgid)
        if tally is None:
            tally = self._tallies[msgid] = Tally()
        self._tallies.move_to_end(msgid)
        return tally

    def _trim(self) -> None:
        while len(self._tallies) > MOST_TALLIES or self._votes > MOST_VOTES_IN_ALL:
            oldest = next((msgid for msgid, tally in self._tallies.items() if not tally.wanted), None)
            if oldest is None or oldest == next(reversed(self._tallies)):
                return
            self.forget(oldest)


def _size(tally: Tally) -> int:
    return sum(len(people) for people in tally.votes.values())

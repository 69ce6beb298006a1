"""A member of a room as a run sees them, and how `appoint` has each of them listened to."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from gettext import gettext as _

from chatapp.bench.caller import BenchError, Caller
from chatapp.bench.plan import Plan
from chatapp.bench.readers import Checked, Counted, Followed, Reader
from chatapp.bench.sender import Sender
from chatapp.bench.stream import SharedStream
from chatapp.bench.tally import Tally

#: So many members of each worker are read message by message, with delays: in one room, and in many.
_SAMPLED, _SAMPLED_OF_MANY = 3, 10


class Member:
    """A connection in a room, how it is listened to, and the senders who wait for what it hears."""

    __slots__ = ("caller", "number", "reader", "room", "sender", "waiting")

    def __init__(self, caller: Caller, number: int, room: int) -> None:
        self.caller = caller
        self.number = number
        self.room = room
        self.reader: Reader = Counted()
        self.sender: Sender | None = None
        self.waiting: list[Sender] = []

    def fileno(self) -> int:
        """For a selector."""
        return self.caller.fileno()

    @property
    def is_prompt(self) -> bool:
        """Whether it is read as soon as there is something: somebody waits for it, or delays are noted."""
        return bool(self.waiting) or (isinstance(self.reader, Checked) and self.reader.delays is not None)

    def heard(self, sender: int) -> int:
        """How many messages of ``sender`` have come here."""
        return self.reader.heard(sender)

    @property
    def has_echo(self) -> bool:
        """Whether the server agreed to tell it what it has said itself."""
        return "echo-message" in self.caller.caps


def appoint(plan: Plan, members: Sequence[Member]) -> list[SharedStream]:
    """Give each of ``members`` a reader, and each who speaks the witness that tells how its messages get on.

    Returns the streams that the rooms' members share.

    Raises:
        BenchError: Nobody could tell when a message has come.
    """
    rooms: dict[int, list[Member]] = {}
    for member in members:
        rooms.setdefault(member.room, []).append(member)
    listeners = [member for member in members if plan.sender_of(member.number) is None]
    count = _SAMPLED if len(rooms) == 1 else min(_SAMPLED_OF_MANY, len(rooms))
    sampled = spread(listeners or members, max(_SAMPLED, count))
    return [_appoint_room(plan, room, there, sampled) for room, there in rooms.items()]


def _appoint_room(plan: Plan, room: int, members: list[Member], sampled: list[Member]) -> SharedStream:
    senders = plan.senders_of(room)
    stream = SharedStream(Tally(senders))
    hearing = [member for member in members if member.has_echo or plan.sender_of(member.number) is None]
    if not hearing:
        # All speak and none hears itself: two read message by message are the witnesses of all.
        sampled = [*sampled, *members[:2]]
    followers = [member for member in hearing if member not in sampled]
    for member in members:
        own = plan.sender_of(member.number)
        # Where there is nobody to share a stream with, reading it directly costs less.
        if member in sampled or followers == [member]:
            others = (s for s in senders if member.has_echo or s != own)
            member.reader = Checked(Tally(others), array("q") if member in sampled else None)
        elif member in hearing:
            member.reader = Followed(stream, own)
    for member in members:
        own = plan.sender_of(member.number)
        if own is not None:
            witness = member if member.has_echo else _witness_for(member, members)
            member.sender = Sender(plan, own, room, member.caller, witness.heard)
            witness.waiting.append(member.sender)
    return stream


def _witness_for(speaker: Member, members: list[Member]) -> Member:
    """Who of ``members`` tells that what ``speaker`` said has come: one read alone if there is one."""
    others = [member for member in members if member is not speaker]
    for kind in (Checked, Followed):
        for member in others:
            if isinstance(member.reader, kind):
                return member
    raise BenchError(_("a window needs echo-message, or two members for each worker"))


def spread(members: Sequence[Member], count: int) -> list[Member]:
    """``count`` of ``members``, the first and the last among them, the rest evenly between."""
    count = min(count, len(members))
    if count < 2:
        return list(members[:count])
    return [members[place * (len(members) - 1) // (count - 1)] for place in range(count)]

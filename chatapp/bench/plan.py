"""What a run is to do: the rooms, who is in them, who speaks and how fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _

from chatapp.bench.nats import publish_head
from chatapp.bench.text import LEAST_BYTES, MOST_SENDERS
from chatapp.bench.ways import PLAIN, Address, Way

#: A member's nick has five digits.
_MOST_MEMBERS = 100_000


@dataclass(frozen=True, slots=True)
class Plan:
    """Some rooms, alike; ``members`` are in each, and ``senders`` of them speak.

    Members are numbered through all rooms, and so are senders. With ``rate`` (messages a second, all senders
    of all rooms together) senders keep that pace; with 0 each keeps ``window`` messages in flight. It ends
    after ``seconds``, or after ``messages`` if that is not 0. ``patience`` is how many seconds without
    anything new are taken to mean that nothing more will come. Meanwhile ``silent`` connections say nothing
    and ``stalled`` members of the first room read nothing.
    """

    address: Address
    room: str
    prefix: str
    members: int = 100
    senders: int = 10
    window: int = 4
    rate: float = 0
    messages: int = 0
    seconds: float = 10
    caps: tuple[str, ...] = ()
    text_bytes: int = 40
    workers: int = 1
    patience: float = 5
    silent: int = 0
    stalled: int = 0
    rooms: int = 1
    way: Way = PLAIN

    def __post_init__(self) -> None:
        if self.rooms < 1:
            raise ValueError(_("there is at least one room"))
        if not 1 <= self.senders <= self.members:
            raise ValueError(_("there are at least one sender and at most as many as members"))
        if self.all_senders > MOST_SENDERS:
            raise ValueError(_("at most {most} senders").format(most=MOST_SENDERS))
        if self.all_members > _MOST_MEMBERS:
            raise ValueError(_("at most {most} members").format(most=_MOST_MEMBERS))
        if self.text_bytes < LEAST_BYTES:
            raise ValueError(_("a text has at least {least} bytes").format(least=LEAST_BYTES))
        if not 1 <= self.workers <= (self.members if self.rooms == 1 else self.rooms):
            words = _("there are at least one worker and at most as many as members, or rooms")
            raise ValueError(words)

    @property
    def all_members(self) -> int:
        """How many members all rooms have."""
        return self.rooms * self.members

    @property
    def all_senders(self) -> int:
        """How many senders all rooms have."""
        return self.rooms * self.senders

    @property
    def open_seconds(self) -> float:
        """How many seconds connecting may take, and joining: everyone is told of everyone."""
        return 60 + self.all_members / 20

    def members_of(self, worker: int) -> list[int]:
        """The numbers of the members that ``worker`` owns: a share of one room, or whole rooms of many."""
        if self.rooms == 1:
            return list(range(worker, self.members, self.workers))
        rooms = range(worker, self.rooms, self.workers)
        return [room * self.members + place for room in rooms for place in range(self.members)]

    def room_of(self, member: int) -> int:
        """The number of the room that ``member`` is in."""
        return member // self.members

    def room_name(self, room: int) -> str:
        """What room number ``room`` is called."""
        return self.room if self.rooms == 1 else f"{self.room}-{room}"

    def sender_of(self, member: int) -> int | None:
        """The number under which ``member`` speaks, ``None`` for one who only listens."""
        room, place = divmod(member, self.members)
        return room * self.senders + place if place < self.senders else None

    def senders_of(self, room: int) -> range:
        """The numbers of those who speak in ``room``."""
        return range(room * self.senders, (room + 1) * self.senders)

    def heard_by(self, member: int, sent: Mapping[int, int], echo: bool) -> dict[int, int]:
        """What ``member`` should hear of each sender, when each has ``sent`` so many."""
        own = None if echo else self.sender_of(member)
        return {s: sent.get(s, 0) for s in self.senders_of(self.room_of(member)) if s != own}

    def quota(self, sender: int) -> int:
        """How many messages ``sender`` says at most; 0 for no limit."""
        share, over = divmod(self.messages, self.all_senders)
        return share + (sender < over)

    def head(self, room: int) -> bytes:
        """What stands before a text that goes to ``room``."""
        name = self.room_name(room)
        return (
            publish_head(name, self.text_bytes)
            if self.way.protocol == "nats"
            else f"PRIVMSG {name} :".encode()
        )

    def nick(self, member: int) -> str:
        """A member's nick: all of one length, so that their lines are too."""
        return f"{self.prefix}{member:05d}"

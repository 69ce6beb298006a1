"""What a run is to do: the room, who is in it, who speaks and how fast."""

from __future__ import annotations

from dataclasses import dataclass

from chatapp.bench.callers import Address
from chatapp.bench.text import LEAST_BYTES


@dataclass(frozen=True, slots=True)
class Plan:
    """One room, its members and their pace.

    With ``rate`` (messages a second, all senders together) senders keep that pace; with 0 each keeps
    ``window`` messages in flight. It ends after ``seconds``, or after ``messages`` if that is not 0.
    ``patience`` is how many seconds without anything new are taken to mean that nothing more will come.
    Meanwhile ``silent`` connections say nothing and ``stalled`` members of the room read nothing.
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

    def __post_init__(self) -> None:
        if not 1 <= self.senders <= self.members:
            raise ValueError("there are at least one sender and at most as many as members")
        if self.senders > 9999:
            raise ValueError("at most 9999 senders")
        if self.text_bytes < LEAST_BYTES:
            raise ValueError(f"a text has at least {LEAST_BYTES} bytes")
        if not 1 <= self.workers <= self.members:
            raise ValueError("there are at least one worker and at most as many as members")

    def members_of(self, worker: int) -> range:
        """The numbers of the members that ``worker`` owns; those below ``senders`` speak."""
        return range(worker, self.members, self.workers)

    def quota(self, sender: int) -> int:
        """How many messages ``sender`` says at most; 0 for no limit."""
        share, over = divmod(self.messages, self.senders)
        return share + (sender < over)

    def nick(self, member: int) -> str:
        """A member's nick: all of one length, so that their lines are too."""
        return f"{self.prefix}{member:05d}"

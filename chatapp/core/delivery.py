"""The hot path: what is said in one tick is kept once, encoded once per dialect, and sent in one write.

Nothing a tick sends leaves before all it says is kept (see `chatapp.server.pump`), so nobody hears what a
restart could lose, an echo is an acknowledgement, and replies keep their place in line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chatapp.core.account import Account
from chatapp.core.audience import APART, Audience, Group
from chatapp.core.channel import Channel
from chatapp.core.message import Message
from chatapp.core.ports import AuditEntry, Changes, ChannelState, Kept, Redaction, Renamed, ServerBan, Wire
from chatapp.core.session import Session
from chatapp.core.vitals import Vitals


class Tick(NamedTuple):
    """What happened between two beats: first to keep, then to write, then to close."""

    changes: Changes
    writes: list[tuple[Wire, bytes]]
    closings: list[Wire]

    def release(self) -> None:
        """Let everything out. Call it once ``changes`` are kept."""
        for wire, data in self.writes:
            wire.write(data)
        for wire in self.closings:
            wire.close()


class Delivery:
    """Collects the present tick. ``wake`` is called when its first thing comes in.

    ``bytes_to_groups`` is how much of it goes to those who hear together, to all of them taken together.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.vitals = Vitals()
        self.bytes_to_groups = 0
        self._wake = wake
        self._awake = False
        self._kept: list[Kept] = []
        self._channels: dict[Channel, None] = {}
        self._accounts: dict[str, Account] = {}
        self._renames: list[Renamed] = []
        self._redactions: list[Redaction] = []
        self._markers: dict[tuple[str, str], int | None] = {}
        self._metadata: dict[tuple[str, str], str | None] = {}
        self._bans: dict[str, ServerBan | None] = {}
        self._audit: list[AuditEntry] = []
        self._groups: list[Group] = []
        self._sessions: list[Session] = []
        self._closing: list[Session] = []

    @property
    def waiting(self) -> int:
        """How many messages the present tick wants kept."""
        return len(self._kept)

    def keep(self, message: Message, conversation: str) -> None:
        """Have ``message`` in the history of ``conversation`` before anything of this tick is heard."""
        self._kept.append(Kept(conversation, message))
        if not self._awake:
            self._stir()

    def keep_channel(self, channel: Channel) -> None:
        """Have ``channel`` as it is at the end of this tick survive a restart."""
        self._channels[channel] = None
        if not self._awake:
            self._stir()

    def keep_account(self, account: Account) -> None:
        """Have ``account`` as it is at the end of this tick survive a restart."""
        self._accounts[account.folded] = account
        if not self._awake:
            self._stir()

    def keep_marker(self, owner: str, target: str, stamp: int | None) -> None:
        """Have it survive a restart how far ``owner`` has read ``target``; ``None`` forgets it."""
        self._markers[owner, target] = stamp
        if not self._awake:
            self._stir()

    def keep_metadata(self, holder: str, key: str, value: str | None) -> None:
        """Have a value of ``holder`` survive a restart; ``None`` forgets it."""
        self._metadata[holder, key] = value
        if not self._awake:
            self._stir()

    def keep_ban(self, folded: str, ban: ServerBan | None) -> None:
        """Have the ban of the mask ``folded`` survive a restart; ``None`` forgets it."""
        self._bans[folded] = ban
        if not self._awake:
            self._stir()

    def keep_audit(self, entry: AuditEntry) -> None:
        """Have it known later what an operator of the server did."""
        self._audit.append(entry)
        if not self._awake:
            self._stir()

    def redact(self, redaction: Redaction) -> None:
        """Have a message that was kept, in this tick or before, be there no more."""
        self._redactions.append(redaction)
        if not self._awake:
            self._stir()

    def move(self, old: str, new: str) -> None:
        """Keep under the folded name ``new`` all that is and was kept under ``old``, also in this tick."""
        self._renames.append(Renamed(old, new))
        self._kept = [Kept(new, said) if key == old else Kept(key, said) for key, said in self._kept]
        self._redactions = [
            each._replace(keys=tuple(new if key == old else key for key in each.keys))
            for each in self._redactions
        ]
        for owner, target in [place for place in self._markers if place[1] == old]:
            self._markers[owner, new] = self._markers.pop((owner, target))
        for holder, name in [place for place in self._metadata if place[0] == old]:
            self._metadata[new, name] = self._metadata.pop((holder, name))
        if not self._awake:
            self._stir()

    def tell(self, message: Message, audience: Audience, but: Session | None = None) -> None:
        """Let ``audience`` hear ``message``, all save ``but``."""
        for group in audience.groups():
            data = group.dialect.encode(message)
            if not data:
                continue
            if not group.lines:
                group.gather()
                self._groups.append(group)
            if but is not None and but.follows is group:
                group.part(but)
            group.lines.append(data)
            self.bytes_to_groups += len(data) * len(group.sessions)
            for outbox in group.apart.values():
                outbox.append(data)
            if but is not None and but in group.apart:
                but.outbox.pop()
        if not self._awake:
            self._stir()

    def relay(self, message: Message, session: Session, more_tags: str = "") -> None:
        """Let one session hear ``message``; ``more_tags`` as in `Dialect.encode`."""
        self.put(session, session.dialect.encode(message, more_tags))

    def send(self, session: Session, body: str, tags: str = "") -> None:
        """Let one session hear a line of the server's own."""
        self.put(session, session.wrap(tags, body))

    def put(self, session: Session, data: bytes) -> None:
        """Let one session have ``data`` as it is, behind all that it was told."""
        if not data:
            return
        if session.follows is None:
            session.follows = APART
            self._sessions.append(session)
            if not self._awake:
                self._stir()
        elif session.follows is not APART:
            session.follows.part(session)
        session.outbox.append(data)

    def close(self, session: Session) -> None:
        """End ``session`` when all that it was told in this tick has gone out."""
        self._closing.append(session)
        if not self._awake:
            self._stir()

    def cut(self) -> Tick:
        """End the tick and hand over all that is in it."""
        changes = Changes(
            self._kept,
            self._channel_states(),
            {folded: account.state() for folded, account in self._accounts.items()},
            self._renames,
            self._redactions,
            self._markers,
            self._metadata,
            self._bans,
            self._audit,
        )
        writes = self._writes()
        closings = [session.wire for session in self._closing]
        self._kept, self._renames, self._redactions = [], [], []
        self._markers, self._metadata = {}, {}
        self._channels.clear()
        self._accounts.clear()
        self._bans, self._audit = {}, []
        self._groups.clear()
        self._sessions.clear()
        self._closing.clear()
        self.bytes_to_groups = 0
        self._awake = False
        return Tick(changes, writes, closings)

    def _writes(self) -> list[tuple[Wire, bytes]]:
        """What each session hears in this tick, which ends for all of them."""
        writes: list[tuple[Wire, bytes]] = []
        delivered = 0
        for group in self._groups:
            if len(group.apart) < len(group.sessions):
                data = b"".join(group.lines)
                others = len(writes)
                for session in group.sessions:
                    if session.follows is group:
                        session.follows = None
                        writes.append((session.wire, data))
                delivered += len(group.lines) * (len(writes) - others)
            self._sessions += group.parted
            group.lines.clear()
            group.apart.clear()
            group.parted.clear()
        for session in self._sessions:
            session.follows = None
            if session.outbox:
                writes.append((session.wire, b"".join(session.outbox)))
                delivered += len(session.outbox)
                session.outbox.clear()
        self.vitals.deliveries += delivered
        return writes

    def _channel_states(self) -> dict[str, ChannelState | None]:
        states: dict[str, ChannelState | None] = dict.fromkeys(old for old, _new in self._renames)
        for channel in self._channels:
            states[channel.folded] = channel.lasting_state()
        return states

    def _stir(self) -> None:
        self._awake = True
        self._wake()

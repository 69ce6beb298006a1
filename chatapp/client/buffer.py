"""A buffer: one conversation of the client, its entries in the server's order, its members and its counts.

The entries of a buffer are, from old to new: what the server has told (each once, in the server's order, with
words of the client between them), then own messages that the server has not confirmed yet. Texts, nicks and
topics are kept as they came; who shows them makes them safe (`chatapp.irc.visible`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from chatapp.client.reactions import Reactions
from chatapp.client.redaction import Deletion, Deletions
from chatapp.client.typists import Typists

#: Entries a buffer holds, some 12 MB; beyond it the oldest tenth is dropped (and can be loaded again).
MAX_ENTRIES = 32_000
#: Members a buffer holds at most, whatever the server says.
MAX_MEMBERS = 50_000

#: What the id of a message begins with if the server gave none and we made one up.
MADE_UP = " "

_keys = itertools.count(1)


def next_key() -> int:
    """A key for an entry that no other has."""
    return next(_keys)


class EntryKind(Enum):
    """What an entry tells. EVENT: joins, topics, renames; INFO, ERROR: words of the client or server.

    GAP: here messages are missing that were not loaded.
    """

    MESSAGE = auto()
    ACTION = auto()
    NOTICE = auto()
    EVENT = auto()
    INFO = auto()
    ERROR = auto()
    GAP = auto()


class EntryState(Enum):
    """How far an own message has come. WAITING: in the outbox; SENDING: on the wire, no echo yet."""

    RECEIVED = auto()
    SENDING = auto()
    WAITING = auto()
    SENT = auto()
    FAILED = auto()


class BufferKind(Enum):
    """Whom a buffer is a conversation with."""

    SERVER = auto()
    CHANNEL = auto()
    DIRECT = auto()


SAID = frozenset({EntryKind.MESSAGE, EntryKind.ACTION, EntryKind.NOTICE})


@dataclass(slots=True, eq=False)
class Entry:
    """One row of a conversation. ``time`` is in seconds since 1970; ``key`` never changes, ``version`` rises.

    ``place`` is said where entries of several conversations stand together, else "".
    ``reply_to`` is the msgid that it answers, ``deletion`` says who deleted it: then it has no text any more.
    ``nonce`` is the word of its own that it was written with, "" for none.
    ``epoch`` is the number of the connection that told of it live, 0 for what came from history or from here.
    """

    kind: EntryKind
    time: float
    text: str
    nick: str = ""
    msgid: str = ""
    own: bool = False
    state: EntryState = EntryState.RECEIVED
    mention: bool = False
    epoch: int = 0
    version: int = 0
    place: str = ""
    reply_to: str = ""
    nonce: str = ""
    deletion: Deletion | None = None
    key: int = field(default_factory=next_key)


class Mark(NamedTuple):
    """A place in the server's history: the message that is there, and when it was said."""

    msgid: str
    time: float


@dataclass(slots=True)
class Island:
    """A piece of history above the rest, from ``oldest`` to ``newest``; the entry ``gap`` is below it.

    ``can_fill`` is false once the server has refused to tell what lies between.
    """

    gap: Entry
    oldest: Mark
    newest: Mark
    can_fill: bool = True


@dataclass(slots=True)
class Member:
    """A user in a channel; ``prefixes`` like ``@+``, highest first."""

    nick: str
    prefixes: str = ""
    away: bool = False


class Buffer:
    """A conversation. Only the session changes it; the screen writes ``draft``, ``picked``
    and ``is_cleared`` alone.

    ``read_up_to`` is the key of the entry after which the unread line stands, 0 for no line. ``is_joining``
    is true between asking to join and the answer. ``is_behind``: something is missing before what was heard
    last. ``oldest`` is how far back the server's history was read,
    ``is_whole`` that there was nothing before. ``is_cleared``: emptied by the person, who has not looked back
    since. ``picked`` is the key of the message that the person has picked, 0 for none, ``replying_to`` the
    msgid that their next words answer, and ``typing`` who is writing. ``read_until`` (seconds since 1970) is
    the time of the newest message that was read here or on another device. ``quoted`` has messages that are
    not here, since others answer them; ``None`` for one that was asked for. ``merged`` is how often
    history was put among the entries, ``shed`` how often the oldest were let go: what was asked for before
    that, to stand next to them, has no place here any more.
    """

    def __init__(self, name: str, kind: BufferKind, touched: Callable[[], None] = lambda: None) -> None:
        self.name = name
        self.kind = kind
        self.topic = ""
        self.members: dict[str, Member] = {}
        self.entries: list[Entry] = []
        self.version = 0
        self.unread = 0
        self.mentions = 0
        self.read_up_to = 0
        self.draft = ""
        self.has_older = False
        self.is_whole = False
        self.is_cleared = False
        self.merged = self.shed = 0
        self.is_loading = self.is_behind = False
        self.joined = False
        self.is_joining = False
        self.oldest: Mark | None = None
        self.island: Island | None = None
        self.picked = 0
        self.replying_to = ""
        self.read_until = 0.0
        self.typing = Typists()
        self.quoted: dict[str, Entry | None] = {}
        self.reactions = Reactions()
        self.deletions = Deletions()
        self._touched = touched
        self._by_msgid: dict[str, Entry] = {}
        self._unconfirmed = 0

    def __repr__(self) -> str:
        return f"<Buffer {self.name} {len(self.entries)}>"

    def touch(self) -> None:
        """Say that something here has changed."""
        self.version += 1
        self._touched()

    def known(self, msgid: str) -> Entry | None:
        """The entry with this msgid, if it is here."""
        return self._by_msgid.get(msgid) if msgid else None

    def add(self, entry: Entry) -> bool:
        """Put ``entry`` at the new end of what the server told; false if its msgid is here already."""
        if self.known(entry.msgid):
            return False
        self._insert(len(self.entries) - self._unconfirmed, entry)
        if entry.msgid and self.oldest is None:
            self.oldest = Mark(entry.msgid, entry.time)
        self._trim()
        self.touch()
        return True

    def add_unconfirmed(self, entry: Entry) -> None:
        """Put an own message, not confirmed yet, after everything else."""
        self.entries.append(entry)
        self._unconfirmed += 1
        self.touch()

    def set_state(self, entry: Entry, state: EntryState) -> None:
        """Change the state of an own message that stays where it is: WAITING and SENDING."""
        entry.state = state
        entry.version += 1
        self.touch()

    def with_key(self, key: int) -> Entry | None:
        """The entry with this key, if it is here; the newest are looked at first."""
        return next((entry for entry in reversed(self.entries) if entry.key == key), None) if key else None

    def divide(self, entry: Entry, entries: list[Entry]) -> None:
        """Put ``entries`` in the place of an own message that is not confirmed yet."""
        at = self._position(entry)
        self.entries[at : at + 1] = entries
        self._unconfirmed += len(entries) - 1
        self.touch()

    def delete(self, msgid: str, deletion: Deletion) -> None:
        """The message with this msgid is deleted: its text is gone, here or whenever it comes."""
        self.deletions.add(msgid, deletion)
        self.reactions.forget(msgid)
        for entry in (self.known(msgid), self.quoted.get(msgid)):
            if entry is not None and entry.deletion is None:
                wipe(entry, deletion)
        self.touch()

    def confirm(self, entry: Entry, msgid: str, time: float, epoch: int) -> None:
        """The server has taken ``entry``, just now: it gets its place at the new end, and its msgid."""
        self.withdraw(entry)
        known = self.known(msgid)
        if known is not None:
            self.set_state(known, EntryState.SENT)
            return
        self._settle(entry, msgid, time)
        entry.epoch = epoch
        self.add(entry)

    def fail(self, entry: Entry) -> None:
        """``entry`` did not arrive: it stays, above what still waits."""
        self.withdraw(entry)
        entry.state = EntryState.FAILED
        entry.version += 1
        self.add(entry)

    def withdraw(self, entry: Entry) -> None:
        """Take an own message out again."""
        at = self._position(entry)
        if at < 0:
            return
        if at >= len(self.entries) - self._unconfirmed:
            self._unconfirmed -= 1
        del self.entries[at]
        self.touch()

    def merge(
        self,
        page: Iterable[Entry],
        after: Entry | None,
        claim: Callable[[Entry], Entry | None] = lambda _: None,
    ) -> list[Entry]:
        """Put a page of history, oldest first, in its place behind ``after`` (``None``: at the old end).

        What is known by its msgid stays where it is and what follows it on the page goes behind it. ``claim``
        may give back an own entry that a message of the page turns out to be. Gives back what was new.
        """
        at = 0 if after is None else self._position(after) + 1
        fresh = []
        for entry in page:
            known = self.known(entry.msgid)
            if known is not None:
                found = self._position(known, at)
                at = found + 1 if found >= 0 else at
                continue
            own = claim(entry)
            if own is not None:
                if (mine := self._position(own)) < at and mine >= 0:
                    at -= 1
                self.withdraw(own)
                self._settle(own, entry.msgid, entry.time)
                entry = own
            at = self._skip_local(at, entry.time)
            self._insert(at, entry)
            at += 1
            fresh.append(entry)
        if fresh:
            self.merged += 1
            self._trim()
            self.touch()
        return fresh

    def drop_island(self) -> None:
        """Forget what stands above the gap, and the gap."""
        if self.island is None:
            return
        end = self._position(self.island.gap) + 1
        for entry in self.entries[:end]:
            self._by_msgid.pop(entry.msgid, None)
        del self.entries[:end]
        self.island = None
        self.has_older, self.is_whole = True, False
        self.touch()

    def clear(self) -> None:
        """Forget what is shown, but for own messages on their way; history can bring it back."""
        self.island = None
        keep = self.entries[len(self.entries) - self._unconfirmed :]
        self.entries[:] = keep
        self._by_msgid.clear()
        self.oldest = None
        self.shed += 1
        self.is_cleared = True
        self.touch()

    def count(self, entry: Entry) -> None:
        """Count ``entry`` as unread, and as a mention if it is one."""
        if not self.unread and not self.read_up_to:
            at = self._position(entry)
            self.read_up_to = self.entries[at - 1].key if at > 0 else 0
        self.unread += 1
        self.mentions += entry.mention

    def _settle(self, entry: Entry, msgid: str, time: float) -> None:
        entry.msgid = msgid
        entry.time = time
        entry.state = EntryState.SENT
        entry.version += 1

    def _insert(self, at: int, entry: Entry) -> None:
        self.entries.insert(at, entry)
        if entry.msgid:
            self._by_msgid[entry.msgid] = entry
            deletion = self.deletions.of(entry.msgid)
            if deletion is not None:
                wipe(entry, deletion)

    def _position(self, entry: Entry, start: int = 0) -> int:
        """Where ``entry`` stands, from ``start`` on, -1 for nowhere. Most stand near the new end."""
        entries = self.entries
        first = len(entries) - self._unconfirmed
        if first < len(entries) and entries[first] is entry:
            return first
        if start == 0:
            for at in range(len(entries) - 1, -1, -1):
                if entries[at] is entry:
                    return at
            return -1
        for at in range(start, len(entries)):
            if entries[at] is entry:
                return at
        return -1

    def _skip_local(self, at: int, time: float) -> int:
        """Past what history does not have, words of ours and what was deleted, if not newer than ``time``."""
        end = len(self.entries) - self._unconfirmed
        while at < end and (entry := self.entries[at]).time <= time:
            is_deleted = entry.deletion is not None and entry.kind in SAID
            if entry.msgid and not is_deleted:
                break
            at += 1
        return at

    def _trim(self) -> None:
        if len(self.entries) <= MAX_ENTRIES:
            return
        self.drop_island()
        gone = min(MAX_ENTRIES // 10, len(self.entries) - self._unconfirmed)
        for entry in self.entries[:gone]:
            self._by_msgid.pop(entry.msgid, None)
        del self.entries[:gone]
        told = next((entry for entry in self.entries if entry.msgid), None)
        self.oldest = Mark(told.msgid, told.time) if told else None
        self.shed += 1
        self.has_older = True
        self.is_whole = False


def wipe(entry: Entry, deletion: Deletion) -> None:
    """Leave of a message nothing but that it was there, and who deleted it."""
    entry.text = ""
    entry.mention = False
    entry.deletion = deletion
    entry.version += 1

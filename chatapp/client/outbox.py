"""The outbox: own messages from the moment they were typed until the server has confirmed them.

Nothing typed is lost and nothing is sent twice. A message is *queued*, then *written* with a label, then
confirmed by its echo. When the connection is cut, what was written without an echo is *uncertain*: perhaps
the server took it, perhaps not. Until the history of its room has told (`chatapp.client.catchup`), neither
it nor anything typed after it in that room is sent. What history shows is confirmed; the rest is queued
again.

What remains uncertain for good: a line that lies unread at the server when we read history, and is read
afterwards. So we end a connection by a reset, which lets nothing follow, and a message that comes late over
the old connection is known again as long as it was not repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import islice
from math import inf

from chatapp.client.buffer import Buffer, Entry, EntryKind, EntryState, next_key

#: How many messages may be on their way without an echo; the rest of a long paste waits its turn.
WINDOW = 20


class Stage(Enum):
    """How far the sending of an own message has come."""

    QUEUED = auto()
    WRITTEN = auto()
    UNCERTAIN = auto()


@dataclass(slots=True, eq=False)
class Pending:
    """An own message without confirmation. ``nick`` is who we were when it was written.

    ``target`` is what its conversation was called then.
    """

    buffer: Buffer
    entry: Entry
    stage: Stage = Stage.QUEUED
    label: str = ""
    nick: str = ""
    target: str = ""


class Outbox:
    """Own messages without confirmation, in the order they were typed."""

    def __init__(self) -> None:
        self._pending: dict[Buffer, list[Pending]] = {}
        self._by_label: dict[str, Pending] = {}
        #: Called when something is put in, or needs no more care.
        self.on_change: Callable[[], None] = lambda: None
        #: Called before some of it is written.
        self.on_write: Callable[[], None] = lambda: None

    def __iter__(self) -> Iterator[Pending]:
        return (pending for queue in self._pending.values() for pending in queue)

    def put(self, buffer: Buffer, entry: Entry) -> None:
        """Take in a message that was just typed."""
        self._pending.setdefault(buffer, []).append(Pending(buffer, entry))
        buffer.add_unconfirmed(entry)
        self.on_change()

    def unsent(self, since: float = -inf) -> int:
        """How many messages may be missing there: not written, or typed before ``since`` and not echoed."""
        return sum(pending.stage is not Stage.WRITTEN or pending.entry.time < since for pending in self)

    def is_uncertain(self, buffer: Buffer) -> bool:
        """Whether it is not known of a message here if the server has it. Such are the first of the queue."""
        queue = self._pending.get(buffer, [])
        return queue != [] and queue[0].stage is Stage.UNCERTAIN

    def sendable(self, may_send: Callable[[Buffer], bool], window: int = WINDOW) -> list[Pending]:
        """What is to be written now: the first of each room that ``may_send``, ``window`` in all."""
        room = window - len(self._by_label)
        found: list[Pending] = []
        for buffer, queue in self._pending.items():
            if len(found) >= room:
                break
            if may_send(buffer) and not self.is_uncertain(buffer):
                queued = (pending for pending in queue if pending.stage is Stage.QUEUED)
                found += islice(queued, room - len(found))
        return found

    def wrote(self, pending: Pending, label: str, nick: str) -> None:
        """``pending`` is on the wire, with ``label`` or "" where the server knows none."""
        pending.stage = Stage.WRITTEN
        pending.label = label
        pending.nick = nick
        pending.target = pending.buffer.name
        if label:
            self._by_label[label] = pending
        pending.buffer.set_state(pending.entry, EntryState.SENDING)

    def labelled(self, label: str) -> Pending | None:
        """The message that was written with ``label``."""
        return self._by_label.get(label)

    def divide(self, pending: Pending, texts: Sequence[str]) -> None:
        """Let several messages stand for one that was not written yet and is too long to be."""
        entry = pending.entry
        entries = [replace(entry, text=text, key=next_key()) for text in texts]
        queue = self._pending[pending.buffer]
        at = queue.index(pending)
        queue[at : at + 1] = [Pending(pending.buffer, each) for each in entries]
        pending.buffer.divide(entry, entries)

    def echoed(self, buffer: Buffer, kind: EntryKind, text: str) -> Pending | None:
        """The message that an echo without a label is of: the first written one with the same text."""
        for pending in self._pending.get(buffer, ()):
            if pending.stage is Stage.WRITTEN and not pending.label and _is(pending.entry, kind, text):
                return pending
        return None

    def first_written(self, buffer: Buffer | None, *, in_batch: bool = False) -> Pending | None:
        """The oldest message here that waits for an echo without a label: whom an error is about.

        Without ``buffer`` one anywhere; ``in_batch``: one of several lines.
        """
        queue = self if buffer is None else self._pending.get(buffer, ())
        found = (p for p in queue if p.stage is Stage.WRITTEN and not p.label)
        return next((p for p in found if "\n" in p.entry.text or not in_batch), None)

    def meant(
        self, buffer: Buffer, entry: Entry, is_nick: Callable[[str], bool], *, by_line: bool
    ) -> Pending | None:
        """The message of ours that ``entry``, which was said by somebody, turns out to be.

        With a word of its own it is the one that was written with it; else it is another device's, and nobody
        else speaks as us by repeating the word. Without one the server may keep none: it is the first
        uncertain one of the same text, if one of our nicks has said it.

        The server took what we wrote in order, so those before it can only have been refused: but since a
        refusal is rare and a lost message is worse, they stay uncertain. ``by_line``: what has several lines
        is told line by line here, and known by its first.
        """
        for pending in self._pending.get(buffer, ()):
            if entry.nonce:
                is_it = pending.entry.nonce == entry.nonce and (entry.own or is_nick(pending.nick))
            else:
                whole = pending.entry.text
                text = whole.partition("\n")[0] if by_line else whole
                is_it = pending.stage is Stage.UNCERTAIN and _is(entry, pending.entry.kind, text)
                is_it = is_it and is_nick(pending.nick)
            if is_it:
                return pending
        return None

    def put_back(self, pending: Pending) -> bool:
        """Have what was refused written once more if its room was renamed meanwhile; whether that is so."""
        if pending.stage is not Stage.WRITTEN or pending.target == pending.buffer.name:
            return False
        self._by_label.pop(pending.label, None)
        pending.stage, pending.label = Stage.QUEUED, ""
        return True

    def settle(self, pending: Pending) -> None:
        """``pending`` needs no more care: it was confirmed, or has failed."""
        self._by_label.pop(pending.label, None)
        queue = self._pending.get(pending.buffer, [])
        if pending in queue:
            queue.remove(pending)
        if not queue:
            self._pending.pop(pending.buffer, None)
        self.on_change()

    def cut(self) -> None:
        """The connection has ended: what was written is uncertain, and everything waits."""
        self._by_label.clear()
        for pending in self:
            if pending.stage is Stage.WRITTEN:
                pending.stage = Stage.UNCERTAIN
            pending.label = ""
            if pending.entry.state is not EntryState.WAITING:
                pending.buffer.set_state(pending.entry, EntryState.WAITING)

    def absent(self, buffer: Buffer) -> None:
        """History has shown that the uncertain messages here never arrived: send them."""
        for pending in self._pending.get(buffer, ()):
            if pending.stage is Stage.UNCERTAIN:
                pending.stage = Stage.QUEUED

    def of(self, buffer: Buffer, *stages: Stage) -> list[Pending]:
        """The messages of ``buffer`` at ``stages``, oldest first."""
        return [pending for pending in self._pending.get(buffer, ()) if pending.stage in stages]


def _is(entry: Entry, kind: EntryKind, text: str) -> bool:
    return entry.kind is kind and entry.text == text

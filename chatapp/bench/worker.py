"""One worker: its share of a room's members, read in bulk, and its senders, kept going."""

from __future__ import annotations

import gc
import re
import time
from array import array
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from selectors import BaseSelector

from chatapp.bench.callers import (
    BenchError,
    Caller,
    allow_many_files,
    close_all,
    join_all,
    open_callers,
    receive,
    watching,
)
from chatapp.bench.plan import Plan
from chatapp.bench.readers import Checked, Counted, Followed, Reader, Verdict
from chatapp.bench.sender import Sender
from chatapp.bench.stream import SharedStream
from chatapp.bench.tally import Tally
from chatapp.bench.text import clock

_BUFFER_BYTES = 1 << 20
#: Members of each worker that are read message by message, with delays.
_SAMPLED = 3
#: Members that may leave the shared stream and still be checked; more are only counted.
_MOST_CHECKED = 16
_PING = re.compile(rb"^(?::\S+ )?PING ([^\r\n]*)\r?\n", re.MULTILINE)
#: The shared stream is shortened when it holds more than this.
_FORGET_BYTES = 4 << 20


@dataclass(slots=True)
class Outcome:
    """What one worker's members have heard. ``began`` and ``ended`` are microseconds of `text.clock`."""

    verdict: Verdict = field(default_factory=Verdict)
    delays: array[int] = field(default_factory=lambda: array("q"))
    began: int = 0
    ended: int = 0
    followed: int = 0
    departed: int = 0
    checked: int = 0
    counted: int = 0
    cpu_seconds: float = 0


class Member:
    """A connection in the room and how it is listened to."""

    __slots__ = ("caller", "number", "reader", "sender")

    def __init__(self, caller: Caller, number: int) -> None:
        self.caller = caller
        self.number = number
        self.reader: Reader = Counted()
        self.sender: Sender | None = None

    def fileno(self) -> int:
        """For a selector."""
        return self.caller.fileno()

    def heard(self, sender: int) -> int:
        """How many messages of ``sender`` have come here."""
        return self.reader.heard(sender)


class Worker:
    """The phases of a run, called one after the other: open, settle, speak, finish."""

    def __init__(self, plan: Plan, index: int) -> None:
        self._plan = plan
        self._numbers = plan.members_of(index)
        self._members: list[Member] = []
        #: Those whom a sender waits for: the network is read for them first.
        self._leaders: set[Member] = set()
        self._senders: list[Sender] = []
        self._buffer = bytearray(_BUFFER_BYTES)
        self._ended = self._began = self._departed = 0
        self._stream = SharedStream(Tally(range(plan.senders)))

    def open(self) -> frozenset[str]:
        """Connect, register and join; return the capabilities that the server agreed to."""
        allow_many_files()
        callers = open_callers(
            self._plan.address, [self._plan.nick(n) for n in self._numbers], self._plan.caps
        )
        self._members = [Member(caller, n) for n, caller in zip(self._numbers, callers, strict=True)]
        join_all(callers, self._plan.room)
        return callers[0].caps

    def settle(self, quiet: float = 0.3, seconds: float = 30) -> None:
        """Throw away what comes until nothing has come for ``quiet`` seconds; then appoint the readers."""
        until = time.monotonic() + seconds
        with self._watching() as selector:
            while events := selector.select(quiet):
                if time.monotonic() > until:
                    raise BenchError("the server does not come to rest after everyone has joined")
                for key, _ in events:
                    count = receive(key.data.caller, self._buffer)
                    if b"PING" in self._buffer[:count]:
                        key.data.caller.hear(bytes(self._buffer[:count]))
        self._appoint()
        gc.collect()
        gc.freeze()

    def _appoint(self) -> None:
        """Give each member a reader, and each sender the one that tells how its messages get on."""
        plan = self._plan
        echo = "echo-message" in self._members[0].caller.caps
        listeners = [m for m in self._members if m.number >= plan.senders]
        sampled = _spread(listeners or self._members, _SAMPLED)
        for member in self._members:
            speaks = member.number < plan.senders
            if member in sampled:
                others = (s for s in range(plan.senders) if echo or s != member.number)
                member.reader = Checked(Tally(others), array("q"))
            elif echo or not speaks:
                member.reader = Followed(self._stream, member.number if speaks else None)
        for member in self._members:
            if member.number < plan.senders:
                witness = member if echo else next((m for m in sampled if m is not member), None)
                if witness is None:
                    raise BenchError("a window needs echo-message, or two members for each worker")
                self._leaders.add(witness)
                member.sender = Sender(plan, member.number, member.caller, witness.heard)
                self._senders.append(member.sender)

    def speak(self) -> dict[int, int]:
        """Have the senders speak and everyone listen; return how many messages each sender has sent."""
        plan = self._plan
        cpu = time.process_time()
        self._began = self._ended = clock()
        stop = self._began + int(plan.seconds * 1_000_000)
        share = len(self._senders) / plan.senders
        leaders = set() if plan.rate else self._leaders
        with self._watching() as selector:
            while (now := clock()) < stop or plan.messages:
                if plan.rate:
                    due = int((min(now, stop) - self._began) * plan.rate * share / 1_000_000)
                    self._keep_pace(due, now)
                else:
                    for sender in self._senders:
                        sender.fill_window(now)
                if all(sender.is_done for sender in self._senders):
                    break
                if not self._turn(selector, 0.001 if plan.rate else 0.5, leaders) and self._is_stuck():
                    break
        self._cpu = time.process_time() - cpu
        return {sender.number: sender.sent for sender in self._senders}

    def _keep_pace(self, due: int, now: int) -> None:
        """Bring the number of messages sent to ``due``, the senders taking turns."""
        missing = due - sum(sender.sent for sender in self._senders)
        for _ in range(missing):
            min(self._senders, key=lambda sender: sender.sent).send(1, now)

    def _turn(self, selector: BaseSelector, timeout: float, leaders: set[Member]) -> bool:
        """Read once from whomever the network has something for; first those whose senders wait for it."""
        events = selector.select(timeout)
        if not events:
            return False
        members: Sequence[Member] = [key.data for key, _ in events]
        if leaders:
            late = []
            for member in members:
                if member in leaders:
                    self._read(member)
                else:
                    late.append(member)
            now = clock()
            for sender in self._senders:
                sender.fill_window(now)
            members = late
        for member in members:
            self._read(member)
        self._ended = clock()
        if self._stream.held > _FORGET_BYTES:
            places = [m.reader.position for m in self._members if isinstance(m.reader, Followed)]
            self._stream.forget(min(places, default=self._stream.end))
        return True

    def _read(self, member: Member) -> None:
        count = receive(member.caller, self._buffer)
        piece = memoryview(self._buffer)[:count]
        reader = member.reader
        if not isinstance(reader, Followed):
            if self._buffer.find(b"PING ", 0, count) >= 0:
                piece = self._answer_ping(member, piece)
            reader.take(piece)
        elif not reader.take(piece):
            piece = self._answer_ping(member, piece)
            if not reader.take(piece):
                self._part(member, reader, piece)

    def _answer_ping(self, member: Member, piece: memoryview) -> memoryview:
        """Answer each PING in ``piece``; return what was said besides."""
        for token in _PING.findall(piece):
            member.caller.send(b"PONG " + token + b"\r\n")
        return memoryview(_PING.sub(b"", piece))

    def _part(self, member: Member, reader: Followed, piece: memoryview) -> None:
        """Read ``member`` alone from here on: it hears something else than the others."""
        alone = reader.depart()
        self._departed += 1
        many = sum(isinstance(m.reader, Checked) for m in self._members) >= _MOST_CHECKED
        member.reader = Counted(alone.received()) if many and member.sender is None else alone
        member.reader.take(piece)

    def _is_stuck(self) -> bool:
        return clock() - self._ended > self._plan.patience * 1_000_000

    def finish(self, sent: Mapping[int, int]) -> Outcome:
        """Listen until all that was ``sent`` has come, or nothing comes any more; then judge and hang up."""
        echo = "echo-message" in self._members[0].caller.caps
        cpu = time.process_time()
        total = sum(sent.values())
        expected = {m.number: total - (0 if echo else sent.get(m.number, 0)) for m in self._members}
        with self._watching() as selector:
            while any(m.reader.received() < expected[m.number] for m in self._members):
                if not self._turn(selector, 0.2, set()) and self._is_stuck():
                    break
            # A double of the last message would come a moment later.
            ended = self._ended
            while self._turn(selector, 0.1, set()) and clock() - ended < 1_000_000:
                pass
        self._cpu += time.process_time() - cpu
        outcome = Outcome(began=self._began, ended=ended, departed=self._departed, cpu_seconds=self._cpu)
        for member in self._members:
            mine = sent if echo else {s: n for s, n in sent.items() if s != member.number}
            outcome.verdict.add(member.reader.verdict(mine))
            self._note_kind(outcome, member.reader)
        self.close()
        return outcome

    def _note_kind(self, outcome: Outcome, reader: Reader) -> None:
        if isinstance(reader, Followed):
            outcome.followed += 1
        elif isinstance(reader, Checked):
            outcome.checked += 1
            outcome.delays.extend(reader.delays or ())
        else:
            outcome.counted += 1

    def close(self) -> None:
        """Hang up."""
        close_all(member.caller for member in self._members)

    def _watching(self) -> AbstractContextManager[BaseSelector]:
        return watching(self._members)


def _spread(members: Sequence[Member], count: int) -> list[Member]:
    """``count`` of ``members``, the first and the last among them, the rest evenly between."""
    count = min(count, len(members))
    if count < 2:
        return list(members[:count])
    return [members[place * (len(members) - 1) // (count - 1)] for place in range(count)]

"""One worker: its share of the members, read in bulk, and its senders, kept going."""

from __future__ import annotations

import gc
import re
import time
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from gettext import gettext as _
from itertools import cycle

from chatapp.bench.caller import BenchError
from chatapp.bench.callers import allow_many_files, close_all, join_all, open_callers, receive
from chatapp.bench.ears import Ears, Leisure
from chatapp.bench.member import Member, appoint
from chatapp.bench.plan import Plan
from chatapp.bench.readers import Checked, Counted, Followed, Reader, Verdict
from chatapp.bench.sender import Sender
from chatapp.bench.stream import SharedStream
from chatapp.bench.text import clock

_BUFFER_BYTES = 1 << 20
#: Members that may leave a shared stream and still be checked; more are only counted.
_MOST_CHECKED = 16
#: NATS says no more than the word.
_PING = re.compile(rb"^(?::\S+ )?PING( [^\r\n]*)?\r?\n", re.MULTILINE)
#: How many of those nobody waits for are read before those somebody waits for get their turn again.
_VISITED_AT_ONCE = 32
#: The shared streams are shortened when they hold more than this, looked at every so many turns.
_FORGET_BYTES, _FORGET_TURNS = 4 << 20, 16


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


class Worker:
    """The phases of a run, called one after the other: open, settle, speak, finish."""

    def __init__(self, plan: Plan, index: int) -> None:
        self._plan = plan
        self._numbers = plan.members_of(index)
        self._members: list[Member] = []
        self._senders: list[Sender] = []
        #: Those whose words the network has not taken yet.
        self._blocked: set[Sender] = set()
        self._buffer = bytearray(_BUFFER_BYTES)
        self._ended = self._began = self._departed = self._turns = 0
        #: Seconds that we have waited to read something, since there last was anything. Those in which we
        #: ourselves were not let run are no silence of the server's.
        self._in_vain = 0.0
        self._streams: list[SharedStream] = []
        self._leisure = Leisure()

    def open(self) -> frozenset[str]:
        """Connect, register and join; return the capabilities that the server agreed to."""
        plan = self._plan
        allow_many_files()
        nicks = [plan.nick(number) for number in self._numbers]
        callers = open_callers(plan.address, nicks, plan.caps, plan.open_seconds, plan.way)
        self._members = [
            Member(caller, n, plan.room_of(n)) for n, caller in zip(self._numbers, callers, strict=True)
        ]
        join_all(callers, [plan.room_name(member.room) for member in self._members], plan.open_seconds)
        return callers[0].caps

    def settle(self, quiet: float = 0.3) -> None:
        """Throw away what comes until nothing has come for ``quiet`` seconds; then appoint the readers."""
        until = time.monotonic() + self._plan.open_seconds
        in_vain = 0.0  # in thirds: one of them may be over because we were not let run
        with Ears(self._members) as ears:
            while in_vain < quiet:
                members = ears.wait(quiet / 3)
                in_vain = 0.0 if members else in_vain + quiet / 3
                if time.monotonic() > until:
                    raise BenchError(_("the server does not come to rest after everyone has joined"))
                for member in members:
                    count = receive(member.caller, self._buffer)
                    if b"PING" in self._buffer[:count]:
                        member.caller.hear(bytes(self._buffer[:count]))
        self._streams = appoint(self._plan, self._members)
        self._senders = [member.sender for member in self._members if member.sender]
        gc.collect()
        gc.freeze()

    def speak(self) -> dict[int, int]:
        """Have the senders speak and everyone listen; return how many messages each sender has sent."""
        cpu = time.process_time()
        self._began = self._ended = clock()
        stop = self._began + int(self._plan.seconds * 1_000_000)
        prompt = [member for member in self._members if member.is_prompt]
        others = [member for member in self._members if not member.is_prompt]
        with Ears(prompt) as ears, Ears(others) as idle_ears:
            if self._plan.rate:
                self._speak_in_step(ears, idle_ears, stop)
            else:
                self._speak_in_windows(ears, idle_ears, stop)
        self._cpu = time.process_time() - cpu
        return {sender.number: sender.sent for sender in self._senders}

    def _speak_in_windows(self, prompt: Ears[Member], others: Ears[Member], stop: int) -> None:
        """Have each sender keep its window full until ``stop``, or until all is said."""
        counted = self._plan.messages > 0
        self._fill(self._senders)
        while counted or clock() < stop:
            if counted and all(sender.is_done for sender in self._senders):
                return
            heard = self._listen(prompt, 0.05, is_speaking=True)
            if not heard:
                self._fill(())
            if not self._visit(others) and not heard and self._is_stuck():
                return

    def _speak_in_step(self, prompt: Ears[Member], others: Ears[Member], stop: int) -> None:
        """Have the senders take turns so that the pace is kept until ``stop``."""
        share = self._plan.rate * len(self._senders) / self._plan.all_senders / 1_000_000
        told = 0
        turns = cycle(self._senders)
        now = self._began
        while now < stop:
            now = clock()
            due = int((min(now, stop) - self._began) * share)
            for sender, _turn in zip(turns, range(due - told), strict=False):
                sender.send(1, now)
            told = max(told, due)
            heard = self._listen(prompt, 0.001)
            if not self._visit(others) and not heard and self._is_stuck():
                return

    def _listen(self, ears: Ears[Member], seconds: float, *, is_speaking: bool = False) -> bool:
        """Read once from whomever the network has something for, and tell whether there was anybody.

        While ``is_speaking`` those whom senders wait for come first, and then the senders speak.
        """
        if is_speaking:
            seconds = min(seconds, max(0, self._leisure.due_at - clock()) / 1_000_000)
        members = ears.wait(seconds)
        if not members:
            self._in_vain += seconds
            return False
        if is_speaking:
            first = [member for member in members if member.waiting]
            for member in first:
                self._read(member)
            self._fill([sender for member in first for sender in member.waiting])
            members = [member for member in members if not member.waiting]
        for member in members:
            self._read(member)
        self._note_turn()
        return True

    def _visit(self, others: Ears[Member]) -> bool:
        """Read some of those whom nobody waits for, if it is time to; tell whether there was anything."""
        if clock() < self._leisure.due_at:
            return False
        members = others.wait(0, _VISITED_AT_ONCE)
        for member in members:
            self._leisure.note(self._read(member))
        if len(members) < _VISITED_AT_ONCE:
            self._leisure.end_visit(clock())
        if members:
            self._note_turn()
        return bool(members)

    def _note_turn(self) -> None:
        self._ended = clock()
        self._in_vain = 0.0
        self._turns += 1
        if not self._turns % _FORGET_TURNS and sum(s.held for s in self._streams) > _FORGET_BYTES:
            self._forget()

    def _fill(self, senders: Iterable[Sender]) -> None:
        """Have ``senders`` say what their windows have room for, once what was said before is on its way."""
        now = clock()
        for sender in {*senders, *self._blocked} if self._blocked else senders:
            sender.fill_window(now)
            if sender.caller.is_blocked:
                self._blocked.add(sender)
            elif self._blocked:
                self._blocked.discard(sender)

    def _forget(self) -> None:
        """Let go of what everybody has heard."""
        places = {stream: stream.end for stream in self._streams}
        for member in self._members:
            reader = member.reader
            if isinstance(reader, Followed):
                places[reader.stream] = min(places[reader.stream], reader.position)
        for stream, place in places.items():
            stream.forget(place)

    def _read(self, member: Member) -> int:
        """Read once; return how many bytes."""
        count = receive(member.caller, self._buffer)
        piece = memoryview(self._buffer)[:count]
        reader = member.reader
        if not isinstance(reader, Followed):
            if self._buffer.find(b"PING", 0, count) >= 0:
                piece = self._answer_ping(member, piece)
            reader.take(piece)
        elif not reader.take(piece):
            piece = self._answer_ping(member, piece)
            if not reader.take(piece):
                self._part(member, reader, piece)
        return count

    def _answer_ping(self, member: Member, piece: memoryview) -> memoryview:
        """Answer each PING in ``piece``; return what was said besides."""
        for token in _PING.findall(piece):
            member.caller.send(b"PONG" + token + b"\r\n")
        return memoryview(_PING.sub(b"", piece))

    def _part(self, member: Member, reader: Followed, piece: memoryview) -> None:
        """Read ``member`` alone from here on: it hears something else than the others."""
        alone = reader.depart()
        self._departed += 1
        many = sum(isinstance(m.reader, Checked) for m in self._members) >= _MOST_CHECKED
        is_needed = member.sender is not None or bool(member.waiting)
        member.reader = Counted(alone.received()) if many and not is_needed else alone
        member.reader.take(piece)

    def _is_stuck(self) -> bool:
        return self._in_vain > self._plan.patience

    def finish(self, sent: Mapping[int, int]) -> Outcome:
        """Listen until all that was ``sent`` has come, or nothing comes any more; then judge and hang up."""
        cpu = time.process_time()
        mine = {m: self._plan.heard_by(m.number, sent, m.has_echo) for m in self._members}
        expected = {member: sum(numbers.values()) for member, numbers in mine.items()}
        with Ears(self._members) as ears:
            while any(member.reader.received() < count for member, count in expected.items()):
                for sender in self._senders:
                    if sender.caller.is_blocked:
                        sender.caller.send(b"")
                if not self._listen(ears, 0.2) and self._is_stuck():
                    break
            # A double of the last message would come a moment later.
            ended = self._ended
            while self._listen(ears, 0.1) and clock() - ended < 1_000_000:
                pass
        self._cpu += time.process_time() - cpu
        outcome = Outcome(began=self._began, ended=ended, departed=self._departed, cpu_seconds=self._cpu)
        for member in self._members:
            outcome.verdict.add(member.reader.verdict(mine[member]))
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
        gc.unfreeze()

"""The scenario ``crash``: kill the server while clients speak; what anybody heard must be in its history.

The parts are of use to tests as well: `speak_until_cut`, `read_history`, `judge`.
"""

from __future__ import annotations

import random
import secrets
import selectors
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from gettext import gettext as _
from itertools import pairwise
from pathlib import Path

from chatapp.bench.caller import BenchError, Caller
from chatapp.bench.callers import close_all, join_all, open_callers, watching
from chatapp.bench.history import read_history
from chatapp.bench.plan import Plan
from chatapp.bench.progress import SILENT, Progress
from chatapp.bench.report import Report
from chatapp.bench.sender import Sender
from chatapp.bench.subject import Subject
from chatapp.bench.text import NUMBERS, SPAN, clock
from chatapp.bench.ways import Address

CLIENTS = 4
_WINDOW = 32
#: Messages that somebody must have heard before the cut: of fewer there is little that could be lost.
_LEAST_HEARD = 200
#: Seconds more that a slow machine has for that, and then for the connections to end.
_PATIENCE = 60.0


@dataclass(slots=True)
class Told:
    """What the clients of one round said and heard: message keys in the order each client heard them."""

    sent: int = 0
    heard: list[list[int]] = field(default_factory=list)


class _Speaker:
    """A client that speaks at full speed and remembers all it hears."""

    def __init__(self, plan: Plan, number: int, caller: Caller) -> None:
        self.caller = caller
        self.heard: list[int] = []
        self.sender = Sender(plan, number, 0, caller, self._own)
        self._number = number
        self._echoed = 0
        self._rest = b""

    def fileno(self) -> int:
        """For a selector."""
        return self.caller.fileno()

    def take(self, data: bytes) -> None:
        data = self._rest + data
        whole = data.rfind(b"\n") + 1
        self._rest = data[whole:]
        keys = [int(key) for key in NUMBERS.findall(data, 0, whole)]
        self.heard += keys
        self._echoed += sum(1 for key in keys if key // SPAN == self._number)

    def _own(self, sender: int) -> int:
        return self._echoed


def speak_until_cut(address: Address, room: str, seconds: float, cut: Callable[[], object]) -> Told:
    """Have four clients speak at full speed, call ``cut``, read until the connections end.

    It is called after ``seconds``; on a slow machine later, when there is something that could be lost.

    Raises:
        BenchError: The clients could not join, or the connections outlived the cut.
    """
    plan = Plan(address, room, f"c{secrets.token_hex(2)[:3]}", CLIENTS, CLIENTS, _WINDOW)
    nicks = [plan.nick(number) for number in range(CLIENTS)]
    callers = open_callers(address, nicks, ("message-tags", "server-time", "echo-message"))
    try:
        if "echo-message" not in callers[0].caps:
            words = _("the server has no echo-message: there is no knowing what it has accepted")
            raise BenchError(words)
        join_all(callers, room)
        speakers = [_Speaker(plan, number, caller) for number, caller in enumerate(callers)]
        _speak(speakers, seconds, cut)
    finally:
        close_all(callers)
    return Told(sum(s.sender.sent for s in speakers), [s.heard for s in speakers])


def _speak(speakers: Sequence[_Speaker], seconds: float, cut: Callable[[], object]) -> None:
    due = time.monotonic() + seconds
    end = None
    with watching(speakers) as selector:
        while selector.get_map():
            now = time.monotonic()
            if end is None and now > due and (_has_enough(speakers) or now > due + _PATIENCE):
                cut()
                end = time.monotonic() + _PATIENCE
            if end is not None and now > end:
                raise BenchError(_("the connections outlived the server"))
            _turn(selector)


def _has_enough(speakers: Sequence[_Speaker]) -> bool:
    return max(len(speaker.heard) for speaker in speakers) >= _LEAST_HEARD


def _turn(selector: selectors.BaseSelector) -> None:
    """Let everybody still connected speak and listen once."""
    for key in list(selector.get_map().values()):
        speaker: _Speaker = key.data
        try:
            speaker.sender.fill_window(clock())
        except BenchError:
            # It is cut; what came before may still be there to read, so that is done below.
            speaker.sender.stop()
    for key, _mask in selector.select(0.01):
        speaker = key.data
        try:
            data = speaker.caller.socket.recv(1 << 18)
        except BlockingIOError:
            continue
        except OSError:
            data = b""
        if data:
            speaker.take(data)
        else:
            selector.unregister(speaker)


@dataclass(frozen=True, slots=True)
class CrashVerdict:
    """Of what was heard: how much, and what the history has lost, doubled or put in another order."""

    heard: int
    kept: int
    lost: int
    doubled: int
    disordered: int

    @property
    def faults(self) -> list[str]:
        """What must not happen, in words."""
        counts = {"lost": self.lost, "doubled": self.doubled, "out of order": self.disordered}
        return [f"{count} messages are {what} in the history" for what, count in counts.items() if count]


def judge(heard: Sequence[Sequence[int]], history: Sequence[int]) -> CrashVerdict:
    """Compare what each client heard with what the history has.

    A message that nobody heard may be there or not; but of one sender none may be missing before one that is
    there.
    """
    places = {key: place for place, key in enumerate(history)}
    everything = {key for keys in heard for key in keys}
    by_sender: dict[int, list[int]] = {}
    for key in places:
        by_sender.setdefault(key // SPAN, []).append(key)
    gaps = {
        key
        for sender, keys in by_sender.items()
        for key in range(sender * SPAN + 1, max(keys))
        if key not in places
    }
    heard_at = ([places[key] for key in keys if key in places] for keys in heard)
    disordered = sum(
        later < earlier
        for numbers in (*heard_at, *by_sender.values())
        for earlier, later in pairwise(numbers)
    )
    return CrashVerdict(
        heard=len(everything),
        kept=len(places),
        lost=len((everything - places.keys()) | gaps),
        doubled=len(history) - len(places),
        disordered=disordered,
    )


def measure_crashes(command: str, rounds: int, seed: int, progress: Progress = SILENT) -> Report:
    """Start the server with ``command``; ``rounds`` times kill it under load and start it on the same data.

    Raises:
        BenchError: The server does not start, or has no history to read.
    """
    dice = random.Random(seed)
    told: dict[str, Told] = {}
    slowest = 0.0
    report = Report("crash")
    with (
        tempfile.TemporaryDirectory(prefix="chat-bench-", ignore_cleanup_errors=True) as folder,
        Subject(command, Path(folder)) as server,
    ):
        server.start()
        for number in range(1, rounds + 1):
            room = f"#crash-{number}"
            progress.announce(f"{number}/{rounds}")
            progress.begin(_("speaking"))
            told[room] = speak_until_cut(server.address, room, dice.uniform(0.2, 1.5), server.kill)
            slowest = max(slowest, server.start())
            report.faults += _faults_of(server.address, room, told[room], f"round {number}")
        progress.begin(_("looking at every history once more"))
        for number, (room, what) in enumerate(told.items(), 1):
            report.faults += _faults_of(
                server.address, room, what, f"round {number}, looked at after the last"
            )
    report.figures = {
        "rounds": rounds,
        "messages sent": sum(what.sent for what in told.values()),
        "messages heard by somebody": sum(
            len({k for keys in what.heard for k in keys}) for what in told.values()
        ),
        "slowest restart s": slowest,
    }
    report.faults += [
        f"in {room} nobody heard anything" for room, what in told.items() if not any(what.heard)
    ]
    return report


def _faults_of(address: Address, room: str, told: Told, when: str) -> list[str]:
    history = read_history(address, room)
    return [f"{when}: {fault}" for fault in judge(told.heard, history).faults]

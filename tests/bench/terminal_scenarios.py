"""What the terminal harness does to a program: a flood while one types, a burst, a start, a long talk."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.terminal_glass import Glass
from bench.terminal_programs import Program
from bench.terminal_pty import Pty
from bench.terminal_typist import Emitted, Typist, Watcher
from ports import free_port

#: Seconds that a program has to come into the room, and to show what is still to be shown after a flood.
_START_WITHIN = 20.0
_DRAIN_WITHIN = 4.0
#: Seconds of rest between the program's start and the measurement.
_SETTLE = 0.5


@dataclass
class Outcome:
    """What came of one scenario. Times in seconds; ``delays`` from each key to its being on the screen.

    ``cpu`` is the share of a processor that the program took, ``own_cpu`` the harness.
    """

    program: str
    scenario: str
    delays: list[float] = field(default_factory=list)
    never_shown: int = 0
    lags: list[float] = field(default_factory=list)
    samples: int = 0
    wrong: int = 0
    torn: int = 0
    wrong_rows: list[str] = field(default_factory=list)
    cpu: float | None = None
    own_cpu: float | None = None
    resident: int | None = None
    seconds: float | None = None
    failure: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class Crowd:
    """The process that talks to the program under test, a server or guests of one; a context manager."""

    def __init__(self, script: str, *words: str) -> None:
        self._command = [sys.executable, str(Path(__file__).with_name(script)), *words]

    def __enter__(self) -> Crowd:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port: int = self._hear()["port"]
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def order(self, what: str, **how: float) -> Any:
        """Have it do something; its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **how}).encode() + b"\n")
        self._process.stdin.flush()
        return self._hear()

    def emitted(self) -> Emitted:
        """When each message was sent."""
        emitted = Emitted()
        for _first, last, moment in self.order("emitted"):
            emitted.add(last, moment)
        return emitted

    def _hear(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


def fake_server() -> Crowd:
    """An IRC server for one client."""
    return Crowd("terminal_server.py")


class NeverReady(Exception):
    """A program did not come into the room."""


@contextmanager
def in_the_room(program: Program, bytes_per_second: int = 0) -> Iterator[tuple[Pty, Crowd]]:
    """``program`` in the flood's room, before anything is said there.

    Raises:
        NeverReady: It did not get there.
    """
    with ExitStack() as stack:
        if program.is_server:
            port = free_port()
            pty = stack.enter_context(_started(program, port, bytes_per_second))
            _get_ready(program, pty)
            crowd = stack.enter_context(Crowd("terminal_speakers.py", str(port)))
        else:
            crowd = stack.enter_context(fake_server())
            pty = stack.enter_context(_started(program, crowd.port, bytes_per_second))
            _get_ready(program, pty)
        pty.read_until(time.monotonic() + _SETTLE)
        pty.look()
        yield pty, crowd


def _get_ready(program: Program, pty: Pty) -> None:
    program.enter(pty)
    if not pty.wait_for(lambda: program.is_ready(pty.glass.row(-1)), _START_WITHIN):
        raise NeverReady(f"{program.name} is not in the room:\n{pty.glass.text}")


def flood(
    program: Program, rate: float, seconds: float, bytes_per_second: int, keys: float, seed: int
) -> Outcome:
    """Type while ``rate`` messages a second arrive."""
    slow = f", {bytes_per_second // 1000} kB/s" if bytes_per_second else ""
    outcome = Outcome(program.name, f"{rate:,.0f}/s{slow}")
    with in_the_room(program, bytes_per_second) as (pty, server):
        watcher = Watcher(pty, pty.glass.row(-1))
        began, cpu, own = time.monotonic(), pty.cpu_seconds(), time.process_time()
        if rate:
            server.order("flood", rate=rate, seconds=seconds)
        Typist(pty, watcher.row, keys, seed).type_until(began, began + seconds)
        took = time.monotonic() - began
        outcome.cpu, outcome.own_cpu = (pty.cpu_seconds() - cpu) / took, (time.process_time() - own) / took
        server.order("stop")
        _drain(pty, watcher, 0)
        outcome.resident = pty.resident_bytes()
        _note_down(outcome, pty, watcher, server)
    return outcome


def burst(program: Program, count: int, keys: float, seed: int) -> Outcome:
    """Type while ``count`` messages arrive at once; ``seconds`` is until the last of them is seen."""
    outcome = Outcome(program.name, f"burst of {count:,}")
    with in_the_room(program) as (pty, server):
        watcher = Watcher(pty, pty.glass.row(-1))
        began = time.monotonic()
        server.order("burst", count=count)
        typist = Typist(pty, watcher.row, keys, seed)
        while watcher.newest < count and time.monotonic() < began + 20:
            now = time.monotonic()
            typist.type_until(now, now + 0.5)
            pty.look()
        _drain(pty, watcher, count)
        _note_down(outcome, pty, watcher, server)
        if watcher.newest >= count:
            outcome.seconds = watcher.seen[-1][1] - server.emitted().moments[0]
        outcome.resident = pty.resident_bytes()
    return outcome


def memory(program: Program, count: int, rate: float) -> Outcome:
    """Hold ``count`` messages, which came at ``rate``."""
    outcome = Outcome(program.name, f"{count:,} messages held")
    with in_the_room(program) as (pty, server):
        watcher = Watcher(pty, pty.glass.row(-1))
        server.order("flood", rate=rate, seconds=count / rate)
        deadline = time.monotonic() + 3 * count / rate + 10
        while watcher.newest < count and time.monotonic() < deadline:
            pty.read_until(time.monotonic() + 0.5)
            pty.look()
        outcome.resident = pty.resident_bytes()
        if watcher.newest < count:
            outcome.failure = f"only {watcher.newest:,} messages were seen"
    return outcome


def start(program: Program) -> Outcome:
    """From the command to what was typed at once standing behind a prompt; ``never_shown``: it is lost."""
    outcome = Outcome(program.name, "start")
    with fake_server() as server, _started(program, server.port) as pty:
        pty.press("early")
        shown: list[float] = []

        def look(moment: float, glass: Glass) -> None:
            if not shown and not glass.is_held and glass.row(-1).endswith("] early"):
                shown.append(moment)

        pty.on_look = look
        if pty.wait_for(lambda: bool(shown), 3.0):
            outcome.seconds = shown[0] - pty.started
        else:
            outcome.never_shown = len("early")
    return outcome


@contextmanager
def _started(program: Program, port: int, bytes_per_second: int = 0) -> Iterator[Pty]:
    with tempfile.TemporaryDirectory() as folder:
        command = program.command(port, Path(folder))
        homes = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), folder)
        with Pty(command, homes, bytes_per_second=bytes_per_second) as pty:
            yield pty


def _drain(pty: Pty, watcher: Watcher, count: int) -> None:
    """Wait a while for what is still to be shown."""
    pty.wait_for(lambda: not watcher.row.is_late and watcher.newest >= count, _DRAIN_WITHIN)


def _note_down(outcome: Outcome, pty: Pty, watcher: Watcher, server: Crowd) -> None:
    pty.look()
    emitted = server.emitted()
    outcome.never_shown = watcher.row.give_up(time.monotonic())
    outcome.delays = watcher.row.delays
    outcome.lags = [moment - emitted.moment(number) for number, moment in watcher.seen]
    outcome.samples, outcome.wrong, outcome.torn = watcher.samples, watcher.wrong, watcher.torn
    outcome.wrong_rows = watcher.wrong_rows[:10]
    if pty.has_ended:
        outcome.failure = f"it has ended: {pty.glass.text.strip()}"

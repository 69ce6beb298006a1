"""Fuzz for as long as one likes: ``python tests/fuzz/run.py --minutes 30 [--target NAME ...] [--seed N]``.

The processor's time is dealt out evenly among the targets. What fails is kept as a file, which ``--replay``
tries again; each target goes on after its first failures. The exit code is 1 if anything failed. Where
atheris is installed, a quarter of the time is its.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz import guided
from fuzz.generator import Generator
from fuzz.target import Target
from fuzz.targets import TARGETS

#: An input that takes longer hangs: seconds of the processor, and of the clock, where others may be busy.
HANG_SECONDS, HANG_BY_CLOCK = 20, 300
#: A target that has failed so often is left alone.
MOST_FAILURES = 5
_TURN_SECONDS = 2.0
#: Of the time, the part in which atheris hunts, where it is installed.
_GUIDED = 0.25


class Hang(BaseException):
    """An input took too long. What serves on after any mistake must not take it for one."""


@dataclass
class Score:
    """How a target has done."""

    inputs: int = 0
    seconds: float = 0.0
    failures: list[Path] = field(default_factory=list)


@contextmanager
def patience(seconds: int) -> Iterator[None]:
    """Raise `Hang` in whatever takes longer of the processor, where the system has alarms."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(_number: int, _frame: object) -> None:
        raise Hang(f"more than {seconds} seconds")

    alarms = (
        (signal.SIGVTALRM, signal.ITIMER_VIRTUAL, seconds),
        (signal.SIGALRM, signal.ITIMER_REAL, HANG_BY_CLOCK),
    )
    before = [signal.signal(number, ring) for number, _timer, _seconds in alarms]
    for _number, timer, after in alarms:
        signal.setitimer(timer, after)
    try:
        yield
    finally:
        for (number, timer, _seconds), handler in zip(alarms, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)


def try_one(target: Target, data: bytes) -> str:
    """Run ``target`` with ``data``; "" if all is well, else what went wrong."""
    try:
        with patience(HANG_SECONDS):
            target.run(data)
    except (Exception, Hang):  # noqa: BLE001  whatever it is, it is what is hunted
        return traceback.format_exc()
    return ""


class Hunt:
    """One target, hunted in turns; what fails goes to ``folder``."""

    def __init__(self, target: Target, seed: int, folder: Path) -> None:
        self.target = target
        self.score = Score()
        self._folder = folder
        seeds = [path.read_bytes() for path in target.seeds()]
        self._generator = Generator(seeds, target.words, random.Random(f"{seed} {target.name}"))

    def turn(self, seconds: float) -> None:
        """Go on for so many seconds of the processor."""
        began = time.process_time()
        while time.process_time() - began < seconds and len(self.score.failures) < MOST_FAILURES:
            self.step()
        self.score.seconds += time.process_time() - began

    def step(self) -> None:
        """One input."""
        data = self._generator.next()
        self.score.inputs += 1
        if wrong := try_one(self.target, data):
            self._note(data, wrong)

    def _note(self, data: bytes, wrong: str) -> None:
        digest = hashlib.sha256(data).hexdigest()[:12]
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{self.target.name}-{digest}.bin"
        path.write_bytes(data)
        self.score.failures.append(path)
        if len(self.score.failures) == 1:
            print(f"{wrong}\n{self.target.name}: after {self.score.inputs} inputs")
            print(f"again: python tests/fuzz/run.py --target {self.target.name} --replay {path}", flush=True)


def hunt(targets: Sequence[Target], minutes: float, seed: int, folder: Path) -> list[Hunt]:
    """Hunt all ``targets`` in turns for so many minutes of the processor in all, or until Ctrl-C."""
    hunts = [Hunt(target, seed, folder) for target in targets]
    spent = 0.0
    try:
        while spent < minutes * 60 and any(len(each.score.failures) < MOST_FAILURES for each in hunts):
            before = time.process_time()
            for each in hunts:
                each.turn(min(_TURN_SECONDS, minutes * 60 / len(hunts)))
            spent += max(time.process_time() - before, 0.001)
    except KeyboardInterrupt:
        print("stopped")
    return hunts


def table_of(hunts: Sequence[Hunt]) -> str:
    """How each did, and all together."""
    rows = [f"{'target':<12}{'inputs':>12}{'inputs/s':>10}{'failures':>10}"]
    for each in hunts:
        score = each.score
        speed = score.inputs / score.seconds if score.seconds else 0
        rows.append(f"{each.target.name:<12}{score.inputs:>12,}{speed:>10,.0f}{len(score.failures):>10}")
    inputs = sum(each.score.inputs for each in hunts)
    seconds = sum(each.score.seconds for each in hunts)
    rows.append(f"{inputs:,} inputs in {seconds / 60:.1f} minutes of the processor{_memory()}")
    return "\n".join(rows)


def _memory() -> str:
    """The most that this process has taken, where the system tells."""
    try:
        import resource
    except ImportError:
        return ""
    return f"; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most"


def hunt_guided(targets: Sequence[Target], seconds: int, folder: Path) -> bool:
    """Let atheris hunt each of ``targets`` for so many seconds; whether anything failed."""
    has_failed = False
    for target in targets:
        found = guided.hunt_guided(target.name, seconds, folder / "guided")
        print(f"{target.name:<12}{found.inputs:>12,} guided{len(found.failures):>14}", flush=True)
        if found.failures or found.said:
            has_failed = True
            print(found.said, *found.failures, sep="\n", flush=True)
    return has_failed


def replay(targets: Sequence[Target], path: Path) -> int:
    """Try one file again; 1 if it fails."""
    wrong = [found for target in targets if (found := try_one(target, path.read_bytes()))]
    print("\n".join(wrong) or f"{path}: all is well")
    return 1 if wrong else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Throws bytes at the server and the client.")
    parser.add_argument("--minutes", type=float, default=30, help="of the processor, in all")
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="only these")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--found", type=Path, default=Path("fuzz-found"), help="where what fails is kept")
    parser.add_argument("--replay", type=Path, help="try one file again")
    options = parser.parse_args(arguments)
    targets = [TARGETS[name] for name in options.target or TARGETS]
    if options.replay:
        return replay(targets, options.replay)
    share = _GUIDED if guided.is_there() else 0.0
    hunts = hunt(targets, options.minutes * (1 - share), options.seed, options.found)
    print(table_of(hunts), flush=True)
    has_failed = any(each.score.failures for each in hunts)
    if share:
        seconds = max(int(options.minutes * 60 * share / len(targets)), 1)
        has_failed |= hunt_guided(targets, seconds, options.found)
    return 1 if has_failed else 0


if __name__ == "__main__":
    sys.exit(main())

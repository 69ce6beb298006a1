"""Measure terminal clients side by side: key to screen, the input row, lag, CPU and memory under any flood.

``python tests/bench/terminal.py --help``. Each measurement runs a fresh program in a pseudo-terminal against
a fake server in a process of its own; the programs take turns, so that what the machine does meanwhile
befalls all of them. Linux only.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import terminal_programs
from bench import terminal_scenarios as scenarios
from bench.terminal_programs import PROGRAMS, Program
from bench.terminal_report import percentile, summary, table
from bench.terminal_scenarios import NeverReady, Outcome

#: Bytes a second that the slow terminal takes.
SLOW = 50_000
_MESSAGES, _BURST, _FILLING = 100_000, 20_000, 10_000.0


def main(words: list[str] | None = None) -> int:
    """Measure what is asked for, and print the table; the exit code."""
    args = _arguments(words)
    names = {program.name: program for program in PROGRAMS}
    programs = [names[name] for name in args.programs if names[name].is_installed()]
    terminal_programs.chat_client[:] = shlex.split(args.chat_client) or terminal_programs.chat_client
    outcomes: list[Outcome] = []
    for run in range(1, args.runs + 1):
        for name, measure in _measurements(args, run):
            for program in programs:
                outcome = _measured(program, name, measure)
                outcomes.append(outcome)
                print(f"run {run}: {_in_short(outcome)}", file=sys.stderr, flush=True)
    if args.json:
        Path(args.json).write_text(json.dumps([one.as_dict() for one in outcomes]), encoding="utf-8")
    print(f"{summary(outcomes)}\n\n{table(outcomes)}")
    return 0


def _measurements(args: argparse.Namespace, run: int) -> Iterator[tuple[str, Callable[[Program], Outcome]]]:
    """Every scenario that is asked for, with its name."""
    if "start" in args.scenarios:
        yield "start", scenarios.start
    for speed, word in ((0, "fast"), (SLOW, "slow")):
        for rate in args.rates if word in args.scenarios else ():
            yield (
                f"{word} {rate}",
                partial(
                    scenarios.flood,
                    rate=rate,
                    seconds=args.seconds,
                    bytes_per_second=speed,
                    keys=args.keys,
                    seed=run,
                ),
            )
    if "burst" in args.scenarios:
        yield "burst", lambda program: scenarios.burst(program, _BURST, args.keys, seed=run)
    if "memory" in args.scenarios:
        yield "memory", lambda program: scenarios.memory(program, _MESSAGES, _FILLING)


def _measured(program: Program, name: str, measure: Callable[[Program], Outcome]) -> Outcome:
    try:
        return measure(program)
    except NeverReady as failure:
        return Outcome(program.name, name, failure=str(failure))


def _in_short(outcome: Outcome) -> str:
    words = f"{outcome.program}, {outcome.scenario}:"
    if outcome.delays:
        p99, most = percentile(outcome.delays, 0.99) * 1000, max(outcome.delays) * 1000
        words += f" {len(outcome.delays)} keys, p99 {p99:.1f} ms, max {most:.1f} ms,"
        words += f" wrong {outcome.wrong}, torn {outcome.torn} of {outcome.samples}"
    if outcome.cpu is not None:
        words += f", CPU {outcome.cpu:.0%} (harness {outcome.own_cpu or 0:.0%})"
    if outcome.resident is not None:
        words += f", {outcome.resident / 1e6:.0f} MB"
    if outcome.seconds is not None:
        words += f", {outcome.seconds:.3f} s"
    if outcome.wrong_rows:
        words += f"; for example {outcome.wrong_rows[0]!r}"
    return words + (f" FAILED: {outcome.failure}" if outcome.failure else "")


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add = parser.add_argument
    everything = ["start", "fast", "slow", "burst", "memory"]
    names = [program.name for program in PROGRAMS]
    add("--programs", nargs="+", choices=names, default=names, metavar="NAME", help=", ".join(names))
    add(
        "--scenarios",
        nargs="+",
        choices=everything,
        default=everything,
        metavar="WHAT",
        help=", ".join(everything),
    )
    add(
        "--rates", nargs="+", type=int, default=[0, 100, 1_000, 10_000], metavar="N", help="messages a second"
    )
    add("--runs", type=int, default=1, metavar="N", help="how often everything is measured, in turns")
    add("--seconds", type=float, default=5.0, metavar="S", help="how long each flood lasts")
    add("--keys", type=float, default=15.0, metavar="N", help="keys a second, at random moments")
    add("--chat-client", default="", metavar="COMMAND", help="how our client is called, if it is another one")
    add("--json", metavar="FILE", help="write every delay and sample there")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())

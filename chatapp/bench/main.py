"""The command line of chat-bench."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Sequence
from gettext import gettext as _

from chatapp.bench.caller import BenchError
from chatapp.bench.crash import measure_crashes
from chatapp.bench.crowd import measure_idle, measure_join
from chatapp.bench.options import build_parser
from chatapp.bench.plan import Plan
from chatapp.bench.probe import NoSuchFigure
from chatapp.bench.progress import Progress, on_terminal
from chatapp.bench.report import Report, median_of
from chatapp.bench.room import measure_room
from chatapp.bench.selftest import measure_self
from chatapp.bench.ways import Way


def main(argv: Sequence[str] | None = None) -> int:
    """Run one scenario and print what it found.

    Returns 1 if anything was lost, doubled or out of order, 2 if the run could not be done.
    """
    options = build_parser(_RUN).parse_args(argv)
    runs = getattr(options, "runs", 1)
    reports: list[Report] = []
    try:
        with on_terminal() as progress:
            for number in range(1, runs + 1):
                progress.announce(f"{number}/{runs}" if runs > 1 else "")
                reports.append(options.scenario(options, progress))
    except (BenchError, NoSuchFigure, ValueError) as error:
        print(f"chat-bench: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(_("chat-bench: stopped"), file=sys.stderr)
        return 130
    report = median_of(reports) if len(reports) > 1 else reports[0]
    print(report.as_json() if options.json else report.as_table())
    return 1 if report.faults else 0


def _plan(options: argparse.Namespace, **more: float) -> Plan:
    """The plan of a run in rooms of its own, among nicks that no other run has."""
    run = secrets.token_hex(2)
    return Plan(
        address=(getattr(options, "host", ""), getattr(options, "port", 0)),
        room=f"#bench-{run}",
        prefix=f"b{run[:3]}",
        rooms=options.rooms,
        members=options.members,
        senders=options.senders,
        seconds=options.seconds,
        caps=tuple(options.caps.split()),
        text_bytes=options.text_bytes,
        workers=options.workers,
        silent=options.silent,
        stalled=options.stalled,
        patience=options.patience,
        way=_way(options),
        **more,  # type: ignore[arg-type]
    )


def _way(options: argparse.Namespace) -> Way:
    return Way(tls=getattr(options, "tls", False), websocket=getattr(options, "websocket", False))


def _run_room(options: argparse.Namespace, progress: Progress) -> Report:
    plan = _plan(options, window=options.window, messages=options.messages)
    return measure_room(plan, options.pid, "room" if plan.rooms == 1 else "rooms", progress)


def _run_rate(options: argparse.Namespace, progress: Progress) -> Report:
    if options.rate < 1:
        raise ValueError("a rate is at least 1 message a second")
    return measure_room(_plan(options, rate=options.rate), options.pid, "rate", progress)


def _run_selftest(options: argparse.Namespace, progress: Progress) -> Report:
    return measure_self(_plan(options, window=options.window, messages=options.messages), progress)


def _run_idle(options: argparse.Namespace, progress: Progress) -> Report:
    if options.pid is None:
        raise ValueError("--pid is needed: the memory to look at is the server's")
    where = (options.host, options.port)
    return measure_idle(where, options.connections, options.pid, _way(options), progress)


def _run_join(options: argparse.Namespace, progress: Progress) -> Report:
    where = (options.host, options.port)
    return measure_join(where, options.members, options.pid, _way(options), progress)


def _run_crash(options: argparse.Namespace, progress: Progress) -> Report:
    return measure_crashes(options.server_command, options.rounds, options.seed)


_RUN = {
    "room": _run_room,
    "rate": _run_rate,
    "selftest": _run_selftest,
    "idle": _run_idle,
    "join": _run_join,
    "crash": _run_crash,
}

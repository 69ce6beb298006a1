"""The command line of chat-bench."""

from __future__ import annotations

import argparse
import secrets
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path
from typing import TypeVar

from chatapp.bench.caller import BenchError
from chatapp.bench.compare import compare
from chatapp.bench.comparison import Comparison
from chatapp.bench.crash import measure_crashes
from chatapp.bench.crowd import measure_idle, measure_join
from chatapp.bench.growth import Growth, measure_growth
from chatapp.bench.options import Scenarios, build_parser
from chatapp.bench.peers.chatapp_server import OURS
from chatapp.bench.peers.peer import Peer
from chatapp.bench.peers.table import PEERS
from chatapp.bench.plan import Plan
from chatapp.bench.probe import NoSuchFigure
from chatapp.bench.progress import Progress, on_terminal
from chatapp.bench.report import Report, median_of
from chatapp.bench.room import measure_room
from chatapp.bench.rows import LOADS, ROWS, Load
from chatapp.bench.selftest import measure_self
from chatapp.bench.ways import Way

#: The exit code of who was stopped by ctrl-C, as shells have it.
_STOPPED = 130

Named = TypeVar("Named", Load, Peer)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one scenario and print what it found.

    Returns 1 if anything was lost, doubled or out of order, 2 if the run could not be done.
    """
    options = build_parser(_RUN).parse_args(argv)
    try:
        with ending_by_signal(), on_terminal() as progress:
            found = _run_all(options, progress)
    except (BenchError, NoSuchFigure, OSError, ValueError) as error:
        print(f"chat-bench: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(_("chat-bench: stopped"), file=sys.stderr)
        return _STOPPED
    if isinstance(found, Comparison):
        code = _tell(found.as_table(ROWS), found.faults, {options.json: found.as_json(ROWS)})
        return _STOPPED if found.was_stopped else code
    if isinstance(found, Growth):
        files = {options.json: found.as_json(), options.svg: found.as_picture()}
        return _tell(found.as_table(), found.faults, files)
    print(found.as_json() if options.json else found.as_table())
    return 1 if found.faults else 0


def _run_all(options: argparse.Namespace, progress: Progress) -> Report | Comparison | Growth:
    """What was found, in one run or as the median of several."""
    runs = getattr(options, "runs", 1)
    reports: list[Report] = []
    for number in range(1, runs + 1):
        progress.announce(f"{number}/{runs}" if runs > 1 else "")
        found: Report | Comparison | Growth = options.scenario(options, progress)
        if not isinstance(found, Report):
            return found
        reports.append(found)
    return median_of(reports) if len(reports) > 1 else reports[0]


def _tell(table: str, faults: Sequence[str], files: Mapping[Path | None, str]) -> int:
    """Print ``table``, and write those of ``files`` that were asked for; return the exit code."""
    print(table)
    try:
        for file, text in files.items():
            if file:
                file.write_text(text, encoding="utf-8")
    except OSError as error:
        print(f"chat-bench: {error}", file=sys.stderr)
        return 2
    return 1 if faults else 0


def _check_places(*files: Path | None) -> None:
    """Find out before a long run that there is no folder for what it will write."""
    for file in files:
        if file and not file.parent.is_dir():
            raise ValueError(_("there is no folder {folder}").format(folder=file.parent))


@contextmanager
def ending_by_signal() -> Iterator[None]:
    """Take being told to end as ctrl-C, so that whatever was started is ended too."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


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
        raise ValueError(_("a rate is at least 1 message a second"))
    return measure_room(_plan(options, rate=options.rate), options.pid, "rate", progress)


def _run_selftest(options: argparse.Namespace, progress: Progress) -> Report:
    return measure_self(_plan(options, window=options.window, messages=options.messages), progress)


def _run_idle(options: argparse.Namespace, progress: Progress) -> Report:
    if options.pid is None:
        raise ValueError(_("--pid is needed: the memory to look at is the server's"))
    where = (options.host, options.port)
    return measure_idle(where, options.connections, options.pid, _way(options), progress)


def _run_join(options: argparse.Namespace, progress: Progress) -> Report:
    where = (options.host, options.port)
    return measure_join(where, options.members, options.pid, _way(options), progress)


def _run_crash(options: argparse.Namespace, progress: Progress) -> Report:
    return measure_crashes(options.server_command, options.rounds, options.seed, progress)


def _run_compare(options: argparse.Namespace, progress: Progress) -> Comparison:
    _check_places(options.json)
    loads = _chosen(LOADS, options.rows)
    peers = [OURS, *_chosen(PEERS[1:], options.peers)]
    return compare(peers, loads, options.rounds, options.seconds, options.folder, progress)


def _chosen(things: Sequence[Named], names: str) -> list[Named]:
    """Those of ``things`` that ``names``, with commas between, are the names of; all of them for none."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    known = {thing.name: thing for thing in things}
    for name in wanted:
        if name not in known:
            words = _("there is no {name}; there are {names}")
            raise ValueError(words.format(name=name, names=", ".join(known)))
    return [known[name] for name in wanted] if wanted else list(things)


def _run_growth(options: argparse.Namespace, progress: Progress) -> Growth:
    _check_places(options.json, options.svg)
    if options.source:
        return Growth.from_json(options.source.read_text(encoding="utf-8"))
    return measure_growth(options.rounds, options.seconds, options.most, options.folder, progress)


_RUN: Scenarios = {
    "room": _run_room,
    "rate": _run_rate,
    "selftest": _run_selftest,
    "idle": _run_idle,
    "join": _run_join,
    "crash": _run_crash,
    "compare": _run_compare,
    "growth": _run_growth,
}

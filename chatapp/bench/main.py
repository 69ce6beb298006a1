"""The command line of chat-bench."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Callable, Sequence
from gettext import gettext as _

from chatapp.bench.callers import BenchError
from chatapp.bench.crash import measure_crashes
from chatapp.bench.crowd import measure_idle, measure_join
from chatapp.bench.plan import Plan
from chatapp.bench.probe import NoSuchFigure
from chatapp.bench.report import Report, median_of
from chatapp.bench.room import measure_room
from chatapp.bench.selftest import measure_self

Scenario = Callable[[argparse.Namespace], Report]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one scenario and print what it found.

    Returns 1 if anything was lost, doubled or out of order, 2 if the run could not be done.
    """
    options = build_parser().parse_args(argv)
    try:
        reports = [options.scenario(options) for _ in range(getattr(options, "runs", 1))]
    except (BenchError, NoSuchFigure, ValueError) as error:
        print(f"chat-bench: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(_("chat-bench: stopped"), file=sys.stderr)
        return 130
    report = median_of(reports) if len(reports) > 1 else reports[0]
    print(report.as_json() if options.json else report.as_table())
    return 1 if report.faults else 0


def build_parser() -> argparse.ArgumentParser:
    """The options of every scenario."""
    parser = argparse.ArgumentParser(
        prog="chat-bench", description=_("Puts load on an IRC server and checks that it loses nothing.")
    )
    parser.add_argument("--lang", metavar="pt-BR|en", help=_("the language of what is printed"))
    scenarios = parser.add_subparsers(required=True, metavar=_("SCENARIO"))

    def add(name: str, run: Scenario, about: str) -> argparse.ArgumentParser:
        scenario = scenarios.add_parser(name, help=about, description=about)
        scenario.set_defaults(scenario=run)
        scenario.add_argument("--json", action="store_true", help=_("print JSON instead of a table"))
        return scenario

    room = add("room", _run_room, _("one room, senders at full speed with a window of messages in flight"))
    rooms = add("rooms", _run_room, _("many rooms at once, each with senders at full speed"))
    rate = add("rate", _run_rate, _("one room, messages at a steady pace: how late do they come?"))
    idle = add("idle", _run_idle, _("many connections that say nothing: how much memory does each take?"))
    join = add("join", _run_join, _("everybody joins one room at once: when has everyone seen everyone?"))
    self_test = add("selftest", _run_selftest, _("how fast this generator is against a bare relay"))
    crash = add(
        "crash", _run_crash, _("kill the server while clients speak; is what it said in its history?")
    )

    for scenario in (room, rooms, rate, idle, join):
        scenario.add_argument("--host", default="127.0.0.1")
        scenario.add_argument("--port", type=int, default=12345)
        scenario.add_argument("--pid", type=int, help=_("the server's process: say what it uses (Linux)"))
    for scenario in (room, rooms, rate, join, self_test):
        scenario.add_argument(
            "--runs",
            type=int,
            default=1,
            choices=range(1, 101),
            metavar="N",
            help=_("so many runs: medians, with least and greatest"),
        )
    for scenario in (room, rooms, rate, self_test):
        _add_room_options(scenario)
    rooms.set_defaults(rooms=100, members=10, senders=1)
    for scenario in (room, rooms, self_test):
        scenario.add_argument("--window", type=int, default=4, help=_("messages in flight for each sender"))
        scenario.add_argument("--messages", type=int, default=0, help=_("say so many, then end"))
    rate.add_argument("--rate", type=float, default=2000, help=_("messages a second, all senders together"))
    idle.add_argument("--connections", type=int, default=5000)
    join.add_argument("--members", type=int, default=1000)
    crash.add_argument(
        "--server-command", required=True, help=_("how to start it; {port} and {data} are filled in")
    )
    crash.add_argument("--rounds", type=int, default=10)
    crash.add_argument("--seed", type=int, default=1, help=_("decides the moments of the kills"))
    return parser


def _add_room_options(scenario: argparse.ArgumentParser) -> None:
    scenario.add_argument("--rooms", type=int, default=1, help=_("so many rooms, all alike"))
    scenario.add_argument("--members", type=int, default=100, help=_("of each room"))
    scenario.add_argument("--senders", type=int, default=10, help=_("of each room"))
    scenario.add_argument("--seconds", type=float, default=10)
    scenario.add_argument("--caps", default="", help=_("capabilities to ask for, with blanks between"))
    scenario.add_argument("--workers", type=int, default=1, help=_("processes to spread the members over"))
    scenario.add_argument("--text-bytes", type=int, default=40, help=_("length of each text"))
    scenario.add_argument("--silent", type=int, default=0, help=_("connections that say nothing meanwhile"))
    scenario.add_argument("--stalled", type=int, default=0, help=_("members who read nothing meanwhile"))
    scenario.add_argument(
        "--patience", type=float, default=5, help=_("seconds of silence after which what is missing is lost")
    )


def _plan(options: argparse.Namespace, **more: float) -> Plan:
    """The plan of a run in a room of its own, among nicks that no other run has."""
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
        **more,  # type: ignore[arg-type]
    )


def _run_room(options: argparse.Namespace) -> Report:
    plan = _plan(options, window=options.window, messages=options.messages)
    return measure_room(plan, options.pid, "room" if plan.rooms == 1 else "rooms")


def _run_rate(options: argparse.Namespace) -> Report:
    if options.rate < 1:
        raise ValueError("a rate is at least 1 message a second")
    return measure_room(_plan(options, rate=options.rate), options.pid, "rate")


def _run_selftest(options: argparse.Namespace) -> Report:
    return measure_self(_plan(options, window=options.window, messages=options.messages))


def _run_idle(options: argparse.Namespace) -> Report:
    if options.pid is None:
        raise ValueError("--pid is needed: the memory to look at is the server's")
    return measure_idle((options.host, options.port), options.connections, options.pid)


def _run_join(options: argparse.Namespace) -> Report:
    return measure_join((options.host, options.port), options.members, options.pid)


def _run_crash(options: argparse.Namespace) -> Report:
    return measure_crashes(options.server_command, options.rounds, options.seed)

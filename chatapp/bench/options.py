"""The options of chat-bench: a function for each kind, and which scenario has which."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from gettext import gettext as _
from pathlib import Path

from chatapp.bench.comparison import Comparison
from chatapp.bench.growth import Growth
from chatapp.bench.peers.table import PEERS
from chatapp.bench.progress import Progress
from chatapp.bench.report import Report
from chatapp.bench.rows import LOADS

Scenario = Callable[[argparse.Namespace, Progress], Report | Comparison | Growth]
#: What runs each scenario, by name.
Scenarios = Mapping[str, Scenario]
Add = Callable[..., argparse.ArgumentParser]


def build_parser(run: Scenarios) -> argparse.ArgumentParser:
    """The options of every scenario."""
    parser = argparse.ArgumentParser(
        prog="chat-bench", description=_("Puts load on an IRC server and checks that it loses nothing.")
    )
    parser.add_argument("--lang", metavar="pt-BR|en", help=_("the language of what is printed"))
    scenarios = parser.add_subparsers(required=True, metavar=_("SCENARIO"))

    def add(name: str, scenario: Scenario, about: str) -> argparse.ArgumentParser:
        added = scenarios.add_parser(name, help=about, description=about)
        added.set_defaults(scenario=scenario)
        return added

    _add_crowded(add, run)
    _add_others(add, run)
    _add_compare(add, run)
    _add_growth(add, run)
    return parser


def _add_crowded(add: Add, run: Scenarios) -> None:
    """The scenarios in which people speak."""
    room = add("room", run["room"], _("one room, senders at full speed with a window of messages in flight"))
    rooms = add("rooms", run["room"], _("many rooms at once, each with senders at full speed"))
    rate = add("rate", run["rate"], _("one room, messages at a steady pace: how late do they come?"))
    self_test = add("selftest", run["selftest"], _("how fast this generator is against a bare relay"))
    for scenario in (room, rooms, rate):
        add_server_options(scenario)
    for scenario in (room, rooms, rate, self_test):
        _add_report_options(scenario)
        _add_runs(scenario)
        _add_room_options(scenario)
    rooms.set_defaults(rooms=100, members=10, senders=1)
    for scenario in (room, rooms, self_test):
        scenario.add_argument("--window", type=int, default=4, help=_("messages in flight for each sender"))
        scenario.add_argument("--messages", type=int, default=0, help=_("say so many, then end"))
    rate.add_argument("--rate", type=float, default=2000, help=_("messages a second, all senders together"))


def _add_others(add: Add, run: Scenarios) -> None:
    """The scenarios in which nobody speaks, or the server is of our own starting."""
    idle = add("idle", run["idle"], _("many connections that say nothing: how much memory does each take?"))
    join = add("join", run["join"], _("everybody joins one room at once: when has everyone seen everyone?"))
    crash = add(
        "crash", run["crash"], _("kill the server while clients speak; is what it said in its history?")
    )
    for scenario in (idle, join):
        add_server_options(scenario)
    for scenario in (idle, join, crash):
        _add_report_options(scenario)
    _add_runs(join)
    idle.add_argument("--connections", type=int, default=5000)
    join.add_argument("--members", type=int, default=1000)
    crash.add_argument(
        "--server-command", required=True, help=_("how to start it; {port} and {data} are filled in")
    )
    crash.add_argument("--rounds", type=int, default=10)
    crash.add_argument("--seed", type=int, default=1, help=_("decides the moments of the kills"))


def _add_compare(add: Add, run: Scenarios) -> None:
    """The scenario that starts every server itself."""
    about = _("this server beside ngIRCd, InspIRCd and NATS, one after the other")
    compare = add("compare", run["compare"], about)
    add_option = compare.add_argument
    add_option(
        "--rounds", type=int, default=5, choices=range(1, 101), metavar="N", help=_("medians of so many")
    )
    add_option("--seconds", type=float, default=3, help=_("how long each speaks"))
    rows = _("only these: {names}").format(names=", ".join(load.name for load in LOADS))
    add_option("--rows", default="", metavar="NAME,NAME", help=rows)
    names = ", ".join(peer.name for peer in PEERS[1:])
    peers = _("only these, beside ours: {names}").format(names=names)
    add_option("--peers", default="", metavar="NAME,NAME", help=peers)
    add_option("--json", type=Path, metavar="FILE", help=_("write everything that was found to a file"))
    _add_folder(compare)


def _add_growth(add: Add, run: Scenarios) -> None:
    """The scenario that draws a graph."""
    growth = add("growth", run["growth"], _("this server with 10 to 10,000 members, and as many rooms"))
    growth.add_argument(
        "--rounds", type=int, default=3, choices=range(1, 101), metavar="N", help=_("medians of so many")
    )
    growth.add_argument("--seconds", type=float, default=3, help=_("how long each speaks"))
    growth.add_argument("--most", type=int, default=10_000, metavar="N", help=_("no more members or rooms"))
    growth.add_argument(
        "--json", type=Path, metavar="FILE", help=_("write everything that was found to a file")
    )
    growth.add_argument("--svg", type=Path, metavar="FILE", help=_("draw the curves into a file"))
    again = _("measure nothing; draw what an earlier run wrote with --json")
    growth.add_argument("--from", dest="source", type=Path, metavar="FILE", help=again)
    _add_folder(growth)


def _add_folder(scenario: argparse.ArgumentParser) -> None:
    about = _("where the servers keep their data, each in an empty folder: which disk is measured")
    scenario.add_argument("--folder", type=Path, metavar="DIR", help=about)


def add_server_options(scenario: argparse.ArgumentParser) -> None:
    """Which server, and how it is reached."""
    scenario.add_argument("--host", default="127.0.0.1")
    scenario.add_argument("--port", type=int, default=12345)
    scenario.add_argument("--tls", action="store_true", help=_("over TLS; the certificate is not checked"))
    scenario.add_argument("--websocket", action="store_true", help=_("each line in a message of a WebSocket"))
    scenario.add_argument("--pid", type=int, help=_("the server's process: say what it uses (Linux)"))


def _add_report_options(scenario: argparse.ArgumentParser) -> None:
    scenario.add_argument("--json", action="store_true", help=_("print JSON instead of a table"))


def _add_runs(scenario: argparse.ArgumentParser) -> None:
    scenario.add_argument(
        "--runs",
        type=int,
        default=1,
        choices=range(1, 101),
        metavar="N",
        help=_("so many runs: medians, with least and greatest"),
    )


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

"""`chat-bench compare`: our server and others', one after the other in each round, on this machine alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from gettext import gettext as _
from pathlib import Path

from chatapp.bench.caller import BenchError
from chatapp.bench.callers import allow_many_files
from chatapp.bench.comparison import Comparison
from chatapp.bench.crowd import measure_idle, measure_join
from chatapp.bench.machine import machine_of
from chatapp.bench.peers.chatapp_server import OURS
from chatapp.bench.peers.peer import Peer
from chatapp.bench.probe import NoSuchFigure
from chatapp.bench.progress import SILENT, Progress
from chatapp.bench.report import Report
from chatapp.bench.room import measure_room
from chatapp.bench.rows import Load
from chatapp.bench.subject import Subject


def compare(
    peers: Sequence[Peer],
    loads: Sequence[Load],
    rounds: int,
    seconds: float,
    folder: Path | None = None,
    progress: Progress = SILENT,
) -> Comparison:
    """Measure each of ``loads`` on each of ``peers``, ``rounds`` times.

    Every measurement has a server of its own, just started in an empty folder below ``folder``, and no other
    server is up meanwhile. What cannot be measured is noted, and the rest goes on. Who stops it gets what
    there is by then.

    Raises:
        BenchError: Our own server is not there.
    """
    found = _those_here(peers)
    with tempfile.TemporaryDirectory(prefix="chat-bench-", dir=folder) as scratch:
        found.machine = machine_of(Path(scratch))
    here = [peer for peer in peers if peer.name in found.versions]
    try:
        for number in range(rounds):
            for load, peer in _in_turns(loads, here, number):
                progress.announce(f"{number + 1}/{rounds} · {load.name} · {peer.name}")
                _measure_into(found, load, peer, seconds, folder, progress)
    except KeyboardInterrupt:
        if not found.reports:
            raise
        found.was_stopped = True
        found.note(_("stopped in round {number} of {rounds}").format(number=number + 1, rounds=rounds))
    return found


def _measure_into(
    found: Comparison, load: Load, peer: Peer, seconds: float, folder: Path | None, progress: Progress
) -> None:
    try:
        report = measure(peer, load, seconds, folder, progress)
    except (BenchError, NoSuchFigure, OSError) as error:
        about = {"load": load.name, "peer": peer.name, "error": error}
        words = _("{load}: {peer} could not be measured: {error}").format(**about)
        if peer is OURS:
            found.failures.append(words)
        else:
            found.note(words)
        return
    found.reports.setdefault(load.name, {}).setdefault(peer.name, []).append(report)
    _note_oddities(found, load, peer, report)


def _those_here(peers: Sequence[Peer]) -> Comparison:
    """A comparison of those of ``peers`` that are installed."""
    if not OURS.find():
        words = _("{peer} is not installed; install it with: {command}")
        raise BenchError(words.format(peer=OURS.program, command=OURS.install))
    here = [peer for peer in peers if peer.find()]
    found = Comparison(
        ours=OURS.name,
        rivals=[peer.name for peer in here if peer.is_irc and peer is not OURS],
        others=[peer.name for peer in here if not peer.is_irc],
        versions={peer.name: peer.version_line() for peer in here},
    )
    for peer in peers:
        if peer not in here:
            about = {"peer": peer.name, "command": peer.install}
            found.note(
                _("{peer} is not installed and was left out; install it with: {command}").format(**about)
            )
    return found


def _in_turns(loads: Sequence[Load], peers: Sequence[Peer], number: int) -> Iterator[tuple[Load, Peer]]:
    """Each load with each peer, who is first in one round is last in the next."""
    shift = number % max(1, len(peers))
    for load in loads:
        for peer in (*peers[shift:], *peers[:shift]):
            # Who has no rooms has nobody to tell that somebody came.
            if peer is OURS or not (load.only_ours or (load.kind == "join" and not peer.is_irc)):
                yield load, peer


def measure(
    peer: Peer, load: Load, seconds: float, folder: Path | None = None, progress: Progress = SILENT
) -> Report:
    """Start ``peer``, put ``load`` on it, and end it, whatever happens.

    Raises:
        BenchError, NoSuchFigure: It could not be done.
    """
    allow_many_files()
    progress.begin(_("starting"))
    way = replace(peer.way, tls=load.tls)
    with (
        tempfile.TemporaryDirectory(prefix="chat-bench-", dir=folder, ignore_cleanup_errors=True) as place,
        Subject(peer, Path(place)) as server,
    ):
        server.start()
        if load.kind == "idle":
            return measure_idle(server.address, load.options["connections"], server.pid, way, progress)
        if load.kind == "join":
            return measure_join(server.address, load.options["members"], server.pid, way, progress)
        plan = load.plan(server.address, seconds, peer.caps, way)
        return measure_room(plan, server.pid, load.name, progress)


def _note_oddities(found: Comparison, load: Load, peer: Peer, report: Report) -> None:
    """Note what a reader must know of a figure before comparing it."""
    missing = [cap for cap in load.caps if cap not in peer.caps]
    if missing:
        about = {"load": load.name, "peer": peer.name, "caps": ", ".join(missing)}
        found.lighter.add((load.name, peer.name))
        words = _("{load}: {peer} has no {caps}: it was measured without, and is not compared with")
        found.note(words.format(**about))
    if peer is not OURS:
        for fault in report.faults:
            about = {"load": load.name, "peer": peer.name, "fault": fault}
            found.note(_("{load}: at {peer} {fault}").format(**about))

"""The scenarios ``idle`` and ``join``: many who say nothing, and many who come at once."""

from __future__ import annotations

import re
import secrets
import time
from gettext import gettext as _

from chatapp.bench.caller import BenchError, Caller
from chatapp.bench.callers import allow_many_files, close_all, open_callers, receive, watching
from chatapp.bench.probe import cpu_seconds, resident_bytes
from chatapp.bench.progress import SILENT, Progress
from chatapp.bench.report import Figures, Report
from chatapp.bench.ways import PLAIN, Address, Way

_JOIN = b" JOIN "
_NAMES = re.compile(rb" 353 [^\r\n]*? :([^\r\n]*)")
_LONGEST_STORM_SECONDS = 120
#: How long the server may tidy up before its memory is looked at, in seconds.
_REST_SECONDS = 1.0


def measure_idle(
    address: Address, connections: int, pid: int, way: Way = PLAIN, progress: Progress = SILENT
) -> Report:
    """Open so many registered connections and see by how much the server's memory grows.

    Raises:
        BenchError: They could not be opened.
        NoSuchFigure: ``pid`` cannot be looked at.
    """
    allow_many_files()
    nicks = _nicks(connections)
    # The first connections pay for what the server sets up once.
    progress.begin(_("connecting"))
    first = open_callers(address, nicks[:10], way=way)
    try:
        before = resident_bytes(pid)
        began = time.monotonic()
        others = open_callers(address, nicks[10:], seconds=_LONGEST_STORM_SECONDS, way=way)
        seconds = time.monotonic() - began
        try:
            progress.begin(_("resting"), 2 * _REST_SECONDS)
            time.sleep(_REST_SECONDS)
            after = resident_bytes(pid)
            cpu = cpu_seconds(pid)
            time.sleep(_REST_SECONDS)
            cpu = cpu_seconds(pid) - cpu
        finally:
            close_all(others)
    finally:
        close_all(first)
    figures: Figures = {
        "connections": connections,
        "way": str(way) if way != PLAIN else None,
        "seconds to open": seconds,
        "server resident MiB before": before / 2**20,
        "server resident MiB after": after / 2**20,
        "KiB/connection": (after - before) / 1024 / max(1, len(others)),
        "server cpu share at rest": cpu / _REST_SECONDS,
    }
    return Report("idle", figures)


class Guest:
    """One who joins and waits until everyone has been seen: named in the list, or joining later."""

    __slots__ = ("_tail", "caller", "is_in", "seen")

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.seen = 0
        self.is_in = False
        self._tail = b""

    def fileno(self) -> int:
        """For a selector."""
        return self.caller.fileno()

    def hear(self, data: bytes) -> None:
        """Count who is named until the list of names ends, and who joins after that."""
        data = self._tail + data
        if not self.is_in:
            whole = data.rfind(b"\n") + 1
            data, self._tail = data[:whole], data[whole:]
            end = data.find(b" 366 ")
            named = data if end < 0 else data[:end]
            self.seen += sum(len(names.split()) for names in _NAMES.findall(named))
            if end < 0:
                return
            self.is_in = True
            data, self._tail = data[end:] + self._tail, b""
        self.seen += data.count(_JOIN)
        self._tail = data[1 - len(_JOIN) :]


def measure_join(
    address: Address, members: int, pid: int | None = None, way: Way = PLAIN, progress: Progress = SILENT
) -> Report:
    """Have everybody join one room in the same moment; measure until everyone has seen everyone.

    Raises:
        BenchError: It took more than two minutes, or the server closed a connection.
        NoSuchFigure: ``pid`` cannot be looked at.
    """
    allow_many_files()
    nicks = _nicks(members)
    progress.begin(_("connecting"))
    callers = open_callers(address, nicks, way=way)
    guests = [Guest(caller) for caller in callers]
    buffer = bytearray(1 << 18)
    try:
        cpu = cpu_seconds(pid) if pid else 0.0
        progress.begin(_("joining"))
        began = time.monotonic()
        for caller in callers:
            caller.join(f"#{nicks[0]}")
        missing = set(guests)
        with watching(guests) as selector:
            while missing:
                if time.monotonic() - began > _LONGEST_STORM_SECONDS:
                    words = _("{n} of {members} have not seen everybody")
                    raise BenchError(words.format(n=len(missing), members=members))
                for key, _mask in selector.select(0.5):
                    guest: Guest = key.data
                    count = receive(guest.caller, buffer)
                    guest.hear(bytes(memoryview(buffer)[:count]))
                    if guest.seen >= members:
                        missing.discard(guest)
        seconds = time.monotonic() - began
        cpu = cpu_seconds(pid) - cpu if pid else 0.0
    finally:
        close_all(callers)
    report = Report("join", {"members": members, "way": str(way) if way != PLAIN else None})
    report.figures["seconds until all have seen all"] = seconds
    report.figures["server cpu s"] = cpu if pid else None
    doubled = sum(guest.seen - members for guest in guests)
    if doubled:
        report.faults.append(f"{doubled} times somebody was seen twice")
    return report


def _nicks(count: int) -> list[str]:
    run = secrets.token_hex(2)[:3]
    return [f"b{run}{number:05d}" for number in range(count)]

"""What a process and its children have used: processor time and memory (Linux /proc)."""

from __future__ import annotations

import contextlib
import os
from gettext import gettext as _
from pathlib import Path


class NoSuchFigure(LookupError):
    """The system does not tell, or there is no such process."""


def cpu_seconds(pid: int) -> float:
    """Seconds of processor time, user and system, of ``pid``, its children, theirs, and all their threads.

    Raises:
        NoSuchFigure: As the class says.
    """
    ticks = 0
    for member in family(pid):
        fields = _fields(member)
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int:
    """Bytes of ``pid`` and its family in memory; what they share counts for each of them.

    Raises:
        NoSuchFigure: As the class says.
    """
    pages = sum(int(_read(member, "statm").split()[1]) for member in family(pid))
    return pages * os.sysconf("SC_PAGE_SIZE")


def family(pid: int) -> list[int]:
    """``pid``, its children, and theirs.

    Raises:
        NoSuchFigure: As the class says.
    """
    parents: dict[int, int] = {pid: int(_fields(pid)[1])}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            # One that has ended meanwhile is nobody's child any more.
            with contextlib.suppress(NoSuchFigure):
                parents[int(folder.name)] = int(_fields(int(folder.name))[1])
    found = [pid]
    for member in found:
        found += [child for child, parent in parents.items() if parent == member]
    return found


def _fields(pid: int) -> list[str]:
    """What stands in ``stat`` after the name, which stands in brackets and may hold blanks (proc(5))."""
    return _read(pid, "stat").rpartition(")")[2].split()


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise NoSuchFigure(_("no figures of process {pid} here").format(pid=pid)) from error

"""What a process has used: processor time and resident memory, where the system tells (Linux /proc)."""

from __future__ import annotations

import os
from pathlib import Path


class NoSuchFigure(LookupError):
    """The system does not tell, or there is no such process."""


def cpu_seconds(pid: int) -> float:
    """Seconds of processor time, user and system, of ``pid`` and all its threads.

    Raises:
        NoSuchFigure: As the class says.
    """
    # The name of the program stands in brackets and may hold blanks (proc(5)).
    fields = _read(pid, "stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int:
    """Bytes of ``pid`` in memory.

    Raises:
        NoSuchFigure: As the class says.
    """
    return int(_read(pid, "statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise NoSuchFigure(f"no figures of process {pid} here") from error

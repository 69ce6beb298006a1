"""On what a measurement was made: processor, system, and how long its disk takes to keep something."""

from __future__ import annotations

import os
import platform
import statistics
import time
from pathlib import Path

_TRIES = 30
_BLOCK = bytes(8192)


def machine_of(folder: Path) -> dict[str, str]:
    """What to write beside the figures; ``folder`` is where the servers keep their data."""
    return {
        "processors": f"{os.cpu_count()} x {_processor()}",
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "disk": f"fdatasync of 8 KiB in {_sync_milliseconds(folder):.2f} ms",
        "load before": f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(names), platform.machine())


def _sync_milliseconds(folder: Path) -> float:
    """The median of some appends that are kept before the next."""
    times = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(_TRIES):
            file.write(_BLOCK)
            began = time.perf_counter()
            # Windows and macOS have no fdatasync.
            getattr(os, "fdatasync", os.fsync)(file.fileno())
            times.append(time.perf_counter() - began)
    (folder / "sync").unlink()
    return statistics.median(times) * 1000

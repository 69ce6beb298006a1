"""chat-server as it is, which at SIGUSR1 writes what it has in it: tasks, timers, threads, objects by kind.

``python tests/bench/soak_server.py FILE`` and the words of ``chat-server``. A line of JSON in ``FILE`` for
each signal. With ``SOAK_SLOW`` (a file) in the environment its disk is as slow as that file says. Unix only.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import os
import re
import signal
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from chatapp import cli
from chatapp.store.database import Database

#: Packages whose objects are counted; the interpreter's own come and go with everything.
_COUNTED = ("chatapp", "uvloop", "_asyncio", "asyncio", "ssl", "_ssl", "websockets")


#: What the names of a pool's threads begin with; each has a number after it.
_POOLED = re.compile(r"(passwords|asyncio|uvloop)_\d+")


def inventory() -> dict[str, object]:
    """What there is at this moment, rubbish not counted."""
    gc.collect()
    kinds = Counter(type(each) for each in gc.get_objects())
    counted = {
        f"{kind.__module__}.{kind.__qualname__}": count
        for kind, count in kinds.items()
        if kind.__module__.partition(".")[0] in _COUNTED and kind is not type
    }
    names = [thread.name for thread in threading.enumerate()]
    return {
        **memory(),
        "tasks": len(asyncio.all_tasks()),
        "threads": sum(1 for name in names if not _POOLED.fullmatch(name)),
        "pools": Counter(found[1] for name in names if (found := _POOLED.fullmatch(name))),
        "timers": sum(count for name, count in counted.items() if name.endswith("TimerHandle")),
        "objects": sum(counted.values()),
        "kinds": counted,
    }


class _MallInfo(ctypes.Structure):
    """As mallinfo2(3) gives it back."""

    _fields_ = [
        *((name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd")),
        *((name, ctypes.c_size_t) for name in ("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")),
    ]


def memory() -> dict[str, object]:
    """Where the memory is: Python's small blocks, and the C library's heap, where that tells."""
    found: dict[str, object] = {"blocks": sys.getallocatedblocks()}
    with suppress(AttributeError):
        mallinfo = ctypes.CDLL(None).mallinfo2
        mallinfo.restype = _MallInfo
        info = mallinfo()
        found |= {"heap used": info.uordblks, "heap free": info.fordblks, "large": info.hblkhd}
    return found


def slow_down(place: Path) -> None:
    """Have each commit take as many seconds more as the file ``place`` says, if it says anything."""
    commit = Database._commit

    def slowly(self: Database, *about: Any) -> Any:
        with suppress(OSError, ValueError):
            time.sleep(float(place.read_text(encoding="utf-8")))
        return commit(self, *about)

    Database._commit = slowly  # type: ignore[method-assign]


def main() -> int:
    """Serve until a signal; the exit code."""
    place = Path(sys.argv[1])

    def tell(_number: int, _frame: object) -> None:
        with place.open("a", encoding="utf-8") as file:
            file.write(json.dumps(inventory()) + "\n")

    signal.signal(signal.SIGUSR1, tell)
    if slow := os.environ.get("SOAK_SLOW"):
        slow_down(Path(slow))
    return cli.server(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())

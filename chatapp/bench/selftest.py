"""The scenario ``selftest``: how fast the generator is against a relay that does nothing but relay."""

from __future__ import annotations

import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from chatapp.bench.plan import Plan
from chatapp.bench.progress import SILENT, Progress
from chatapp.bench.relay import run_relay
from chatapp.bench.report import Report
from chatapp.bench.room import measure_room
from chatapp.bench.ways import Address


@contextmanager
def bare_relay() -> Iterator[tuple[Address, int]]:
    """A relay in a process of its own; gives its address and process number."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=run_relay, args=(listening,), daemon=True)
        process.start()
        address: Address = listening.getsockname()[:2]
    try:
        yield address, process.pid or 0
    finally:
        process.terminate()
        process.join(5)


def measure_self(plan: Plan, progress: Progress = SILENT) -> Report:
    """Run ``plan`` against a bare relay instead of a server."""
    with bare_relay() as (address, pid):
        return measure_room(replace(plan, address=address), pid, "selftest", progress)

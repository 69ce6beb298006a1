"""A thread with a connection of its own that does the jobs of a queue, for the loop that asked."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

#: What a worker is asked to do. It may be called a second time, after a rollback of the first.
Job = Callable[[sqlite3.Connection], Any]


class Request(NamedTuple):
    """A job, and the future that waits for its result."""

    job: Job
    future: asyncio.Future[Any]


class Outcome(NamedTuple):
    """How a request ended: with ``error``, or with ``result``."""

    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None


#: Requests, and for each worker of the queue a final ``None``.
Queue = SimpleQueue[Request | None]
Connect = Callable[[], AbstractContextManager[sqlite3.Connection]]
#: Does all of the requests, and raises nothing.
Perform = Callable[[sqlite3.Connection, Sequence[Request]], list[Outcome]]


class Worker:
    """One thread. ``at_once`` is how many waiting requests it takes together.

    However many it takes, the loop is woken once for all of them.
    """

    def __init__(self, name: str, queue: Queue, connect: Connect, perform: Perform, at_once: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue = queue
        self._connect = connect
        self._perform = perform
        self._at_once = at_once
        self._started: asyncio.Future[None] = self._loop.create_future()
        self._stopped: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    async def start(self) -> None:
        """Connect, and begin to work; raises what connecting raised."""
        self._thread.start()
        await self._started

    async def stop(self) -> None:
        """Finish what was queued before, and disconnect."""
        self._queue.put(None)
        await self._stopped
        self._thread.join()

    def _run(self) -> None:
        end = self._started
        error = None
        try:
            with self._connect() as connection:
                self._tell([Outcome(self._started)])
                end = self._stopped
                while self._work(connection):
                    pass
        except Exception as failure:  # noqa: BLE001  whoever waits is told
            error = failure
        self._tell([Outcome(end, error=error)])

    def _work(self, connection: sqlite3.Connection) -> bool:
        """Do what waits, or else wait; False at the end of the queue."""
        requests: list[Request] = []
        request = self._queue.get()
        while request is not None:
            requests.append(request)
            if len(requests) == self._at_once:
                break
            try:
                request = self._queue.get_nowait()
            except Empty:
                break
        if requests:
            self._tell(self._perform(connection, requests))
        return request is not None

    def _tell(self, outcomes: list[Outcome]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(_complete, outcomes)


def _complete(outcomes: list[Outcome]) -> None:
    for future, result, error in outcomes:
        if future.done():  # given up: cancelled while the disk worked
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

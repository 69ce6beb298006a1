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


Connect = Callable[[], AbstractContextManager[sqlite3.Connection]]
#: Does all of the requests, each with an outcome, and raises nothing.
Perform = Callable[[sqlite3.Connection, Sequence[Request]], list[Outcome]]


class Requests:
    """What the loop asks of a worker, or of several that share it. ``waiting`` have no outcome yet."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.queue: SimpleQueue[Request | None] = SimpleQueue()  # for each worker a final None
        self.waiting = 0
        self._loop = loop

    def ask(self, job: Job) -> asyncio.Future[Any]:
        """Have ``job`` done behind all that was asked for before."""
        future = self._loop.create_future()
        self.waiting += 1
        self.queue.put(Request(job, future))
        return future

    def answer(self, outcomes: list[Outcome]) -> None:
        """Tell whoever waits. Called on a worker's thread."""
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._answer, outcomes)

    def _answer(self, outcomes: list[Outcome]) -> None:
        self.waiting -= len(outcomes)
        for outcome in outcomes:
            complete(outcome)


class Worker:
    """One thread. ``at_once`` is how many waiting requests it takes together.

    However many it takes, the loop is woken once for all of them.
    """

    def __init__(
        self, name: str, requests: Requests, connect: Connect, perform: Perform, at_once: int
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._requests = requests
        self._connect = connect
        self._perform = perform
        self._at_once = at_once
        self._connection: sqlite3.Connection | None = None
        self._started: asyncio.Future[None] = self._loop.create_future()
        self._stopped: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    async def start(self) -> None:
        """Connect, and begin to work; raises what connecting raised."""
        self._thread.start()
        await self._started

    async def stop(self) -> None:
        """Finish what was queued before, and disconnect."""
        self._requests.queue.put(None)
        await self._stopped
        self._thread.join()

    def do_here(self, job: Job) -> asyncio.Future[Any] | None:
        """Do ``job`` on the thread of the loop, which waits for it; ``None`` if the worker is not idle.

        An idle worker does not touch its connection. Not for one of several that share their requests.
        """
        if self._requests.waiting or self._connection is None:
            return None
        future = self._loop.create_future()
        for outcome in self._perform(self._connection, [Request(job, future)]):
            complete(outcome)
        return future

    def _run(self) -> None:
        end = self._started
        error = None
        try:
            with self._connect() as self._connection:
                self._tell(Outcome(self._started))
                end = self._stopped
                while self._work(self._connection):
                    pass
                self._connection = None
        except Exception as failure:  # noqa: BLE001  whoever waits is told
            error = failure
        self._tell(Outcome(end, error=error))

    def _work(self, connection: sqlite3.Connection) -> bool:
        """Do what waits, or else wait; False at the end of the queue."""
        queue = self._requests.queue
        requests: list[Request] = []
        request = queue.get()
        while request is not None:
            requests.append(request)
            if len(requests) == self._at_once:
                break
            try:
                request = queue.get_nowait()
            except Empty:
                break
        if requests:
            self._requests.answer(self._perform(connection, requests))
        return request is not None

    def _tell(self, outcome: Outcome) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(complete, outcome)


def complete(outcome: Outcome) -> None:
    """Let whoever waits for ``outcome`` have it, unless they have given up while the disk worked."""
    future, result, error = outcome
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)

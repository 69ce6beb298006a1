"""The database: one thread that writes, a few that read, and the connections they do it on.

Where the disk is quick and the writing thread idle, what is brief is written on the loop's own thread: to
hand it over and to be woken again takes longer than a quick disk, above all where the cores are busy.

Exactly one connection writes, and it also does all checkpoints: before SQLite 3.51.3 two that did could
corrupt a database in WAL mode.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from gettext import gettext as _
from typing import Any, Literal, TypeVar

from chatapp.core.ports import StoreError
from chatapp.store.before_upgrade import Tell
from chatapp.store.directory import DataDirectory
from chatapp.store.failure import explain
from chatapp.store.migration import migrate, migrations
from chatapp.store.pace import Pace
from chatapp.store.worker import Job, Outcome, Request, Requests, Worker

T = TypeVar("T")
Synchronous = Literal["full", "normal"]

READERS = 2
_GROUP = 4096  # jobs in one transaction at most; more wait for the next
_BUSY_SECONDS = 5.0
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16384",  # KiB
    "PRAGMA wal_autocheckpoint = 2000",  # pages: 8 MB
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA secure_delete = ON",  # what was taken back is overwritten
)


class Database:
    """Jobs for the writing thread and queries for the reading ones, asked from one event loop.

    Without a ``directory`` everything is in memory, and the writing thread reads as well. ``tell`` is told
    how an upgrade of the data goes. ``clock`` counts seconds; commits are measured by it.
    """

    def __init__(
        self,
        directory: DataDirectory | None,
        synchronous: Synchronous = "full",
        tell: Tell = lambda _words: None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._tell_on_loop = tell
        self._directory = directory
        self._place = str(directory.database) if directory else ":memory:"
        self._synchronous = synchronous
        self._rollback_calls: list[Callable[[], object]] = []
        self._open = False
        self._clock = clock
        self._pace = Pace()
        self._jobs = Requests(self._loop)
        self._queries = Requests(self._loop) if directory else self._jobs
        self._writer = Worker("store-writer", self._jobs, self._connect, self._commit, _GROUP)
        self._readers: list[Worker] = []

    async def open(self) -> None:
        """Take the directory, bring the schema up to date, start the threads.

        Raises:
            StoreError: It cannot be opened; the text says why.
        """
        await self._start(self._writer)
        self._open = True
        if self._directory is None:
            return
        try:
            for number in range(READERS):
                reader = Worker(
                    f"store-reader-{number}", self._queries, self._connect_reader, self._answer, 1
                )
                await self._start(reader)
                self._readers.append(reader)
        except StoreError:
            await self.close()
            raise

    def write(self, job: Callable[[sqlite3.Connection], T], *, is_brief: bool = False) -> asyncio.Future[T]:
        """Do ``job`` in a transaction; the future is done once that is committed.

        Jobs are done in the order they were asked for. All that wait share one transaction; should one of
        them fail, each is done anew in a transaction of its own, so that it alone fails, with a StoreError.
        One that ``is_brief`` may be done before this returns.
        """
        if is_brief and self._pace.is_quick and self._open:
            done = self._writer.do_here(job)
            if done is not None:
                return done
        return self._ask(self._jobs, job)

    def empty_log(self) -> asyncio.Future[bool]:
        """Fold the WAL into the database and cut it to nothing: until then it has what was overwritten.

        The future tells whether that was done; it is not while somebody reads. Nobody waits for them.
        """
        return self._ask(self._jobs, _empty_log)

    def read(self, query: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        """Do ``query``, which only reads; it sees at least what was committed before it was asked."""
        return self._ask(self._queries, query)

    def on_rollback(self, call: Callable[[], object]) -> None:
        """Have ``call`` made, on the thread that wrote, whenever a transaction was rolled back."""
        self._rollback_calls.append(call)

    async def close(self) -> None:
        """Finish what was asked for, fold the WAL into the database and let go of the directory."""
        if not self._open:
            return
        self._open = False
        # Together: they share a queue, and any of them may take the end that is meant for another.
        await asyncio.gather(*(reader.stop() for reader in self._readers))
        await self._writer.stop()

    async def _start(self, worker: Worker) -> None:
        try:
            await worker.start()
        except (sqlite3.Error, OSError) as error:
            raise explain(error, self._place) from error

    def _ask(self, requests: Requests, job: Job) -> asyncio.Future[Any]:
        if self._open:
            return requests.ask(job)
        future = self._loop.create_future()
        future.set_exception(StoreError(_("{place}: is closed").format(place=self._place)))
        return future

    # On the threads, `_commit` also on the loop's.

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        if self._directory is None:
            memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            with closing(memory) as connection:
                self._prepare(connection)
                yield connection
            return
        with self._directory.held(), closing(_connect(self._directory)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            # On macOS a plain fsync leaves the data in the drive's cache; elsewhere this changes nothing.
            connection.execute(f"PRAGMA fullfsync = {int(self._synchronous == 'full')}")
            self._prepare(connection)
            yield connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        copy = None
        if self._directory:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            copy = self._directory.copy_path(version)
        migrate(connection, migrations(), self._place, copy, self._tell)
        with suppress(sqlite3.Error):  # on a full disk one can still read
            _empty_log(connection)  # a server that was killed may have left in it what was taken back

    def _tell(self, words: str) -> None:
        self._loop.call_soon_threadsafe(self._tell_on_loop, words)

    @contextmanager
    def _connect_reader(self) -> Iterator[sqlite3.Connection]:
        assert self._directory is not None
        with closing(_connect(self._directory, "?mode=ro")) as connection:
            connection.execute("PRAGMA query_only = ON")
            yield connection

    def _commit(self, connection: sqlite3.Connection, requests: Sequence[Request]) -> list[Outcome]:
        try:
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [Outcome(future, job(connection)) for job, future in requests if job is not _empty_log]
            began = self._clock()
            connection.execute("COMMIT")
            self._pace.took(self._clock() - began)
        except Exception as error:  # noqa: BLE001  whoever asked is told, and the thread lives on
            self._roll_back(connection)
            if len(requests) == 1:
                return [Outcome(requests[0].future, error=explain(error, self._place))]
            return [outcome for request in requests for outcome in self._commit(connection, [request])]
        emptying = [request for request in requests if request.job is _empty_log]
        return outcomes + (self._answer(connection, emptying) if emptying else [])

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        for call in self._rollback_calls:
            call()
        # SQLite has rolled back by itself after some disk errors. Should it not be able to, the next
        # transaction cannot begin, and whoever asked for it is told.
        with suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _answer(self, connection: sqlite3.Connection, requests: Sequence[Request]) -> list[Outcome]:
        outcomes = []
        for job, future in requests:
            try:
                outcomes.append(Outcome(future, job(connection)))
            except Exception as error:  # noqa: BLE001  whoever asked is told, and the thread lives on
                outcomes.append(Outcome(future, error=explain(error, self._place)))
        return outcomes


def _empty_log(connection: sqlite3.Connection) -> bool:
    """Not to be done in a transaction."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        (is_busy, *_pages) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}")
    return not is_busy


def _connect(directory: DataDirectory, options: str = "") -> sqlite3.Connection:
    return sqlite3.connect(
        directory.database.as_uri() + options,
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,  # that never two use it at once is seen to by the workers
    )

"""The data directory: its files, private to their owner, and held by one process at a time."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from gettext import gettext as _
from pathlib import Path

from chatapp.core.ports import StoreError
from chatapp.store.files import private
from chatapp.system_errors import reason_of

#: Its files: the history, the server's own key and certificate, and what is held while a server runs.
DATABASE, CERTIFICATE, LOCK = "chat.db", "tls.pem", "chat.lock"

#: Below this many free bytes the disk counts as full: the log, the WAL and a copy still need room.
DISK_FLOOR = 64 * 1024 * 1024


class InUse(StoreError):
    """Another process has the data open."""


class DamagedLock(StoreError):
    """The file by which a server holds its data is not what it was: nobody can tell whether one does."""

    def __init__(self, lock: Path) -> None:
        words = _("{place}: is damaged; delete it while no server runs on this data")
        super().__init__(words.format(place=lock))


class DataDirectory:
    """The folder at ``path``. Nothing is touched before `held`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.database = self.path / DATABASE

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder if need be, and keep every other process out for as long as the block lasts.

        Raises:
            StoreError: The folder cannot be made or written to.
            InUse: Another process holds it.
        """
        with self.locked():
            try:
                private(self.database)
            except OSError as error:
                raise StoreError(_why_not(self.path, error)) from error
            yield

    @contextmanager
    def locked(self) -> Iterator[None]:
        """As `held`, and no database is made where there is none."""
        lock = self.path / LOCK
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            private(lock)
        except OSError as error:
            raise StoreError(_why_not(self.path, error)) from error
        with exclusive(lock) as is_ours:
            if not is_ours:
                words = _(
                    "{place}: another chat-server uses this data; stop it, or choose another --data-dir"
                )
                raise InUse(words.format(place=self.path))
            yield

    def free_bytes(self) -> int:
        """How much room the disk has left."""
        return shutil.disk_usage(self.path).free

    def copy_path(self, version: int) -> Path:
        """Where a copy of the database goes before it is brought up from ``version``."""
        return self.path / f"chat-before-upgrade-from-{version}.db"


def _why_not(place: Path, error: OSError) -> str:
    """Why no data can be kept in ``place``, and what to do."""
    match error.errno:
        case errno.EEXIST | errno.ENOTDIR:
            words = _("{place}: the data needs a folder, and there is a file; choose another --data-dir")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            words = _("{place}: this user may not write there; change that, or choose another --data-dir")
        case _:
            words = _("{place}: no data can be kept there ({error})")
    return words.format(place=place, error=reason_of(error))


@contextmanager
def exclusive(lock: Path) -> Iterator[bool]:
    """Hold the file ``lock`` for as long as the block lasts; gives False where another process does.

    It is an SQLite database on which a transaction stays open: SQLite knows how to lock on each platform, and
    the system lets go when the process ends, however it ends.

    Raises:
        DamagedLock: It is something else.
        sqlite3.OperationalError: It cannot be opened.
    """
    with closing(sqlite3.connect(lock, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
                raise DamagedLock(lock) from error
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            yield False
            return
        yield True

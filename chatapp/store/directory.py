"""The data directory: its files, private to their owner, and held by one process at a time."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from gettext import gettext as _
from pathlib import Path
from typing import IO

from chatapp.core.ports import StoreError

#: Below this many free bytes the disk counts as full: the log, the WAL and a copy still need room.
DISK_FLOOR = 64 * 1024 * 1024


class InUse(StoreError):
    """Another process has the data open."""


class DataDirectory:
    """The folder at ``path``. Nothing is touched before `held`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.database = self.path / "chat.db"

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
        lock = self.path / "chat.lock"
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
    return words.format(place=place, error=error.strerror)


@contextmanager
def exclusive(lock: Path) -> Iterator[bool]:
    """Hold the file ``lock`` for as long as the block lasts; gives False where another process does.

    It is an SQLite database on which a transaction stays open: SQLite knows how to lock on each platform, and
    the system lets go when the process ends, however it ends.
    """
    with closing(sqlite3.connect(lock, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            yield False
            return
        yield True


def private(path: Path) -> None:
    """Make the file at ``path`` if need be; when new, only its owner may read it.

    SQLite gives its side files (``-wal``, ``-shm``) the rights of the database.
    """
    path.touch(mode=0o600)


def hand_over(handle: int, folder: Path) -> None:
    """Give what is open as ``handle`` to whoever ``folder`` belongs to, if we are root: others must use it.

    By its handle, since who owns the folder could put something else in its place meanwhile.
    """
    if sys.platform != "win32" and os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(handle, owner.st_uid, owner.st_gid)


def create_private(path: Path) -> IO[bytes]:
    """A new file at ``path`` to write bytes to; only its owner may read it.

    Raises:
        FileExistsError: There is something.
    """
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

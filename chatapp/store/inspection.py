"""What can be told of a data directory from outside, also while a server has it open; nothing is changed."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from chatapp.core.ports import StoreError
from chatapp.store.before_upgrade import check_room
from chatapp.store.copying import database_bytes
from chatapp.store.directory import DATABASE, LOCK, DamagedLock
from chatapp.store.failure import explain
from chatapp.store.history import last_stamp
from chatapp.store.migration import migrations
from chatapp.store.open import SOUND_WAL
from chatapp.store.search_index import is_behind
from chatapp.system_errors import reason_of

_WAL = f"{DATABASE}-wal"
#: Messages counted between two looks at the clock.
_STEP = 50_000
_COUNT = """
    SELECT count(*), max(stamp) FROM (
        SELECT stamp FROM message WHERE conversation = ? AND stamp > ? ORDER BY stamp LIMIT ?
    )
"""
_HAS_CLAIMED = "SELECT is_claimed FROM owner_code"


class Count(NamedTuple):
    """How many there are; at least so many where there was no time to count them all."""

    number: int
    is_whole: bool


class Contents(NamedTuple):
    """What is in a database. ``bytes`` is what its files take; ``newest`` the greatest stamp, or 0.

    ``unindexed`` are the conversations in which something was said that is not in the index of words yet.
    """

    bytes: int
    messages: Count
    conversations: int
    rooms: int
    accounts: int
    unindexed: int
    newest: int
    has_owner: bool


class Format(NamedTuple):
    """Which version of the schema a database has, and which this program writes."""

    found: int
    known: int


def is_held(directory: Path) -> bool:
    """Whether a server has the data in ``directory`` open.

    Raises:
        StoreError: That cannot be seen.
    """
    lock = directory / LOCK
    try:
        if not lock.exists():
            return False
        with closing(sqlite3.connect(_uri(lock, "mode=ro"), uri=True, timeout=0)) as connection:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return True
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise DamagedLock(lock) from error
        raise explain(error, str(lock)) from error
    except OSError as error:
        raise _unseen(lock, error) from error
    return False


def format_of(directory: Path) -> Format:
    """The version of the data in ``directory``; 0 where there is none.

    Raises:
        StoreError: It cannot be read.
    """
    known = len(migrations())
    try:
        if not _database(directory).is_file():
            return Format(0, known)
        with closing(_reader(directory)) as connection:
            return Format(connection.execute("PRAGMA user_version").fetchone()[0], known)
    except OSError as error:
        raise _unseen(_database(directory), error) from error
    except sqlite3.Error as error:
        raise explain(error, str(_database(directory))) from error


def check_upgrade(directory: Path) -> None:
    """See whether a start can bring the data in ``directory``, of an older format, up to date.

    Raises:
        StoreError: There is no room for the copy that is made before, or it cannot be read.
    """
    try:
        with closing(_reader(directory)) as connection:
            check_room(directory, database_bytes(connection))
    except OSError as error:
        raise _unseen(_database(directory), error) from error
    except sqlite3.Error as error:
        raise explain(error, str(_database(directory))) from error


def contents_of(directory: Path, seconds: float) -> Contents:
    """What is in the database in ``directory``, which has the present format; count for ``seconds`` at most.

    Raises:
        StoreError: It cannot be read.
    """
    try:
        with closing(_reader(directory)) as connection:
            return _contents(connection, directory, time.monotonic() + seconds)
    except OSError as error:
        raise _unseen(_database(directory), error) from error
    except sqlite3.Error as error:
        raise explain(error, str(_database(directory))) from error


def bytes_of(directory: Path) -> tuple[int, int]:
    """What the files of the database in ``directory`` take, and how much room the disk has left.

    Raises:
        OSError: It cannot be seen.
    """
    return _size(directory), shutil.disk_usage(directory).free


def sqlite_version() -> tuple[str, bool]:
    """The version of SQLite that we run with, and whether two programs may write with it at once."""
    return sqlite3.sqlite_version, sqlite3.sqlite_version_info >= SOUND_WAL


def _contents(connection: sqlite3.Connection, directory: Path, deadline: float) -> Contents:
    def one(query: str) -> int:
        return int(connection.execute(query).fetchone()[0])

    conversations = [id for (id,) in connection.execute("SELECT id FROM conversation")]
    return Contents(
        _size(directory),
        _count(connection, conversations, deadline),
        len(conversations),
        one("SELECT count(*) FROM channel"),
        one("SELECT count(*) FROM account"),
        sum(is_behind(connection, id) for id in conversations if time.monotonic() < deadline),
        last_stamp(connection),
        any(is_claimed for (is_claimed,) in connection.execute(_HAS_CLAIMED)),
    )


def _size(directory: Path) -> int:
    total = 0
    for name in (DATABASE, _WAL):
        with suppress(FileNotFoundError):
            total += (directory / name).stat().st_size
    return total


def _count(connection: sqlite3.Connection, conversations: list[int], deadline: float) -> Count:
    total = 0
    for id in conversations:
        found, last = _STEP, -1
        while found == _STEP:
            if time.monotonic() > deadline:
                return Count(total, False)
            found, newest = connection.execute(_COUNT, (id, last, _STEP)).fetchone()
            total, last = total + found, newest if found else last
    return Count(total, True)


def _unseen(place: Path, error: OSError) -> StoreError:
    return StoreError(f"{place}: {reason_of(error)}")


def _reader(directory: Path) -> sqlite3.Connection:
    """A connection that leaves no file behind.

    SQLite makes the side files of the WAL also for who only reads, and they would belong to whoever looks, as
    with sudo; so where there are none, and nobody writes, it is told that nobody will.
    """
    database = _database(directory)
    has_log = database.with_name(_WAL).exists()
    options = "mode=ro" if has_log else "mode=ro&immutable=1"
    return sqlite3.connect(_uri(database, options), uri=True, timeout=1.0, isolation_level=None)


def _database(directory: Path) -> Path:
    return directory.absolute() / DATABASE


def _uri(path: Path, options: str) -> str:
    return f"{path.absolute().as_uri()}?{options}"

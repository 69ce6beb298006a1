"""A copy of the database: made in pieces while others write, and looked through once it is whole.

The copy is of one moment: a transaction that only reads stays open on the source, so that nobody who writes
waits for it, and what they write does not make it begin anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from gettext import gettext as _
from pathlib import Path
from typing import NamedTuple

from chatapp.core.ports import StoreError
from chatapp.store.failure import explain
from chatapp.store.files import private
from chatapp.system_errors import reason_of

#: Told again and again: how much is done, and of how much; of nothing where that is not known.
Progress = Callable[[int, int], None]

_PAGES = 1024  # copied in one piece: 4 MB
#: Of SQLite between two looks at who waits: some 50 ms.
OPERATIONS = 5_000_000
_BUSY_SECONDS = 5.0


class Inventory(NamedTuple):
    """What is in a database: its schema's version, rows of history, rooms, accounts, and the newest stamp."""

    schema: int
    messages: int
    rooms: int
    accounts: int
    newest: int


def open_reader(database: Path) -> sqlite3.Connection:
    """A connection that only reads, beside a server that runs or without one.

    Raises:
        StoreError: There is nothing to read; the text says why.
    """
    try:
        if not database.is_file():
            raise StoreError(_("{place}: there is no data of chatapp here").format(place=database.parent))
        connection = sqlite3.connect(
            database.absolute().as_uri() + "?mode=ro", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
        )
    except OSError as error:
        words = _("{place}: cannot be read ({error})")
        raise StoreError(words.format(place=database.parent, error=reason_of(error))) from error
    except sqlite3.Error as error:
        raise explain(error, str(database)) from error
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        connection.close()
        raise explain(error, str(database)) from error
    if not version:
        connection.close()
        raise StoreError(_("{place}: there is no data of chatapp here").format(place=database.parent))
    return connection


def database_bytes(connection: sqlite3.Connection) -> int:
    """How many bytes the database takes that ``connection`` has open, which a copy will take as well."""
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages * size)


def copy_database(source: sqlite3.Connection, target: Path, progress: Progress) -> None:
    """Copy all that is committed now to ``target``, a new file, which may not be on the disk yet.

    ``progress`` is told bytes; what it raises ends the copying. What failed is for the caller to remove.

    Raises:
        sqlite3.Error: It cannot be read, or written.
    """
    private(target)
    (page_size,) = source.execute("PRAGMA page_size").fetchone()

    def told(_status: int, remaining: int, total: int) -> None:
        progress((total - remaining) * page_size, total * page_size)

    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        # A copy that was not finished is thrown away: it needs no journal, and nobody waits for the disk.
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        had_transaction = source.in_transaction
        if not had_transaction:
            source.execute("BEGIN")
        try:
            source.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()  # from here on it is this moment
            source.backup(copy, pages=_PAGES, progress=told)
        finally:
            if not had_transaction:
                source.execute("ROLLBACK")


def examine(database: Path, progress: Progress) -> Inventory:
    """Look through a whole database that nobody writes to, and tell what is in it.

    ``progress`` is told nothing but that there is some, so that who waits sees it.

    Raises:
        StoreError: It is damaged, or none of chatapp's.
        KeyboardInterrupt: The person does not want to wait.
    """
    place = database.absolute().as_uri() + "?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(place, uri=True, isolation_level=None)) as connection:
            connection.set_progress_handler(lambda: progress(0, 0), OPERATIONS)
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                words = _("{place}: is damaged or not a database of chatapp; restore a backup ({error})")
                raise StoreError(words.format(place=database, error=found))
            return _inventory(connection)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        raise explain(error, str(database)) from error


def _inventory(connection: sqlite3.Connection) -> Inventory:
    def one(query: str) -> int:
        value: int | None = connection.execute(query).fetchone()[0]
        return value or 0

    schema = one("PRAGMA user_version")
    has_accounts = one("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'account'")
    return Inventory(
        schema,
        one("SELECT count(*) FROM message"),
        one("SELECT count(*) FROM channel"),
        one("SELECT count(*) FROM account") if has_accounts else 0,
        one(
            "SELECT max((SELECT stamp FROM message WHERE conversation = id ORDER BY stamp DESC LIMIT 1))"
            " FROM conversation"
        ),
    )

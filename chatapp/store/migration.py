"""The schema's history: numbered SQL files, run in order, counted by ``PRAGMA user_version``."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache, partial
from gettext import gettext as _
from importlib import resources
from pathlib import Path

from chatapp.core.ports import StoreError
from chatapp.store.before_upgrade import Tell, copy_before, seldom
from chatapp.store.copying import OPERATIONS


@cache
def migrations() -> tuple[str, ...]:
    """The text of each migration; the first brings an empty database to version 1."""
    folder = resources.files("chatapp.store") / "migrations"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name
    )
    return tuple(file.read_text("utf-8") for file in files)


def check_version(version: int, known: int, place: str) -> None:
    """Refuse data of a newer program, which has what this one would lose.

    Raises:
        StoreError: ``version`` is greater than ``known``.
    """
    if version > known:
        words = _(
            "{place}: was written by a newer chatapp (format {found}, this one knows {known}); upgrade it"
        )
        raise StoreError(words.format(place=place, found=version, known=known))


def migrate(
    connection: sqlite3.Connection,
    steps: Sequence[str],
    place: str,
    copy: Path | None = None,
    tell: Tell = lambda _words: None,
) -> None:
    """Bring the database up to date, each step in a transaction of its own.

    Where there is something to lose, a copy of it is put at ``copy`` (a path that names the version) first.
    ``tell`` is told that it is done, and now and then how far it is.

    Raises:
        StoreError: The database was written by a newer program, or there is no room for the copy.
        sqlite3.Error: A step failed; the database is as before that step.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    check_version(version, len(steps), place)
    kept = copy if 0 < version < len(steps) else None
    if kept:
        words = _("The data is of an older version and is brought up to date; first a copy is made: {copy}")
        tell(words.format(copy=kept))
        copy_before(connection, kept, tell)
    for number, step in enumerate(steps[version:], start=version + 1):
        words = _("The data is brought up to date: step {number} of {whole}")
        connection.set_progress_handler(
            seldom(partial(tell, words.format(number=number, whole=len(steps)))), OPERATIONS
        )
        try:
            connection.executescript(f"BEGIN IMMEDIATE;\n{step}\nPRAGMA user_version = {number};\nCOMMIT;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.rollback()
            raise
        finally:
            connection.set_progress_handler(None, 0)
    if kept:
        tell(_("The data is up to date. The copy stays; delete it when all is well."))

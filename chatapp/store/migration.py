"""The schema's history: numbered SQL files, run in order, counted by ``PRAGMA user_version``."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from gettext import gettext as _
from importlib import resources
from pathlib import Path

from chatapp.core.ports import StoreError
from chatapp.store.directory import private


@cache
def migrations() -> tuple[str, ...]:
    """The text of each migration; the first brings an empty database to version 1."""
    folder = resources.files("chatapp.store") / "migrations"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name
    )
    return tuple(file.read_text("utf-8") for file in files)


def migrate(
    connection: sqlite3.Connection, steps: Sequence[str], place: str, copy: Path | None = None
) -> None:
    """Bring the database up to date, each step in a transaction of its own.

    Where there is something to lose, a copy of it is put at ``copy`` (a path that names the version) first.

    Raises:
        StoreError: The database was written by a newer program.
        sqlite3.Error: A step failed; the database is as before that step.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(steps):
        words = _(
            "{place}: was written by a newer chatapp (format {found}, this one knows {known}); upgrade it"
        )
        raise StoreError(words.format(place=place, found=version, known=len(steps)))
    if 0 < version < len(steps) and copy is not None:
        _copy(connection, copy)
    for number, step in enumerate(steps[version:], start=version + 1):
        try:
            connection.executescript(f"BEGIN IMMEDIATE;\n{step}\nPRAGMA user_version = {number};\nCOMMIT;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.rollback()
            raise


def _copy(connection: sqlite3.Connection, path: Path) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    private(unfinished)
    with closing(sqlite3.connect(unfinished)) as target:
        connection.backup(target)
    unfinished.replace(path)

"""What people and channels tell of themselves, as a restart finds it again."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping


def keep_metadata(connection: sqlite3.Connection, values: Mapping[tuple[str, str], str | None]) -> None:
    """Write the values, each by its holder and key; ``None`` forgets it."""
    connection.executemany(
        "DELETE FROM metadata WHERE holder = ? AND key = ?",
        [place for place, value in values.items() if value is None],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO metadata (holder, key, value) VALUES (?, ?, ?)",
        [(*place, value) for place, value in values.items() if value is not None],
    )


def move_metadata(connection: sqlite3.Connection, old: str, new: str) -> None:
    """What ``old`` told of itself ``new`` tells now."""
    connection.execute("UPDATE OR REPLACE metadata SET holder = ? WHERE holder = ?", (new, old))


def load_metadata(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Every value there is."""
    rows = connection.execute("SELECT holder, key, value FROM metadata ORDER BY holder, key")
    return {(holder, key): value for holder, key, value in rows}

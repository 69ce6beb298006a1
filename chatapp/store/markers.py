"""How far people have read, as a restart finds it again."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping


def keep_markers(connection: sqlite3.Connection, markers: Mapping[tuple[str, str], int | None]) -> None:
    """Write the markers, each by whose it is and of what; ``None`` forgets it."""
    connection.executemany(
        "DELETE FROM read_marker WHERE owner = ? AND target = ?",
        [place for place, stamp in markers.items() if stamp is None],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO read_marker (owner, target, stamp) VALUES (?, ?, ?)",
        [(*place, stamp) for place, stamp in markers.items() if stamp is not None],
    )


def move_markers(connection: sqlite3.Connection, old: str, new: str) -> None:
    """What was read of ``old`` was read of ``new``."""
    connection.execute("UPDATE OR REPLACE read_marker SET target = ? WHERE target = ?", (new, old))


def load_markers(connection: sqlite3.Connection) -> dict[tuple[str, str], int]:
    """Every marker there is."""
    rows = connection.execute("SELECT owner, target, stamp FROM read_marker ORDER BY owner, stamp")
    return {(owner, target): stamp for owner, target, stamp in rows}

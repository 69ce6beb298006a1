"""What operators of the server did, kept for those who ask later."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from chatapp.core.ports import AuditEntry

#: So many are remembered.
ENTRIES = 10_000


def keep_audit(connection: sqlite3.Connection, entries: Sequence[AuditEntry]) -> None:
    """Add ``entries``; the oldest go once there are too many. To keep one a second time changes nothing."""
    connection.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", entries)
    connection.execute(
        "DELETE FROM audit WHERE stamp <= (SELECT stamp FROM audit ORDER BY stamp DESC LIMIT 1 OFFSET ?)",
        (ENTRIES,),
    )


def load_audit(limit: int, connection: sqlite3.Connection) -> list[AuditEntry]:
    """The last ``limit`` of them, oldest first."""
    rows = connection.execute(
        "SELECT stamp, operator, action, target, detail FROM audit ORDER BY stamp DESC LIMIT ?", (limit,)
    )
    return [AuditEntry(*row) for row in rows][::-1]

"""Who may not come to the server, as a restart finds it again."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from chatapp.core.ports import ServerBan


def keep_bans(connection: sqlite3.Connection, bans: Mapping[str, ServerBan | None]) -> None:
    """Write the bans anew, each by its folded mask; ``None`` forgets it."""
    connection.executemany("DELETE FROM server_ban WHERE folded = ?", [(folded,) for folded in bans])
    connection.executemany(
        "INSERT INTO server_ban VALUES (?, ?, ?, ?, ?, ?)",
        [
            (folded, ban.mask, ban.setter, ban.reason, ban.time, ban.expires)
            for folded, ban in bans.items()
            if ban is not None
        ],
    )


def load_bans(connection: sqlite3.Connection) -> list[ServerBan]:
    """Every ban there is."""
    rows = connection.execute(
        "SELECT mask, setter, reason, time, expires FROM server_ban ORDER BY time, mask"
    )
    return [ServerBan(*row) for row in rows]

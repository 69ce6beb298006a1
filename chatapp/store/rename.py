"""What is kept of a channel, kept under its new name."""

from __future__ import annotations

import sqlite3
from collections.abc import MutableMapping, Sequence

from chatapp.core.ports import Renamed
from chatapp.store.markers import move_markers
from chatapp.store.metadata import move_metadata
from chatapp.store.search_index import unindex_all

_ID = "SELECT id FROM conversation WHERE key = ?"


def rename(
    connection: sqlite3.Connection, renames: Sequence[Renamed], known: MutableMapping[str, int]
) -> None:
    """Carry out ``renames`` in order; ``known`` are ids of conversations, of which the old are dropped.

    What an earlier channel of the new name has left behind is in the same conversation from now on.
    """
    for old, new in renames:
        known.pop(old, None)
        known.pop(new, None)
        here = connection.execute(_ID, (old,)).fetchone()
        there = connection.execute(_ID, (new,)).fetchone()
        if here and there:
            # Their order is a new one; it is searched by parts that are in order.
            unindex_all(connection, here[0], old)
            unindex_all(connection, there[0], new)
            # Who went has gone from both by one message, which is there already.
            connection.execute(
                "UPDATE OR IGNORE message SET conversation = ? WHERE conversation = ?", (*here, *there)
            )
            connection.execute("DELETE FROM message WHERE conversation = ?", there)
            connection.execute("DELETE FROM conversation WHERE id = ?", there)
        if here:
            connection.execute("UPDATE conversation SET key = ? WHERE id = ?", (new, *here))
        move_markers(connection, old, new)
        move_metadata(connection, old, new)

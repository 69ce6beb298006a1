"""Forgetting what is too old or too much, if the operator wants that: a little at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import MutableMapping
from functools import partial
from typing import NamedTuple

from chatapp.store.database import Database
from chatapp.store.search_index import forget_cursor, unindex

#: Messages forgotten in one step, and conversations looked at in one.
STEP = 500
_CONVERSATIONS = 100

_NEXT = "SELECT id, key FROM conversation WHERE id > ? ORDER BY id LIMIT ?"
_OLDEST = "SELECT stamp FROM message WHERE conversation = ? ORDER BY stamp LIMIT 1"
_FROM_NEWEST = "SELECT stamp FROM message WHERE conversation = ? ORDER BY stamp DESC LIMIT 1 OFFSET ?"
_BEFORE = "SELECT stamp, kind, body FROM message WHERE conversation = ? AND stamp < ? ORDER BY stamp LIMIT ?"


class Bounds(NamedTuple):
    """How much is remembered: messages of a channel, of two people, and since which stamp; 0 for all."""

    channel_messages: int = 0
    direct_messages: int = 0
    since: int = 0


class Overdue(NamedTuple):
    """A conversation with something to forget: all before the stamp ``cut``."""

    id: int
    key: str
    cut: int


async def prune(database: Database, known: MutableMapping[str, int], bounds: Bounds) -> int:
    """Forget what lies beyond ``bounds``; give back how many messages that were.

    ``known`` are the ids of conversations that the writing thread has learned.

    Raises:
        StoreError: Something could not be written; the rest is for the next time.
    """
    forgotten, last = 0, 0
    while True:
        overdue, last = await database.read(partial(_find_overdue, bounds, last))
        for conversation in overdue:
            done = STEP
            while done == STEP:
                done = await database.write(partial(_forget, conversation, bounds.since, known))
                forgotten += done
        if not last:
            return forgotten


def _find_overdue(bounds: Bounds, after: int, connection: sqlite3.Connection) -> tuple[list[Overdue], int]:
    """Those among the next conversations, and where to go on; 0 at the end."""
    rows = connection.execute(_NEXT, (after, _CONVERSATIONS)).fetchall()
    found = []
    for id, key in rows:
        most = bounds.direct_messages if " " in key else bounds.channel_messages
        newest = connection.execute(_FROM_NEWEST, (id, most - 1)).fetchone() if most else None
        cut = max(bounds.since, newest[0] if newest else 0)
        oldest = connection.execute(_OLDEST, (id,)).fetchone()
        if oldest and oldest[0] < cut:
            found.append(Overdue(id, key, cut))
    return found, rows[-1][0] if len(rows) == _CONVERSATIONS else 0


def _forget(
    overdue: Overdue, since: int, known: MutableMapping[str, int], connection: sqlite3.Connection
) -> int:
    """Forget a few messages; give back how many."""
    id, key, cut = overdue
    rows = connection.execute(_BEFORE, (id, cut, STEP)).fetchall()
    is_direct = " " in key
    for stamp, kind, body in rows:
        # What two have is in the index once: while it is not too old the other may still look for it.
        if kind == 0 and (stamp < since or not is_direct):
            unindex(connection, id, key, stamp, body)
    connection.executemany(
        "DELETE FROM message WHERE conversation = ? AND stamp = ?", [(id, row[0]) for row in rows]
    )
    if is_direct and connection.execute(_OLDEST, (id,)).fetchone() is None:
        known.pop(key, None)
        forget_cursor(connection, id)
        connection.execute("DELETE FROM conversation WHERE id = ?", (id,))
    return len(rows)

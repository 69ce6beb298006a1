"""Finding what was said by its words, in an index that follows the history (SQLite's FTS5).

Nobody who speaks waits for the index: a conversation is brought up to date when somebody searches in it, in
steps between which others have their ticks kept.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator
from heapq import merge

from chatapp.core.message import Message
from chatapp.core.ports import Kept, Search
from chatapp.core.search import Terms, searchable_text, terms_of

#: Messages entered in the index in one step: some 20 ms.
STEP = 2000
#: A search looks at no more messages than that, and takes no longer.
MOST_LOOKED_AT = 200_000
MOST_SECONDS = 2.0
#: So many instructions of SQLite's lie between two looks at the clock.
_INSTRUCTIONS = 20_000
_GREATEST = 2**63 - 1

_COLUMNS = "stamp, command, body, account, tags"
_IDS = "SELECT id FROM conversation WHERE key = ?"
_CURSOR = "SELECT stamp FROM search_cursor WHERE conversation = ?"
_NEXT = """
    SELECT stamp, body FROM message WHERE conversation = ? AND stamp > ? AND kind = 0
    ORDER BY stamp LIMIT ?
"""
_IS_INDEXED = "SELECT 1 FROM search_index WHERE rowid = ?"
_REMOVE = "INSERT INTO search_index (search_index, rowid, place, text) VALUES ('delete', ?, ?, ?)"


def find_stale(search: Search, connection: sqlite3.Connection) -> list[str]:
    """The conversations of ``search`` that the index does not have whole."""
    if not terms_of(search.words).words:
        return []
    found = []
    for key in search.conversations:
        for (conversation,) in connection.execute(_IDS, (key,)):
            if connection.execute(_NEXT, (conversation, _cursor(connection, conversation), 1)).fetchone():
                found.append(key)
    return found


def index_step(keys: Collection[str], connection: sqlite3.Connection) -> bool:
    """Enter up to `STEP` messages of the conversations ``keys``; tell whether there may be more."""
    room = STEP
    for key in keys:
        for (conversation,) in connection.execute(_IDS, (key,)):
            room -= _index(connection, conversation, key, room)
            if room <= 0:
                return True
    return False


def unindex(connection: sqlite3.Connection, conversation: int, key: str, stamp: int, body: str) -> None:
    """Take a message out of the index, if it is there."""
    if connection.execute(_IS_INDEXED, (stamp,)).fetchone() is None:
        return
    connection.execute(_REMOVE, (stamp, _place(conversation, key), searchable_text(body)))


def find(search: Search, connection: sqlite3.Connection) -> list[Kept]:
    """The messages that ``search`` asks for, oldest first; the index is taken to be up to date.

    Raises:
        sqlite3.OperationalError: It took too long.
    """
    keys = {id: key for key in search.conversations for (id,) in connection.execute(_IDS, (key,))}
    terms = terms_of(search.words)
    rows = _indexed(search, terms, keys, connection) if terms.words else _all(search, keys, connection)
    if search.limit < 1 or not keys:
        return []
    deadline = time.monotonic() + MOST_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _INSTRUCTIONS)
    try:
        found = _take(search, terms, rows)
    finally:
        connection.set_progress_handler(None, 0)
    return found[::-1] if search.newest else found


def _take(search: Search, terms: Terms, rows: Iterable[Kept]) -> list[Kept]:
    """Those of ``rows`` that are asked for, in the order in which they come."""
    found: list[Kept] = []
    for looked_at, kept in enumerate(rows):
        if _fits(search, terms, kept.message):
            found.append(kept)
        if len(found) == search.limit or looked_at >= MOST_LOOKED_AT:
            break
    return found


def _index(connection: sqlite3.Connection, conversation: int, key: str, room: int) -> int:
    """Go on with one conversation for up to ``room`` messages; give back how many there were."""
    rows = connection.execute(_NEXT, (conversation, _cursor(connection, conversation), room)).fetchall()
    if not rows:
        return 0
    place = _place(conversation, key)
    new = rows
    if place == "d":  # the other party may have had it entered
        new = [row for row in rows if connection.execute(_IS_INDEXED, row[:1]).fetchone() is None]
    connection.executemany(
        "INSERT INTO search_index (rowid, place, text) VALUES (?, ?, ?)",
        [(stamp, place, searchable_text(body)) for stamp, body in new],
    )
    connection.execute(
        "INSERT OR REPLACE INTO search_cursor (conversation, stamp) VALUES (?, ?)",
        (conversation, rows[-1][0]),
    )
    return len(rows)


def _indexed(
    search: Search, terms: Terms, keys: dict[int, str], connection: sqlite3.Connection
) -> Iterator[Kept]:
    """What the index finds, in the order in which it is wanted."""
    places = " OR ".join(sorted({_place(id, key) for id, key in keys.items()}))
    words = " ".join(_phrase(word) for word in terms.words)
    order = "DESC" if search.newest else "ASC"
    stamps = connection.execute(
        "SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ?"
        f" ORDER BY rowid {order}",
        (f"place : ({places}) AND text : ({words})", *_bounds(search)),
    )
    query = f"""
        SELECT conversation, {_COLUMNS} FROM message
        WHERE conversation IN ({_list(keys)}) AND stamp = ? LIMIT 1
    """
    for stamp in stamps:
        for conversation, *row in connection.execute(query, stamp):
            yield Kept(keys[conversation], Message(*row))


def _phrase(word: str) -> str:
    """How the index is asked for words that begin so; a single letter of ours begins too many."""
    quoted = '"{}"'.format(word.replace('"', '""'))
    return quoted if len(word) == 1 and word.isascii() else f"{quoted}*"


def _all(search: Search, keys: dict[int, str], connection: sqlite3.Connection) -> Iterator[Kept]:
    """Everything said, in the order in which it is wanted; what two conversations hold comes once."""
    order = "DESC" if search.newest else "ASC"
    query = f"""
        SELECT {_COLUMNS}, conversation FROM message
        WHERE conversation = ? AND stamp BETWEEN ? AND ? AND kind = 0
        ORDER BY stamp {order}
    """
    streams = [connection.execute(query, (id, *_bounds(search))) for id in keys]
    last = -1
    for row in merge(*streams, key=lambda row: row[0], reverse=search.newest):
        if row[0] != last:
            last = row[0]
            yield Kept(keys[row[-1]], Message(*row[:-1]))


def _fits(search: Search, terms: Terms, message: Message) -> bool:
    if search.is_from is not None and not search.is_from(message.source.partition("!")[0]):
        return False
    return not terms.signs or all(sign in searchable_text(message.body) for sign in terms.signs)


def _bounds(search: Search) -> tuple[int, int]:
    after = 0 if search.after is None else search.after
    before = _GREATEST if search.before is None else search.before
    return min(max(after, 0), _GREATEST), min(max(before, -1), _GREATEST)


def _cursor(connection: sqlite3.Connection, conversation: int) -> int:
    row = connection.execute(_CURSOR, (conversation,)).fetchone()
    return row[0] if row else -1


def _place(conversation: int, key: str) -> str:
    """How the index calls where something was said; only the key of direct messages holds a blank."""
    return "d" if " " in key else f"c{conversation}"


def _list(ids: Collection[int]) -> str:
    return ",".join(map(str, ids))

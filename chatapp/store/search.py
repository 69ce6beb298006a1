"""Finding what was said by its words.

Nobody who speaks waits for the index: messages are entered in it when somebody searches for them, in steps
between which others have their ticks kept, and no older ones than are needed.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterator
from heapq import merge
from itertools import islice, takewhile
from operator import itemgetter
from typing import NamedTuple

from chatapp.core.message import Message
from chatapp.core.ports import Kept, Search
from chatapp.core.search import Terms, searchable_text, terms_of
from chatapp.store.search_index import GREATEST, IDS, Part, is_behind, is_shallow, parts_of, phrase

#: A search looks at no more messages than that, and takes no longer.
MOST_LOOKED_AT = 200_000
MOST_SECONDS = 2.0
#: So many instructions of SQLite's lie between two looks at the clock.
_INSTRUCTIONS = 20_000
#: Of a message, as `Message` takes them.
COLUMNS = "stamp, command, body, account, tags"


def find_behind(search: Search, connection: sqlite3.Connection) -> list[str]:
    """The conversations of ``search`` in which something was said after what is in the index."""
    if not terms_of(search.words).words:
        return []
    found = []
    for key in search.conversations:
        ids = connection.execute(IDS, (key,)).fetchall()
        if any(is_behind(connection, conversation) for (conversation,) in ids):
            found.append(key)
    return found


class Found(NamedTuple):
    """What a search has found so far, and the conversations of which older messages must be entered first."""

    messages: list[Kept]
    shallow: list[str]


def find(search: Search, connection: sqlite3.Connection) -> Found:
    """The messages that ``search`` asks for, oldest first; what is newer than the index was entered before.

    Raises:
        sqlite3.OperationalError: It took too long.
    """
    keys = {id: key for key in search.conversations for (id,) in connection.execute(IDS, (key,))}
    if search.limit < 1 or not keys:
        return Found([], [])
    terms = terms_of(search.words)
    look = _Look(search, terms)
    connection.create_function("fits", 2, look)
    rows = _indexed(search, terms, keys, connection) if terms.words else _all(search, keys, connection)
    deadline = time.monotonic() + MOST_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _INSTRUCTIONS)
    try:
        rows = takewhile(lambda kept: kept.message.stamp not in look.ends, rows)
        found = list(islice(rows, search.limit))
    finally:
        connection.set_progress_handler(None, 0)
    after = _bounds(search)[0]
    if search.newest:
        found.reverse()
        if len(found) == search.limit:
            after = max(after, found[0].message.stamp)
    if not terms.words or look.ends:
        return Found(found, [])
    return Found(found, [key for id, key in keys.items() if is_shallow(connection, id, after)])


class _Look:
    """Whether a message is asked for, as far as no index knows; SQLite calls it with stamp and body of each.

    After `MOST_LOOKED_AT` of them it says yes to all, and their stamps are the ``ends`` of the search.
    """

    def __init__(self, search: Search, terms: Terms) -> None:
        self._is_from = search.is_from
        self._signs = terms.signs
        self._left = MOST_LOOKED_AT
        self.ends: set[int] = set()

    def __call__(self, stamp: int, body: str) -> bool:
        if self._left == 0:
            self.ends.add(stamp)
            return True
        self._left -= 1
        if self._is_from is not None:
            source = Message(stamp, "", body).source
            if not self._is_from(source.partition("!")[0]):
                return False
        return not self._signs or all(sign in searchable_text(body) for sign in self._signs)


def _indexed(
    search: Search, terms: Terms, keys: dict[int, str], connection: sqlite3.Connection
) -> Iterator[Kept]:
    """What the index finds, in the order in which it is wanted."""
    query = f"""
        SELECT conversation, {COLUMNS} FROM message
        WHERE conversation IN ({_list(keys)}) AND stamp = ? AND fits(stamp, body) LIMIT 1
    """
    for stamp in _stamps(search, terms, keys, connection):
        for conversation, *row in connection.execute(query, (stamp,)):
            yield Kept(keys[conversation], Message(*row))


def _stamps(
    search: Search, terms: Terms, keys: dict[int, str], connection: sqlite3.Connection
) -> Iterator[int]:
    """Which messages the index finds, in the order in which they are wanted."""
    sign, order = (-1, "DESC") if search.newest else (1, "ASC")
    after, before = _bounds(search)
    query = f"""
        SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ?
        ORDER BY rowid {order}
    """

    def entries(part: Part) -> Iterator[tuple[int, bool]]:
        yield sign * (part.last if search.newest else part.first), False  # and no more until that is reached
        words = " ".join(phrase(part.code, word) for word in terms.words)
        for (stamp,) in connection.execute(query, (words, after, before)):
            yield sign * stamp, True

    for place, is_entry in merge(*map(entries, parts_of(connection, keys, after, before))):
        if is_entry:
            yield sign * place


def _all(search: Search, keys: dict[int, str], connection: sqlite3.Connection) -> Iterator[Kept]:
    """Everything said, in the order in which it is wanted; what two conversations hold comes once."""
    order = "DESC" if search.newest else "ASC"
    query = f"""
        SELECT {COLUMNS}, conversation FROM message
        WHERE conversation = ? AND stamp BETWEEN ? AND ? AND kind = 0 AND fits(stamp, body)
        ORDER BY stamp {order}
    """
    streams = [connection.execute(query, (id, *_bounds(search))) for id in keys]
    last = -1
    for *row, conversation in merge(*streams, key=itemgetter(0), reverse=search.newest):
        if row[0] != last:
            last = row[0]
            yield Kept(keys[conversation], Message(*row))


def _bounds(search: Search) -> tuple[int, int]:
    after = 0 if search.after is None else search.after
    before = GREATEST if search.before is None else search.before
    return min(max(after, 0), GREATEST), min(max(before, -1), GREATEST)


def _list(ids: Collection[int]) -> str:
    return ",".join(map(str, ids))

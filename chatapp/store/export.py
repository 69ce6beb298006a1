"""A room's history read from one end to the other, a page at a time, while the server serves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

from chatapp.core.message import Message
from chatapp.core.ports import Span
from chatapp.store.copying import open_reader
from chatapp.store.directory import DataDirectory
from chatapp.store.failure import explain
from chatapp.store.history import span_query

#: Messages read at once: between two pages nobody is held up.
PAGE = 1000

_CHANNEL = "#"
#: A blank is in the keys of direct messages alone.
_ROOMS = """
    SELECT conversation.key, coalesce(name, conversation.key)
    FROM conversation LEFT JOIN channel ON folded = conversation.key
    WHERE substr(conversation.key, 1, 1) = ? AND instr(conversation.key, ' ') = 0
    UNION SELECT folded, name FROM channel
    ORDER BY 1
"""


class Room(NamedTuple):
    """A room that there is or was: how it is kept, and how it is shown."""

    folded: str
    name: str


class Archive:
    """The history in a data directory, to read from; what is said meanwhile is read as well."""

    def __init__(self, connection: sqlite3.Connection, place: str) -> None:
        self._connection = connection
        self._place = place

    def rooms(self) -> list[Room]:
        """Every room with a history or with settings that are kept, by name."""
        return [Room(*row) for row in self._rows(_ROOMS, (_CHANNEL,))]

    def messages(self, room: Room, since: int, until: int) -> Iterator[Message]:
        """All of ``room`` from the stamp ``since`` on and before ``until``, in order, with its events."""
        after = since - 1
        while True:
            span = Span(room.folded, after, until, PAGE, newest=False, events=True)
            page = [Message.read_back(*row) for row in self._rows(*span_query(span))]
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].stamp

    def find(self, room: Room, stamp: int) -> Message | None:
        """The message of ``room`` with this stamp, None if it is gone."""
        span = Span(room.folded, stamp - 1, stamp + 1, 1, events=True)
        rows = self._rows(*span_query(span))
        return Message.read_back(*rows[0]) if rows else None

    def _rows(self, query: str, parameters: tuple[str | int, ...]) -> list[Any]:
        try:
            return self._connection.execute(query, parameters).fetchall()
        except sqlite3.Error as error:
            raise explain(error, self._place) from error


@contextmanager
def opened_archive(data: DataDirectory) -> Iterator[Archive]:
    """The archive of ``data``, whether a server runs on it or not.

    Raises:
        StoreError: There is nothing to read; also what reads from it raises this.
    """
    with closing(open_reader(data.database)) as connection:
        yield Archive(connection, str(data.database))

"""Messages that were taken back: out of the history, out of the index, and their bytes overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from chatapp.core.ports import Redaction
from chatapp.store.search_index import unindex

_FOUND = "SELECT body FROM message WHERE conversation = ? AND stamp = ?"
_DELETE = "DELETE FROM message WHERE conversation = ? AND stamp = ?"
_ID = "SELECT id FROM conversation WHERE key = ?"
#: A nick stands behind the only blank of a key.
_WITH = "SELECT id, key FROM conversation WHERE substr(key, -length(?) - 1) = ' ' || ?"


def redact(connection: sqlite3.Connection, redactions: Sequence[Redaction]) -> None:
    """Take the messages out; what is not there is no mistake."""
    for stamp, keys, partners in redactions:
        places = [(*row, key) for key in keys for row in connection.execute(_ID, (key,))]
        for partner in partners:
            places += connection.execute(_WITH, (partner, partner))
        for conversation, key in places:
            row = connection.execute(_FOUND, (conversation, stamp)).fetchone()
            if row is not None:
                unindex(connection, conversation, key, stamp, row[0])
                connection.execute(_DELETE, (conversation, stamp))

"""The messages of a tick as rows of SQLite, entered many at a time.

Each statement lets go of the interpreter when it begins and asks for it again when it ends. Entered one by
one, the messages of a large tick would contend for it with the loop once for each row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import chain
from operator import itemgetter

from chatapp.core.message import Message

SAID, EVENT, TAGS_ALONE = range(3)
_KINDS = {"PRIVMSG": SAID, "NOTICE": SAID, "TAGMSG": TAGS_ALONE}

#: Of a table's columns, in their order: conversation, stamp, kind, command, body, account, tags.
Row = tuple[int, int, int, str, str, str, str]

#: Rows in one statement at most: beyond this there is nothing more to gain. A power of two.
AT_ONCE = 256
#: The statement for each power of two up to that, so that SQLite has them prepared.
_INSERTS = {
    count: f"INSERT INTO message VALUES {', '.join(['(?, ?, ?, ?, ?, ?, ?)'] * count)}"
    " ON CONFLICT (conversation, stamp) DO NOTHING"
    for count in (2**power for power in range(AT_ONCE.bit_length()))
}
_by_conversation = itemgetter(0)


def row_of(conversation: int, message: Message) -> Row:
    """``message`` as it is kept in the conversation of that id."""
    return (
        conversation,
        message.stamp,
        _KINDS.get(message.command, EVENT),
        message.command,
        message.kept_body,
        message.account,
        message.tags,
    )


def enter(connection: sqlite3.Connection, rows: Iterable[Row]) -> int:
    """Enter ``rows``; give back how many of them were new."""
    left = sorted(rows, key=_by_conversation)  # neighbours on the disk one after the other
    count, entered = AT_ONCE, 0
    while left:
        while count > len(left):
            count //= 2
        values = list(chain.from_iterable(left[:count]))
        entered += connection.execute(_INSERTS[count], values).rowcount
        del left[:count]
    return entered

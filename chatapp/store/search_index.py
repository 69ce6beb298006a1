"""The index of words (SQLite's FTS5): how messages get into it and out of it.

It is in parts, each of some of a channel's messages in their order, so that whoever wants the newest need not
touch the rest. A word stands in the index behind the code of its part. Of each conversation all from one
message to another is in it: what was said since is entered first, what is older when somebody asks for it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from chatapp.core.search import searchable_text

#: Messages entered in the index in one step: some 20 ms.
STEP = 2000
#: With so many messages a part is full.
PART = 100_000
#: The part of all that two people said to each other, since one entry serves both.
_DIRECT = 0
#: Letters of a part's code; there are 26 of each.
_CODE = 6
#: Of SQLite's integers.
GREATEST = 2**63 - 1

_WORD = re.compile(r"[^\W_]+")
#: Marks that the tokenizer would leave out as well (unicode61, remove_diacritics).
_MARKS = re.compile("[\u0300-\u036f]+")
IDS = "SELECT id FROM conversation WHERE key = ?"
_CURSOR = "SELECT first, last FROM search_cursor WHERE conversation = ?"
_SAID = "SELECT stamp, body FROM message WHERE conversation = ? AND kind = 0"
_NEWER = f"{_SAID} AND stamp > ? ORDER BY stamp LIMIT ?"
_OLDER = f"{_SAID} AND stamp < ? ORDER BY stamp DESC LIMIT ?"
_IS_INDEXED = "SELECT 1 FROM search_index WHERE rowid = ?"
_INSERT = "INSERT INTO search_index (rowid, text) VALUES (?, ?)"
_REMOVE = "INSERT INTO search_index (search_index, rowid, text) VALUES ('delete', ?, ?)"
_END_PART = "SELECT id, entries FROM search_part WHERE conversation = ? ORDER BY first {order} LIMIT 1"
_NEWEST_PART, _OLDEST_PART = (_END_PART.format(order=order) for order in ("DESC", "ASC"))
_PART_WITH = "SELECT id FROM search_part WHERE conversation = ? AND first <= ? ORDER BY first DESC LIMIT 1"
_PARTS = "SELECT id, first, last FROM search_part WHERE conversation = ? AND last >= ? AND first <= ?"


class Part(NamedTuple):
    """Its code in the index, and the stamps of its first and last message."""

    code: str
    first: int
    last: int


class Entered(NamedTuple):
    """The stamps of the first and last message of a conversation that are in the index."""

    first: int = GREATEST
    last: int = GREATEST


def is_behind(connection: sqlite3.Connection, conversation: int) -> bool:
    """Whether something was said in ``conversation`` after what is in the index."""
    last = entered(connection, conversation).last
    return connection.execute(_NEWER, (conversation, last, 1)).fetchone() is not None


def is_shallow(connection: sqlite3.Connection, conversation: int, after: int) -> bool:
    """Whether something was said in ``conversation``, at ``after`` or later, before what is in the index."""
    first = entered(connection, conversation).first
    older = connection.execute(_OLDER, (conversation, first, 1)).fetchone()
    return older is not None and older[0] >= after


def entered(connection: sqlite3.Connection, conversation: int) -> Entered:
    """What of ``conversation`` is in the index; at the start nothing, and all of it is older than that."""
    row = connection.execute(_CURSOR, (conversation,)).fetchone()
    return Entered(*row) if row else Entered()


def enter_newer(keys: Collection[str], connection: sqlite3.Connection) -> bool:
    """Enter up to `STEP` messages that were said since in ``keys``; tell whether there may be more."""
    return _enter(keys, connection, newer=True)


def enter_older(keys: Collection[str], connection: sqlite3.Connection) -> bool:
    """Enter up to `STEP` messages that were said before in ``keys``; tell whether there may be more."""
    return _enter(keys, connection, newer=False)


def unindex(connection: sqlite3.Connection, conversation: int, key: str, stamp: int, body: str) -> None:
    """Take a message out of the index, if it is there."""
    if connection.execute(_IS_INDEXED, (stamp,)).fetchone() is None:
        return
    part = _DIRECT
    if not _is_direct(key):
        (part,) = connection.execute(_PART_WITH, (conversation, stamp)).fetchone()
        connection.execute("UPDATE search_part SET entries = entries - 1 WHERE id = ?", (part,))
        connection.execute("DELETE FROM search_part WHERE id = ? AND entries = 0", (part,))
    connection.execute(_REMOVE, (stamp, _entry(part, body)))


def unindex_all(connection: sqlite3.Connection, conversation: int, key: str) -> None:
    """Take all of a channel's messages out of the index."""
    within = f"{_SAID} AND stamp BETWEEN ? AND ?"
    for row in connection.execute(within, (conversation, *entered(connection, conversation))).fetchall():
        unindex(connection, conversation, key, *row)
    connection.execute("DELETE FROM search_part WHERE conversation = ?", (conversation,))
    forget_cursor(connection, conversation)


def forget_cursor(connection: sqlite3.Connection, conversation: int) -> None:
    """Begin again with ``conversation``, or with another one that gets its id."""
    connection.execute("DELETE FROM search_cursor WHERE conversation = ?", (conversation,))


def parts_of(
    connection: sqlite3.Connection, conversations: dict[int, str], after: int, before: int
) -> list[Part]:
    """The parts that may hold something said in ``conversations`` (ids and keys) within two stamps."""
    parts = [Part(_code(_DIRECT), after, before)] if any(map(_is_direct, conversations.values())) else []
    for conversation in conversations:
        rows = connection.execute(_PARTS, (conversation, after, before))
        parts += [Part(_code(id), first, last) for id, first, last in rows]
    return parts


def phrase(code: str, word: str) -> str:
    """How the index is asked for what begins with ``word``; a single letter of ours begins too many."""
    quoted = f'"{_coded(code, word)}"'
    return quoted if len(word) == 1 and word.isascii() else f"{quoted}*"


def _enter(keys: Collection[str], connection: sqlite3.Connection, *, newer: bool) -> bool:
    room = STEP
    for key in keys:
        for (conversation,) in connection.execute(IDS, (key,)):
            room -= _enter_some(connection, conversation, key, room, newer)
            if room <= 0:
                return True
    return False


def _enter_some(connection: sqlite3.Connection, conversation: int, key: str, room: int, newer: bool) -> int:
    """Go on with one conversation for up to ``room`` messages; give back how many there were."""
    first, last = entered(connection, conversation)
    query, edge = (_NEWER, last) if newer else (_OLDER, first)
    rows = connection.execute(query, (conversation, edge, room)).fetchall()
    if not rows:
        return 0
    rows.sort()  # FTS5 writes to the disk each time that a row comes before the last one
    lowest, highest = rows[0][0], rows[-1][0]
    if _is_direct(key):  # the other party may have had it entered
        part = _DIRECT
        new = [row for row in rows if connection.execute(_IS_INDEXED, row[:1]).fetchone() is None]
    else:
        part = _part_for(connection, conversation, lowest, newer)
        connection.execute(
            "UPDATE search_part SET first = min(first, ?), last = max(last, ?), entries = entries + ?"
            " WHERE id = ?",
            (lowest, highest, len(rows), part),
        )
        new = rows
    connection.executemany(_INSERT, [(stamp, _entry(part, body)) for stamp, body in new])
    connection.execute(
        "INSERT OR REPLACE INTO search_cursor (conversation, first, last) VALUES (?, ?, ?)",
        (conversation, min(first, lowest), highest if last == GREATEST else max(last, highest)),
    )
    return len(rows)


def _part_for(connection: sqlite3.Connection, conversation: int, stamp: int, newer: bool) -> int:
    """The part of ``conversation`` that takes its next messages, one of which has ``stamp``."""
    query = _NEWEST_PART if newer else _OLDEST_PART
    for part, entries in connection.execute(query, (conversation,)):
        if entries < PART:
            return int(part)
    begun = "INSERT INTO search_part (conversation, first, last, entries) VALUES (?, ?, ?, 0)"
    return connection.execute(begun, (conversation, stamp, stamp)).lastrowid or 0


def _is_direct(key: str) -> bool:
    """Only the key of direct messages holds a blank."""
    return " " in key


def _entry(part: int, body: str) -> str:
    return _coded(_code(part), searchable_text(body))


def _coded(code: str, text: str) -> str:
    """The words of ``text``, each behind ``code``."""
    plain = text if text.isascii() else _MARKS.sub("", text)
    return f" {code}".join(["", *_WORD.findall(plain)])


def _code(part: int) -> str:
    """Letters, so that they and a word are one word; always as many, so that no other begins alike."""
    letters = ""
    for _place in range(_CODE):
        part, letter = divmod(part, 26)
        letters = chr(ord("a") + letter) + letters
    return letters

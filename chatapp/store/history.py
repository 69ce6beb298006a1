"""What was said and done, in SQLite: kept tick by tick, read by place."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection, Sequence
from functools import partial
from itertools import count

from chatapp.core.message import Message
from chatapp.core.ports import AuditEntry, Changes, Kept, Search, Span, StoreError
from chatapp.store.accounts import keep_accounts
from chatapp.store.audit import keep_audit, load_audit
from chatapp.store.bans import keep_bans
from chatapp.store.channels import keep_channels
from chatapp.store.cleansing import Cleansing
from chatapp.store.database import Database
from chatapp.store.markers import keep_markers
from chatapp.store.metadata import keep_metadata
from chatapp.store.pruning import Bounds, prune
from chatapp.store.redaction import redact
from chatapp.store.rename import rename
from chatapp.store.rows import AT_ONCE, enter, row_of
from chatapp.store.search import COLUMNS, find, find_behind
from chatapp.store.search_index import GREATEST, enter_newer, enter_older

_LATEST = """
    SELECT stamp FROM message
    WHERE conversation = (SELECT id FROM conversation WHERE key = ?) AND kind = 0
    ORDER BY stamp DESC LIMIT 1
"""
#: One step down the primary key for each conversation, rather than past every message.
_LAST = """
    SELECT max((SELECT stamp FROM message WHERE conversation = id ORDER BY stamp DESC LIMIT 1))
    FROM conversation
    UNION ALL SELECT max(stamp) FROM audit
"""
#: A blank ends the owner; ``!`` is the character after it.
_PARTNERS = "SELECT key FROM conversation WHERE key >= ? || ' ' AND key < ? || '!' ORDER BY key"


class Conversations(dict[str, int]):
    """The ids of conversations, as far as they were needed. Belongs to whoever writes.

    Cleared when a transaction is rolled back, since it may have been the one that gave the ids.
    """

    most = 100_000

    def learn(self, connection: sqlite3.Connection, keys: Collection[str]) -> None:
        """Know every conversation in ``keys``; those that are new begin here."""
        if len(self) > self.most:
            self.clear()
        for key in keys:
            if key not in self:
                connection.execute("INSERT INTO conversation (key) VALUES (?) ON CONFLICT DO NOTHING", (key,))
                row = connection.execute("SELECT id FROM conversation WHERE key = ?", (key,)).fetchone()
                self[key] = row[0]


class SqliteHistory:
    """The store's Keeper and History (`chatapp.core.ports`)."""

    def __init__(self, database: Database) -> None:
        self.conversations = Conversations()
        self._database = database
        self._cleansing = Cleansing(database)
        self._searching = asyncio.Lock()
        database.on_rollback(self.conversations.clear)

    async def keep(self, changes: Changes) -> None:
        """As `Keeper.keep`. To keep a message a second time changes nothing."""
        is_brief = len(changes.messages) <= AT_ONCE and not any(changes[1:])
        await self._database.write(partial(_keep, self.conversations, changes), is_brief=is_brief)
        if changes.redactions or None in changes.accounts.values():
            self._cleansing.begin()

    async def prune(self, bounds: Bounds) -> int:
        """Forget what lies beyond ``bounds``; give back how many messages that were."""
        return await prune(self._database, self.conversations, bounds)

    async def finish(self) -> None:
        """Do what was put off; call it before the database is closed."""
        await self._cleansing.finish()

    async def read(self, span: Span) -> list[Message]:
        """As `History.read`."""
        return await self._database.read(partial(_read, span))

    async def latest_of(self, conversations: Sequence[str]) -> dict[str, int]:
        """As `History.latest_of`."""
        return await self._database.read(partial(_latest_of, conversations))

    async def conversations_of(self, owner: str) -> list[str]:
        """As `History.conversations_of`."""
        return await self._database.read(partial(_conversations_of, owner))

    async def search(self, search: Search) -> list[Kept]:
        """As `History.search`. They are done one after the other: who only reads never waits for them all."""
        async with self._searching:
            behind = await self._database.read(partial(find_behind, search))
        is_behind = bool(behind)
        while is_behind:
            is_behind = await self._database.write(partial(enter_newer, behind))
        for steps in (2**round for round in count()):
            async with self._searching:
                found = await self._database.read(partial(find, search))
            if not found.shallow:
                break
            for _step in range(steps):
                if not await self._database.write(partial(enter_older, found.shallow)):
                    break
        return found.messages

    async def audited(self, limit: int) -> list[AuditEntry]:
        """As `History.audited`."""
        return await self._database.read(partial(load_audit, limit))


def last_stamp(connection: sqlite3.Connection) -> int:
    """The greatest stamp of all, or 0."""
    return max(stamp or 0 for (stamp,) in connection.execute(_LAST))


def span_query(span: Span) -> tuple[str, tuple[str | int, ...]]:
    """The SQL that reads ``span``, and its parameters."""
    kinds = "" if span.events else "AND kind = 0"
    order = "DESC" if span.newest else "ASC"
    # What a client names may lie beyond what SQLite can count, and a negative LIMIT would mean none.
    after = -1 if span.after is None else min(span.after, GREATEST)
    before = GREATEST if span.before is None else min(max(span.before, 0), GREATEST)
    query = f"""
        SELECT {COLUMNS} FROM message
        WHERE conversation = (SELECT id FROM conversation WHERE key = ?) AND stamp > ? AND stamp < ? {kinds}
        ORDER BY stamp {order} LIMIT ?
    """
    return query, (span.conversation, max(after, -1), before, min(max(span.limit, 0), GREATEST))


def _keep(conversations: Conversations, changes: Changes, connection: sqlite3.Connection) -> None:
    messages = changes.messages
    if changes.renames:
        rename(connection, changes.renames, conversations)
    if messages:
        conversations.learn(connection, {key for key, _ in messages})
        rows = [row_of(conversations[key], said) for key, said in messages]
        if enter(connection, rows) != len(rows):
            _check_same(connection, messages)
    if changes.channels:
        keep_channels(connection, changes.channels)
    if changes.accounts:
        keep_accounts(connection, changes.accounts)
    if changes.redactions:
        redact(connection, changes.redactions)
    if changes.markers:
        keep_markers(connection, changes.markers)
    if changes.metadata:
        keep_metadata(connection, changes.metadata)
    if changes.bans:
        keep_bans(connection, changes.bans)
    if changes.audit:
        keep_audit(connection, changes.audit)


def _check_same(connection: sqlite3.Connection, messages: Sequence[Kept]) -> None:
    """Refuse what took the place of another message: it would be lost without a word."""
    for key, message in messages:
        span = Span(key, message.stamp - 1, message.stamp + 1, 1, events=True)
        if _read(span, connection) != [message]:
            raise StoreError(f"two messages of {key} have the stamp {message.stamp}")


def _read(span: Span, connection: sqlite3.Connection) -> list[Message]:
    found = [Message.read_back(*row) for row in connection.execute(*span_query(span))]
    return found[::-1] if span.newest else found


def _latest_of(conversations: Sequence[str], connection: sqlite3.Connection) -> dict[str, int]:
    rows = [(key, connection.execute(_LATEST, (key,)).fetchone()) for key in conversations]
    return {key: row[0] for key, row in rows if row is not None}


def _conversations_of(owner: str, connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(_PARTNERS, (owner, owner))
    return [key[len(owner) + 1 :] for (key,) in rows]

"""Accounts as a restart finds them again: proofs, choices, and who stays in which channel."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from chatapp.core.ports import AccountState, Presence, Verifier

_COLUMNS = (
    "folded, name, created, salt, iterations, stored_key, server_key, owner, email, multiclient, always_on, "
    "user_name, host, realname, modes"
)
#: Not deleted and written anew: other tables belong to an account, and would go with it.
_KEEP = f"""
    INSERT INTO account ({_COLUMNS}) VALUES ({", ".join("?" * 15)}) ON CONFLICT (folded) DO UPDATE SET
    {", ".join(f"{column} = excluded.{column}" for column in _COLUMNS.split(", ")[1:])}
"""
_CERTIFICATE = "INSERT INTO account_certificate (digest, account, place, is_unseen) VALUES (?, ?, ?, ?)"
_ROOM = "INSERT INTO account_room (account, place, channel, modes) VALUES (?, ?, ?, ?)"


def keep_accounts(connection: sqlite3.Connection, accounts: Mapping[str, AccountState | None]) -> None:
    """Write the accounts, each by its folded name; ``None`` forgets it and what is its own."""
    for folded in accounts:  # first of all accounts: one may have been taken over from another
        connection.execute("DELETE FROM account_certificate WHERE account = ?", (folded,))
    for folded, state in accounts.items():
        if state is None:
            _forget(connection, folded)
            continue
        connection.execute(_KEEP, _row(folded, state))
        connection.execute("DELETE FROM account_room WHERE account = ?", (folded,))
        rooms = state.presence.rooms if state.presence else ()
        connection.executemany(_ROOM, [(folded, place, *room) for place, room in enumerate(rooms)])
        certificates = enumerate(state.certificates)
        rows = [(digest, folded, place, digest in state.unseen) for place, digest in certificates]
        connection.executemany(_CERTIFICATE, rows)


def load_accounts(connection: sqlite3.Connection) -> dict[str, AccountState]:
    """Every account there is, by its folded name."""
    rooms: dict[str, list[tuple[str, str]]] = {}
    for folded, channel, modes in connection.execute(
        "SELECT account, channel, modes FROM account_room ORDER BY account, place"
    ):
        rooms.setdefault(folded, []).append((channel, modes))
    certificates: dict[str, dict[str, bool]] = {}
    for folded, digest, is_unseen in connection.execute(
        "SELECT account, digest, is_unseen FROM account_certificate ORDER BY account, place"
    ):
        certificates.setdefault(folded, {})[digest] = bool(is_unseen)
    found = {}
    for row in connection.execute(f"SELECT {_COLUMNS} FROM account"):
        folded, name, created = row[:3]
        owner, email, multiclient, always_on = row[7:11]
        stays = row[11:]
        presence = None if stays[0] is None else replace(Presence(*stays), rooms=tuple(rooms.get(folded, ())))
        choices = _choice(multiclient), _choice(always_on)
        found[folded] = AccountState(
            name,
            created,
            Verifier(*row[3:7]),
            owner,
            email,
            *choices,
            presence,
            tuple(theirs := certificates.get(folded, {})),
            frozenset(digest for digest, is_unseen in theirs.items() if is_unseen),
        )
    return found


def load_secret(connection: sqlite3.Connection) -> bytes:
    """Random bytes that are this server's alone, the same for as long as its data lives."""
    (value,) = connection.execute("SELECT value FROM secret").fetchone()
    return bytes(value)


def _forget(connection: sqlite3.Connection, folded: str) -> None:
    """The account goes, and with it all that is its owner's alone: its side of direct messages too."""
    for (owner,) in connection.execute("SELECT owner FROM account WHERE folded = ?", (folded,)).fetchall():
        conversations = "SELECT id FROM conversation WHERE key >= ? || ' ' AND key < ? || '!'"
        for table in ("message", "search_cursor"):
            connection.execute(f"DELETE FROM {table} WHERE conversation IN ({conversations})", (owner, owner))
        connection.execute("DELETE FROM read_marker WHERE owner = ?", (owner,))
        connection.execute("DELETE FROM metadata WHERE holder = ?", (owner,))
    connection.execute("DELETE FROM account WHERE folded = ?", (folded,))


def _row(folded: str, state: AccountState) -> tuple[str | int | bytes | None, ...]:
    stays = state.presence
    return (
        folded,
        state.name,
        state.created,
        *state.verifier,
        state.owner,
        state.email,
        state.multiclient,
        state.always_on,
        *((stays.user_name, stays.host, stays.realname, stays.modes) if stays else (None,) * 4),
    )


def _choice(value: int | None) -> bool | None:
    return None if value is None else bool(value)

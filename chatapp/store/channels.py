"""Channels as a restart finds them again: topic, modes and lists."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from chatapp.core.ports import ChannelState, ListEntry

_COLUMNS = "folded, name, created, topic, topic_setter, topic_time, modes, key, mode_limit, founder"
_INSERT_CHANNEL = f"INSERT INTO channel ({_COLUMNS}) VALUES ({', '.join('?' * 10)})"
_INSERT_ENTRY = "INSERT INTO list_entry VALUES (?, ?, ?, ?, ?, ?)"


def keep_channels(connection: sqlite3.Connection, channels: Mapping[str, ChannelState | None]) -> None:
    """Write the channels anew, each by its folded name; ``None`` forgets it."""
    connection.executemany("DELETE FROM channel WHERE folded = ?", [(folded,) for folded in channels])
    states = [(folded, state) for folded, state in channels.items() if state is not None]
    connection.executemany(_INSERT_CHANNEL, [_row(folded, state) for folded, state in states])
    connection.executemany(
        _INSERT_ENTRY,
        [
            (folded, letter, place, entry.mask, entry.setter, entry.time)
            for folded, state in states
            for letter, entries in state.lists.items()
            for place, entry in enumerate(entries)
        ],
    )
    connection.executemany(
        "INSERT INTO channel_value VALUES (?, ?, ?)",
        [(folded, letter, value) for folded, state in states for letter, value in _values(state)],
    )


def load_channels(connection: sqlite3.Connection) -> dict[str, ChannelState]:
    """Every channel there is, by its folded name."""
    lists: dict[str, dict[str, tuple[ListEntry, ...]]] = {}
    for folded, letter, *entry in connection.execute(
        "SELECT channel, letter, mask, setter, time FROM list_entry ORDER BY channel, letter, place"
    ):
        letters = lists.setdefault(folded, {})
        letters[letter] = (*letters.get(letter, ()), ListEntry(*entry))
    values = {
        (folded, letter): value
        for folded, letter, value in connection.execute("SELECT channel, letter, value FROM channel_value")
    }
    rows = connection.execute(f"SELECT {_COLUMNS} FROM channel")
    return {
        folded: replace(
            ChannelState(*state),
            lists=lists.get(folded, {}),
            founder=founder,
            forward=values.get((folded, "f"), ""),
            slow=int(values.get((folded, "W"), 0)),
        )
        for folded, *state, founder in rows
    }


def _values(state: ChannelState) -> list[tuple[str, str]]:
    """The modes of ``state`` that have a value and no column, by their letters."""
    return [
        (letter, value) for letter, value in (("f", state.forward), ("W", str(state.slow or ""))) if value
    ]


def _row(folded: str, state: ChannelState) -> tuple[str | int, ...]:
    return (
        folded,
        state.name,
        state.created,
        state.topic,
        state.topic_setter,
        state.topic_time,
        state.modes,
        state.key,
        state.limit,
        state.founder,
    )

"""Entering messages many at a time: how many there are changes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from chatapp.core.message import Message
from chatapp.store.migration import migrate, migrations
from chatapp.store.rows import AT_ONCE, enter, row_of


@pytest.fixture
def connection():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, migrations(), ":memory:")
        connection.executemany("INSERT INTO conversation (key) VALUES (?)", [("#a",), ("#b",), ("#c",)])
        yield connection


def said(number):
    """Turn about in three rooms, so that no two neighbours are of one conversation."""
    return row_of(1 + number % 3, Message(1000 + number, "PRIVMSG", f":ana!a@host PRIVMSG #a :{number}"))


def kept(connection):
    return connection.execute("SELECT * FROM message ORDER BY stamp").fetchall()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE + 5])
def test_all_are_there_once_however_many(connection, count):
    rows = [said(number) for number in range(count)]

    assert enter(connection, rows) == count
    assert kept(connection) == rows


def test_what_is_there_already_is_not_counted_and_stays_as_it_was(connection):
    enter(connection, [said(3), said(5)])
    other = row_of(1 + 5 % 3, Message(1005, "NOTICE", ":bob!b@host NOTICE #a :something else"))

    assert enter(connection, [said(2), said(3), said(4), other]) == 2
    assert kept(connection) == [said(number) for number in (2, 3, 4, 5)]


def test_of_a_statement_that_fails_nothing_is_entered(connection):
    nowhere = row_of(99, Message(1, "PRIVMSG", ":ana!a@host PRIVMSG #x :into no conversation"))
    connection.execute("PRAGMA foreign_keys = ON")

    with pytest.raises(sqlite3.IntegrityError):
        enter(connection, [said(0), said(1), said(2), nowhere])
    assert kept(connection) == []

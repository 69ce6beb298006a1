"""What newcomers are called: the first that is free, found in few steps however many are taken."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.core import ownership
from chatapp.core.ownership import name_near
from chatapp.listeners.naming import guest_name

MANY = 300


@pytest.fixture
def asked(monkeypatch):
    """The names that were asked about."""
    names, is_free = [], ownership.is_free

    def asking(world, name):
        names.append(name)
        return is_free(world, name)

    monkeypatch.setattr("chatapp.core.ownership.is_free", asking)
    monkeypatch.setattr("chatapp.listeners.naming.is_free", asking)
    return names


def test_guests_are_numbered(asked):
    table = Table()
    for number in range(1, MANY):
        name = guest_name(table.world)
        assert name == f"guest{number}"
        table.sit(name)
        assert len(asked) < 40
        asked.clear()


def test_who_wants_what_many_want_is_numbered_as_well(asked):
    table = Table()
    names = []
    for _ in range(MANY):
        names.append(name_near(table.world, "Ana"))
        table.sit(names[-1])
        assert len(asked) < 40
        asked.clear()
    assert names == ["Ana", "Ana_", *(f"Ana_{number}" for number in range(2, MANY))]


def test_a_name_that_is_free_again_is_found_where_few_are_taken():
    table = Table()
    people = [table.sit(f"guest{number}") for number in range(1, 6)]
    people[2].leaves()
    assert guest_name(table.world) == "guest3"

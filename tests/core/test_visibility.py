"""Who may see what: the one check."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.core.visibility import (
    conversations,
    may_read,
    may_see_address,
    may_see_channel,
    may_see_members,
    may_see_user,
    shares_channel,
)


def scene():
    """Ana and Bob in #tea, Eve outside: their users, and the channel."""
    table = Table()
    people = [table.sit(nick) for nick in ("ana", "bob", "eve")]
    table.room("#tea", *people[:2])
    return [*(person.session.user for person in people), table.world.channels["#tea"]]


@pytest.mark.parametrize("mode", ["", "i", "k", "s"])
def test_only_secret_rooms_are_hidden_and_only_from_strangers(mode):
    ana, _, eve, room = scene()
    room.modes |= set(mode)

    for may in (may_see_channel, may_see_members):
        assert may(ana, room)
        assert may(eve, room) is (mode != "s")


def test_what_was_said_is_for_those_inside():
    ana, bob, eve, room = scene()

    assert may_read(ana, room)
    assert not may_read(eve, room)
    eve.set_mode("o", True)
    assert not may_read(eve, room)
    room.part(bob)
    assert not may_read(bob, room)


def test_the_invisible_are_seen_by_themselves_and_by_those_who_share_a_room():
    ana, bob, eve, _ = scene()
    assert may_see_user(eve, ana)
    ana.set_mode("i", True)

    assert [may_see_user(viewer, ana) for viewer in (ana, bob, eve)] == [True, True, False]
    assert [shares_channel(viewer, ana) for viewer in (bob, eve)] == [True, False]


def test_where_one_comes_from_is_for_oneself_and_operators():
    ana, bob, eve, _ = scene()
    bob.set_mode("o", True)

    assert [may_see_address(viewer, ana) for viewer in (ana, bob, eve)] == [True, True, False]


def test_the_conversations_of_a_room_are_for_those_inside_and_by_standing():
    ana, bob, eve, room = scene()

    assert conversations(ana, room) == ["#tea", "@#tea", "%#tea", "+#tea"]
    assert conversations(bob, room) == ["#tea"]
    assert conversations(eve, room) == []

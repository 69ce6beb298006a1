"""The world: who is known by which name, and what ends when."""

from __future__ import annotations

import pytest
from dialogue import NEW_YEAR, Table

from chatapp.core.delivery import Delivery
from chatapp.core.errors import Disconnect, Failed, Refused
from chatapp.core.ports import ChannelState
from chatapp.core.settings import LimitSettings, ServerSettings, Settings
from chatapp.core.stamp import Stamps
from chatapp.core.user import User
from chatapp.core.world import Outside, World
from chatapp.irc.numerics import ERR_NOSUCHNICK


def newcomer(table, nick):
    return User(nick, table.world.fold(nick), "u", "host", nick, table.world.new_owner(), table.world.now())


# Names


@pytest.mark.parametrize(
    ("mapping", "alike", "apart"),
    [("unicode", "ÁNA", "anna"), ("ascii", "ANA", "{na"), ("rfc1459", "ANA", "an")],
)
def test_names_are_looked_up_as_the_mapping_says(mapping, alike, apart):
    table = Table(Settings(server=ServerSettings(casemapping=mapping)))
    nick = "ána" if mapping == "unicode" else "ana"
    ana = table.sit(nick)

    assert table.world.user(alike) is ana.session.user
    with pytest.raises(Refused):
        table.world.user(apart)


def test_under_rfc1459_braces_are_small_brackets():
    table = Table(Settings(server=ServerSettings(casemapping="rfc1459")))
    ana = table.sit("[ana]")

    assert table.world.user("{ANA}") is ana.session.user


def test_who_is_not_there_is_refused():
    world = Table().world

    with pytest.raises(Refused, match="No such nick"):
        world.user("ghost")
    with pytest.raises(Refused, match="No such channel"):
        world.channel("#ghost")


# Coming, being renamed, going


def test_a_nick_is_one_users_only():
    table = Table()
    ana = table.sit("ana")
    visitor = table.visit()

    with pytest.raises(Refused, match="in use"):
        table.world.register(visitor.session, newcomer(table, "ANA"))
    assert table.world.users == {"ana": ana.session.user}
    assert visitor.session.user is None
    bob = table.sit("bob")
    with pytest.raises(Refused, match="in use"):
        table.world.rename(bob.session.user, "aNa")
    assert bob.session.user.nick == "bob"


def test_a_rename_keeps_the_books():
    table = Table()
    who = table.sit("ana").session.user

    table.world.rename(who, "Bia")

    assert table.world.users == {"bia": who}
    assert (who.nick, who.folded, who.source) == ("Bia", "bia", "Bia!ana@127.0.0.1")
    assert [was.nick for was in table.world.whowas.find("ana")] == ["ana"]


def test_the_most_users_at_once_are_counted():
    table = Table()
    ana = table.sit("ana")
    table.sit("bob")
    ana.say("QUIT")
    table.sit("eve")
    table.visit()

    assert table.world.most_users == 2
    assert len(table.world.sessions) == 3


def test_a_user_has_quit_with_the_last_session():
    table = Table()
    ana, bob, second = table.sit("ana"), table.sit("bob"), table.visit()
    table.room("#tea", ana, bob)
    ana.session.user.attach(second.session)

    ana.leaves()
    assert bob.hears() == []
    assert "ana" in table.world.users
    second.leaves()
    assert bob.hears() == [":ana!ana@127.0.0.1 QUIT :Connection lost"]
    assert set(table.world.users) == {"bob"}
    assert len(table.world.channels["#tea"].members) == 1


def test_a_visitor_who_goes_is_only_gone():
    table = Table()
    visitor = table.visit()

    visitor.leaves()
    visitor.leaves()

    assert not table.world.sessions
    assert table.reports == []


def test_owners_of_private_history_are_never_the_same():
    table = Table()

    owners = {table.world.new_owner() for _ in range(100)} | {table.sit("ana").session.user.owner}

    assert len(owners) == 101
    assert all(owner.startswith("~") and " " not in owner for owner in owners)


def test_whowas_remembers_so_many_and_no_more():
    table = Table(Settings(limits=LimitSettings(whowas_entries=2)))
    for nick in ("ana", "bob", "ana"):
        table.sit(nick).leaves()

    assert len(table.world.whowas.find("ana")) == 1
    assert len(table.world.whowas.find("bob")) == 1
    none = Table(Settings(limits=LimitSettings(whowas_entries=0)))
    none.sit("ana").leaves()
    assert none.world.whowas.find("ana") == []


def test_stamps_go_on_from_where_the_store_stopped():
    outside = Outside(Delivery(lambda: None), None, None, lambda: NEW_YEAR)
    world = World(outside, Settings(), Stamps(NEW_YEAR + 5))

    assert world.scribe.stamp() == NEW_YEAR + 6
    assert world.now() == NEW_YEAR // 1_000_000
    assert world.name == "chatapp"
    outside.report("%(nick)s came", {"nick": "ana"})


# Rooms


def test_rooms_that_outlived_a_restart_are_there():
    table = Table(rooms=[ChannelState("#Tea", 5, topic="x")])

    room = table.world.channel("#TEA")

    assert (room.name, room.topic, room.has_history, room.members) == ("#Tea", "x", True, {})


def test_an_empty_room_ends_unless_it_has_something_to_remember():
    table = Table()
    ana = table.sit("ana")
    table.room("#a", ana)
    table.room("#b", ana)
    ana.say("TOPIC #b :x", "PART #a,#b")

    assert list(table.world.channels) == ["#b"]


# Errors


def test_errors_say_what_they_are():
    assert str(Refused(ERR_NOSUCHNICK, "x")) == "No such nick or channel"
    assert str(Refused(ERR_NOSUCHNICK, "x", text="Who?")) == "Who?"
    assert str(Failed("JOIN", "BAD", text="No.")) == "No."
    assert str(Disconnect("bye")) == "bye"

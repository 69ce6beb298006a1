"""MONITOR and extended-monitor: being told when nicks come, change and go."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.commands.login import become
from chatapp.core.settings import LimitSettings, Settings

ANA = "ana!ana@127.0.0.1"


@pytest.fixture
def table():
    return Table()


def watcher(table, nicks="ana", caps=""):
    bob = table.sit("bob", caps)
    bob.say(f"MONITOR + {nicks}")
    bob.hears()
    return bob


# The list


def test_who_is_here_and_who_is_not_is_told_at_once(table):
    table.sit("ana")
    bob = table.sit("bob")

    assert bob.asks("MONITOR + ANA,ghost,bob,Phantom") == [
        f":chatapp 730 bob :{ANA},bob!bob@127.0.0.1",
        ":chatapp 731 bob :ghost,Phantom",
    ]


def test_the_list_is_shown_taken_from_and_emptied(table):
    bob = watcher(table, "Ana,Carla,dora")

    assert bob.asks("MONITOR L") == [
        ":chatapp 732 bob :Ana,Carla,dora",
        ":chatapp 733 bob :End of MONITOR list",
    ]
    assert bob.asks("MONITOR - CARLA,nobody") == []
    assert bob.asks("MONITOR l")[0] == ":chatapp 732 bob :Ana,dora"
    assert bob.asks("MONITOR C") == []
    assert bob.asks("MONITOR L") == [":chatapp 733 bob :End of MONITOR list"]


def test_the_status_is_one_line_of_each_kind(table):
    table.sit("ana")
    bob = watcher(table, "ana,ghost")

    assert bob.asks("MONITOR S") == [f":chatapp 730 bob :{ANA}", ":chatapp 731 bob :ghost"]
    bob.say("MONITOR C")
    assert bob.asks("MONITOR S") == []


@pytest.mark.parametrize("mask", ["*!ana@*", "ana!ana@127.0.0.1", "an*", "#tea"])
def test_a_mask_is_no_nick_and_matches_nobody(table, mask):
    table.sit("ana")
    bob = table.sit("bob")

    assert bob.asks(f"MONITOR + {mask}") == [f":chatapp 432 bob {mask} :This cannot be a nick"]
    assert bob.asks("MONITOR L") == [":chatapp 733 bob :End of MONITOR list"]


def test_a_full_list_says_what_did_not_fit():
    table = Table(Settings(limits=LimitSettings(monitor_entries=2)))
    bob = table.sit("bob")

    assert bob.asks("MONITOR + a,b,c,d") == [
        ":chatapp 731 bob :a,b",
        ":chatapp 734 bob 2 c,d :Your MONITOR list is full",
    ]
    assert bob.asks("MONITOR + A") == [":chatapp 731 bob :A"]


def test_a_long_list_goes_over_several_lines(table):
    bob = table.sit("bob")
    nicks = [f"{'n' * 28}{number}" for number in range(30)]
    for at in range(0, 30, 10):
        bob.say("MONITOR + " + ",".join(nicks[at : at + 10]))
    bob.hears()

    *rows, end = bob.asks("MONITOR L")

    assert all(len(row.encode()) <= 510 for row in [*rows, end])
    assert ",".join(row.partition(" :")[2] for row in rows).split(",") == nicks


@pytest.mark.parametrize("line", ["MONITOR", "MONITOR +", "MONITOR + ,", "MONITOR - ", "MONITOR x a"])
def test_what_is_missing_is_said(table, line):
    assert table.sit("bob").asks(line) == [":chatapp 461 bob MONITOR :Not enough parameters"]


# Coming and going


def test_coming_and_going_is_told_once(table):
    bob = watcher(table, "Ana")

    ana = table.sit("ana")
    assert bob.hears() == [f":chatapp 730 bob :{ANA}"]
    ana.say("QUIT")
    assert bob.hears() == [":chatapp 731 bob :ana"]


def test_a_new_nick_is_a_going_and_a_coming(table):
    ana = table.sit("ana")
    bob = watcher(table, "ana,eva")

    ana.say("NICK Eva")
    assert bob.hears() == [":chatapp 731 bob :ana", ":chatapp 730 bob :Eva!ana@127.0.0.1"]
    ana.say("NICK EVA")
    assert bob.hears() == []
    ana.say("QUIT")
    assert bob.hears() == [":chatapp 731 bob :EVA"]


def test_each_watcher_is_told_and_only_until_they_stop(table):
    bob = watcher(table)
    carla = table.sit("carla")
    carla.say("MONITOR + ana")
    carla.hears()
    bob.say("MONITOR - ana")

    ana = table.sit("ana")
    assert bob.hears() == []
    assert carla.hears() == [f":chatapp 730 carla :{ANA}"]
    carla.leaves()
    ana.say("QUIT")
    assert table.world.monitor.watched_by(carla.session) == []
    assert not list(table.world.monitor._watchers)


def test_one_may_watch_oneself_and_a_watcher_keeps_the_list_with_a_new_nick(table):
    bob = table.sit("bob")
    bob.say("MONITOR + bob,ana")
    bob.hears()

    assert bob.asks("NICK rob") == [":chatapp 731 bob :bob", ":bob!bob@127.0.0.1 NICK rob"]
    table.sit("ana")
    assert bob.hears() == [f":chatapp 730 rob :{ANA}"]


# extended-monitor


CHANGES = [
    ("away-notify", "AWAY :out", f":{ANA} AWAY :out"),
    ("setname", "SETNAME :Ana B", f":{ANA} SETNAME :Ana B"),
]


@pytest.mark.parametrize(("cap", "line", "told"), CHANGES)
def test_changes_are_told_without_a_common_channel(table, cap, line, told):
    bob = watcher(table, caps=f"extended-monitor {cap}")
    ana = table.sit("ana")
    bob.hears()

    ana.say(line)

    assert bob.hears() == [told]


def test_being_back_has_no_parameter(table):
    bob = watcher(table, caps="extended-monitor away-notify")
    ana = table.sit("ana")
    ana.say("AWAY :out")
    bob.hears()

    ana.say("AWAY")

    assert bob.hears() == [f":{ANA} AWAY"]


@pytest.mark.parametrize(("cap", "line", "told"), CHANGES)
@pytest.mark.parametrize("caps", ["{0}", "extended-monitor", ""])
def test_without_both_capabilities_nothing_is_told(table, cap, line, told, caps):
    bob = watcher(table, caps=caps.format(cap))
    ana = table.sit("ana")
    bob.hears()

    ana.say(line)

    assert bob.hears() == [], told


def test_who_shares_a_channel_too_is_told_once(table):
    bob = watcher(table, caps="extended-monitor away-notify")
    ana = table.sit("ana")
    table.room("#tea", ana, bob)
    bob.hears()

    ana.say("AWAY :out")

    assert bob.hears() == [f":{ANA} AWAY :out"]


def test_the_account_is_told_to_watchers(table):
    bob = watcher(table, caps="extended-monitor account-notify")
    ana = table.sit("ana")
    bob.hears()

    ana.session.user.account = "old"
    become(table.world, ana.session.user, None)
    table.tick()

    assert bob.hears() == [f":{ANA} ACCOUNT *"]

"""Always on: who stays in their rooms while nobody is connected, over a restart too."""

from __future__ import annotations

import pytest
from commands.account_scenes import have, inside, sit_logged_in, table_with

from chatapp.commands.login import drop_account

GONE = "Not connected now; will read this later"


def staying(caps="", **options):
    """Bob and Ana in #tea, where Ana has a voice; she is always on."""
    table = table_with(**options)
    account = have(table, "Ana")
    bob = table.sit("bob", caps)
    ana = inside(sit_logged_in(table, "Ana"))
    table.room("#tea", bob, ana)
    if not options:
        ana.say("PRIVMSG NickServ :set always-on true")
    bob.say("MODE #tea +v Ana")
    for person in (bob, ana):
        person.hears()
    return table, account, bob, ana


def names(person):
    return sorted(person.asks("NAMES #tea")[0].rpartition(":")[2].split())


def test_nobody_sees_them_quit():
    table, _, bob, ana = staying()

    assert ana.asks("QUIT :bye") == ["ERROR :Closing link: Quit: bye"]

    assert bob.hears() == []
    assert names(bob) == ["+Ana", "@bob"]
    assert table.world.user("Ana").sessions == []


def test_a_cut_connection_is_the_same():
    _, _, bob, ana = staying()

    ana.leaves()

    assert bob.hears() == []
    assert names(bob) == ["+Ana", "@bob"]


def test_they_are_away_meanwhile():
    _, _, bob, ana = staying("away-notify")
    ana.say("QUIT")

    assert bob.hears() == [f":Ana!u@127.0.0.1 AWAY :{GONE}"]
    assert bob.asks("PRIVMSG Ana :hello?") == [f":chatapp 301 bob Ana :{GONE}"]
    assert bob.asks("WHO Ana")[0].split(" ")[8] == "G"
    told = bob.asks("WHOIS Ana")
    assert f":chatapp 301 bob Ana :{GONE}" in told
    assert not any(" 671 " in line for line in told)


def test_an_operator_sees_where_they_came_from_last():
    _, _, bob, ana = staying()
    bob.session.user.set_mode("o", True)
    ana.say("QUIT")

    assert ":chatapp 338 bob Ana u@127.0.0.1 127.0.0.1 :is actually using host" in bob.asks("WHOIS Ana")
    assert bob.asks("WHO Ana %i")[0] == ":chatapp 354 bob 127.0.0.1"


def test_who_comes_back_is_where_they_were_and_reads_what_was_said():
    table, _, bob, ana = staying("away-notify")
    ana.say("QUIT")
    bob.say("PRIVMSG #tea :to the room", "PRIVMSG Ana :to you")
    bob.hears()

    ana = sit_logged_in(table, "Ana", caps="batch")

    assert ana.hears()[-3:] == [
        ":Ana!u@127.0.0.1 JOIN #tea",
        ":chatapp 353 Ana = #tea :@bob +Ana",
        ":chatapp 366 Ana #tea :End of NAMES list",
    ]
    assert bob.hears() == [":Ana!u@127.0.0.1 AWAY"]
    assert ana.asks("CHATHISTORY LATEST bob * 9")[1].endswith(" PRIVMSG Ana :to you")
    assert ana.asks("CHATHISTORY LATEST #tea * 9")[1].endswith(" PRIVMSG #tea :to the room")


def test_who_comes_back_is_told_once_for_each_room_how_far_they_have_read():
    table, _, _bob, ana = staying()
    moment = "timestamp=2026-01-01T00:00:00.000Z"
    ana.say("JOIN #other", f"MARKREAD #tea {moment}")
    ana.leaves()

    again = sit_logged_in(table, "Ana", caps="draft/read-marker")

    told = [line for line in again.hears() if " JOIN " in line or " MARKREAD " in line]
    assert told == [
        ":Ana!u@127.0.0.1 JOIN #tea",
        f":chatapp MARKREAD #tea {moment}",
        ":Ana!u@127.0.0.1 JOIN #other",
        ":chatapp MARKREAD #other *",
    ]


def test_it_is_said_when_it_does_not_count_yet():
    table = table_with()
    have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana", nick="other"))

    (answer,) = ana.asks("NS SET ALWAYS-ON ON")
    assert answer.endswith(":ALWAYS-ON is on; it counts from when you are called Ana")
    ana.say("NICK Ana", "QUIT")
    assert "ana" in table.restarted().world.users


def test_they_come_back_to_their_nick_whatever_they_ask_for():
    table, _, _, ana = staying()
    ana.say("QUIT")

    again = sit_logged_in(table, "Ana", nick="other")

    assert again.hears()[0].startswith(":chatapp 001 Ana ")


def test_one_connection_alone_may_come_back():
    table, account, _, ana = staying()
    account.multiclient = False
    ana.say("QUIT")

    assert inside(sit_logged_in(table, "Ana")).session.user is ana.session.user


def test_it_outlives_a_restart():
    table, _, _, ana = staying()
    ana.say("QUIT")

    again = table.restarted()
    bob = again.sit("bob")
    bob.say("JOIN #tea")
    bob.hears()

    assert names(bob) == ["+Ana", "bob"]
    assert bob.asks("PRIVMSG Ana :hello?") == [f":chatapp 301 bob Ana :{GONE}"]
    ana = sit_logged_in(again, "Ana", caps="batch")
    assert ana.hears()[-3] == ":Ana!u@127.0.0.1 JOIN #tea"
    assert ana.asks("CHATHISTORY LATEST bob * 9")[1].endswith(":hello?")
    assert " 433 " in again.visit().asks("NICK Ana")[0]


def test_a_room_with_nothing_else_to_remember_is_there_again():
    table, _, _, ana = staying()
    ana.say("JOIN #quiet", "QUIT")

    again = table.restarted()

    assert [user.nick for user in again.world.channel("#quiet").members] == ["Ana"]
    assert again.world.channel("#quiet").members[again.world.user("Ana")].modes == "o"


def test_what_changes_meanwhile_is_kept():
    table, _, bob, ana = staying()
    ana.say("JOIN #other", "SETNAME :The Other", "QUIT")
    bob.session.user.set_mode("o", True)
    bob.say("MODE #tea -v+o Ana Ana", "JOIN #other", "KICK #other Ana")

    presence = table.store.held_accounts["ana"].presence
    assert (presence.rooms, presence.realname) == ((("#tea", "o"),), "The Other")


def test_an_operators_power_does_not_outlive_it():
    table, _, _, ana = staying()
    ana.session.user.set_mode("o", True)
    ana.say("JOIN #other", "QUIT")

    assert table.restarted().world.user("Ana").modes == ""


def test_it_can_be_turned_off_again():
    table, _, bob, ana = staying()
    ana.say("NS SET ALWAYS-ON OFF", "QUIT :bye")

    assert bob.hears() == [":Ana!u@127.0.0.1 QUIT :Quit: bye"]
    assert table.store.held_accounts["ana"].presence is None


@pytest.mark.parametrize(
    ("setting", "choice", "stays"),
    [
        ("disabled", True, False),
        ("opt-in", None, False),
        ("opt-in", True, True),
        ("opt-out", None, True),
        ("opt-out", False, False),
        ("mandatory", False, True),
    ],
)
def test_who_stays_is_for_the_setting_and_the_holder_to_say(setting, choice, stays):
    table = table_with(always_on=setting)
    have(table, "Ana", always_on=choice)
    ana = inside(sit_logged_in(table, "Ana"))

    ana.say("QUIT")

    assert ("ana" in table.world.users) is stays
    assert ("ana" in table.restarted().world.users) is stays


def test_who_stays_may_be_called_otherwise():
    table, _account, bob, ana = staying()

    ana.say("NICK Bia", "QUIT")

    assert bob.hears() == [":Ana!u@127.0.0.1 NICK Bia"]
    assert inside(sit_logged_in(table, "Ana")).session.user.nick == "Bia"
    assert table.restarted().world.user("Ana").account == "Ana"


def test_who_comes_in_under_another_nick_has_the_accounts():
    table = table_with(always_on="mandatory")
    have(table, "Ana")

    ana = sit_logged_in(table, "Ana", nick="other")

    assert ana.hears()[0].startswith(":chatapp 001 Ana ")


def test_under_another_nick_a_guest_of_ones_own_does_not_stay():
    table = table_with(always_on="mandatory", nick_ownership="optional")
    have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana", nick="other"))

    ana.say("QUIT")

    assert table.world.users == {}


def test_on_a_full_disk_people_still_come_and_go():
    table, _, bob, ana = staying()
    table.world.mute_reason = "The disk is full"
    ticks = len(table.store.kept)

    ana.say("JOIN #other", "QUIT")

    assert not any(tick.accounts for tick in table.store.kept[ticks:])
    assert bob.asks("NS SET ALWAYS-ON ON")[0].endswith(":The disk is full")
    assert "TEMPORARILY_UNAVAILABLE" in bob.asks("REGISTER * * secret")[0]


def test_an_account_that_is_given_up_leaves_at_once():
    table, account, bob, ana = staying()
    ana.say("QUIT")
    bob.hears()

    drop_account(table.world, account)
    table.tick()

    assert bob.hears() == [":Ana!u@127.0.0.1 QUIT :The account is no more"]
    assert "ana" not in table.world.users


@pytest.mark.parametrize("is_connected", [True, False])
def test_an_operator_puts_them_out_whether_they_are_connected_or_not(is_connected):
    table, account, bob, ana = staying()
    bob.session.user.set_mode("o", True)
    if not is_connected:
        ana.say("QUIT")
    bob.hears()

    assert bob.asks("KILL Ana :enough") == [":Ana!u@127.0.0.1 QUIT :Killed by bob: enough"]
    assert ("ana" in table.world.users, "ana" in table.restarted().world.users) == (False, False)
    again = inside(sit_logged_in(table, "Ana"))
    assert (again.session.user.stays, again.session.user.channels) == (True, {})
    assert account.user is again.session.user


def test_who_comes_back_from_elsewhere_has_the_host_of_now():
    table, account, _, ana = staying()
    carla, dora = table.sit("carla", "chghost"), table.sit("dora", "chghost extended-monitor")
    dora.say("MONITOR + ana")
    table.room("#tea", carla)
    ana.say("QUIT")
    for person in (carla, dora):
        person.hears()

    back = inside(sit_logged_in(table, "Ana", address="127.0.0.2"))

    told = [":Ana!u@127.0.0.1 CHGHOST u 127.0.0.2"]
    assert carla.hears() == dora.hears() == told
    assert back.asks("WHO Ana")[0].split(" ")[5] == "127.0.0.2"
    assert table.store.held_accounts[account.folded].presence.host == "127.0.0.2"


def test_those_who_do_not_know_chghost_hear_nothing_of_it():
    table, _, bob, ana = staying()
    ana.say("QUIT")

    inside(sit_logged_in(table, "Ana", address="127.0.0.2"))

    assert bob.hears() == []
    assert bob.asks("WHO Ana")[0].split(" ")[5] == "127.0.0.2"


def test_a_second_connection_from_elsewhere_changes_no_host():
    table, _, _, _ = staying()
    carla = table.sit("carla", "chghost")
    table.room("#tea", carla)

    inside(sit_logged_in(table, "Ana", address="127.0.0.2"))

    assert carla.hears() == []
    assert table.world.user("Ana").host == "127.0.0.1"

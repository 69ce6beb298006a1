"""PERSISTENCE: staying while not connected, as clients ask for it (IRCv3 draft/persistence)."""

from __future__ import annotations

import pytest
from commands.account_scenes import have, inside, sit_logged_in, table_with

CAP = "draft/persistence"


def scene(**options):
    """Ana has an account and is in with it."""
    table = table_with(**options)
    account = have(table, "Ana")
    return table, account, inside(sit_logged_in(table, "Ana", caps=CAP))


def status(chosen, effective):
    return [f":chatapp PERSISTENCE STATUS {chosen} {effective}"]


def test_it_is_told_and_set():
    _, account, ana = scene()

    assert ana.asks("PERSISTENCE GET") == status("DEFAULT", "OFF")
    assert ana.asks("PERSISTENCE SET ON") == status("ON", "ON")
    assert account.user is ana.session.user
    assert ana.asks("persistence set off") == status("OFF", "OFF")
    assert ana.asks("PERSISTENCE SET DEFAULT") == status("DEFAULT", "OFF")
    assert account.user is account.always_on is None


def test_who_set_it_stays_over_a_restart():
    table, _, ana = scene()
    ana.say("JOIN #tea", "PERSISTENCE SET ON", "QUIT")

    back = sit_logged_in(table.restarted(), "Ana", caps=CAP)

    codes = [line.split(" ")[1] for line in back.hears()]
    assert codes[codes.index("PERSISTENCE") - 1] == "005"
    assert codes.index("PERSISTENCE") < codes.index("251") < codes.index("422") < codes.index("JOIN")


@pytest.mark.parametrize(
    ("rule", "told"),
    [("mandatory", ("OFF", "ON")), ("opt-out", ("OFF", "OFF")), ("disabled", ("OFF", "OFF"))],
)
def test_the_server_may_leave_no_choice_and_notes_it_all_the_same(rule, told):
    table = table_with(always_on=rule)
    have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana"))

    assert ana.asks("PERSISTENCE SET OFF") == status(*told)


def test_under_another_name_one_does_not_stay():
    table = table_with()
    have(table, "Ana")
    ana = inside(sit_logged_in(table, "Ana", nick="Annie"))

    assert ana.asks("PERSISTENCE SET ON") == status("ON", "OFF")


def test_the_other_connections_with_the_capability_are_told():
    table, _, ana = scene()
    also = inside(sit_logged_in(table, "Ana", caps=CAP))
    old = inside(sit_logged_in(table, "Ana"))

    ana.say("PERSISTENCE SET ON")
    assert also.hears() == status("ON", "ON")
    ana.say("NS SET ALWAYS-ON OFF")

    assert also.hears() == status("OFF", "OFF")
    assert old.hears() == []


def test_guests_do_not_stay():
    ana = table_with().sit("ana", CAP)

    told = [":chatapp FAIL PERSISTENCE ACCOUNT_REQUIRED :Who stays must have an account to come back to"]
    assert ana.asks("PERSISTENCE GET") == ana.asks("PERSISTENCE SET ON") == told


@pytest.mark.parametrize("asked", ["SET", "SET MAYBE", "SET :"])
def test_what_it_cannot_be_set_to(asked):
    _, account, ana = scene()

    told = [":chatapp FAIL PERSISTENCE INVALID_PARAMETERS :It is set to ON, OFF or DEFAULT"]
    assert ana.asks(f"PERSISTENCE {asked}") == told
    assert account.always_on is None


def test_subcommands_to_come_are_passed_over():
    _, _, ana = scene()

    assert ana.asks("PERSISTENCE STATUS ON ON", "PERSISTENCE HUH") == []
    assert ana.asks("PERSISTENCE") == [":chatapp 461 Ana PERSISTENCE :Not enough parameters"]


def test_it_is_not_offered_where_nobody_stays():
    assert CAP in table_with().visit().asks("CAP LS 302")[-1] + table_with().visit().asks("CAP LS 302")[0]
    assert not any(CAP in line for line in table_with(always_on="disabled").visit().asks("CAP LS 302"))


def test_nothing_is_set_while_nothing_can_be_kept():
    table, account, ana = scene()
    table.world.mute_reason = "The disk is full"

    assert ana.asks("PERSISTENCE SET ON") == [":chatapp FAIL PERSISTENCE INTERNAL_ERROR :The disk is full"]
    assert ana.asks("PERSISTENCE GET") == status("DEFAULT", "OFF")
    assert account.always_on is None

"""Whose a nick is: the nearest free one."""

from __future__ import annotations

from commands.account_scenes import have, inside, sit_logged_in, table_with
from dialogue import Table

from chatapp.core.ownership import end_stay, is_free, name_near
from chatapp.core.settings import LimitSettings, Settings


def test_a_free_name_is_the_nearest():
    assert name_near(Table().world, "Ana") == "Ana"


def test_the_names_of_others_and_of_the_house_are_passed_over():
    table = Table()
    table.sit("Ana_")
    have(table, "Ana")
    have(table, "ana_2")

    assert name_near(table.world, "Ana") == "Ana_3"
    assert not is_free(table.world, "NickServ")
    assert name_near(table.world, "chatapp") == "chatapp_"


def test_a_long_name_is_cut_to_make_room():
    table = Table(Settings(limits=LimitSettings(nick_length=6)))
    table.sit("coraçã"[:5])

    near = name_near(table.world, "coraçã"[:5])
    assert (near, len(near.encode()) <= 6) == ("cora_", True)


def test_who_stays_on_a_full_disk_is_not_kept():
    table = table_with(always_on="mandatory")
    have(table, "Ana")
    table.world.mute_reason = "The disk is full"
    ticks = len(table.store.kept)

    ana = inside(sit_logged_in(table, "Ana"))

    assert ana.session.user.stays
    assert not any(tick.accounts for tick in table.store.kept[ticks:])


def test_the_stay_of_a_guest_who_never_had_one_ends_too():
    table = Table()
    guest = table.sit("ana").session.user
    guest.stays = True

    end_stay(table.world, guest, "enough")

    assert (guest.stays, list(table.world.users)) == (False, ["ana"])

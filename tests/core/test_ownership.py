"""Whose a nick is: the nearest free one."""

from __future__ import annotations

from commands.account_scenes import have
from dialogue import Table

from chatapp.core.ownership import is_free, name_near
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

"""Nobody takes a nick that looks like another's (UTS 39)."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.commands.login import check_name
from chatapp.core.errors import Failed
from chatapp.core.ports import AccountState
from chatapp.core.settings import ServerSettings, Settings
from chatapp.irc.scram import Verifier

IN_USE = ":chatapp 433 {0} {1} :This looks like a nick that somebody has"


def test_at_the_door_and_inside():
    table = Table()
    table.sit("Bob")
    eve, visitor = table.sit("eve"), table.visit()

    assert eve.asks("NICK Воb") == [IN_USE.format("eve", "Воb")]
    assert visitor.asks("NICK Воb", "USER e 0 * :e") == [IN_USE.format("*", "Воb")]
    assert visitor.asks("NICK Rob")[0].split(" ")[1] == "001"


def test_the_ascii_nick_is_not_had_either_while_its_double_is_here():
    table = Table()
    double = table.sit("Воb")
    eve = table.sit("eve")

    assert eve.asks("NICK bob") == [IN_USE.format("eve", "bob")]
    double.say("NICK ivan")
    assert eve.asks("NICK bob") == [":eve!eve@127.0.0.1 NICK bob"]
    assert double.asks("NICK Воb") == [IN_USE.format("ivan", "Воb")]


def test_ones_own_look_is_ones_own():
    table = Table()
    ana = table.sit("ana")

    assert ana.asks("NICK аnа") == [":ana!ana@127.0.0.1 NICK аnа"]
    assert ana.asks("NICK ana") == [":аnа!ana@127.0.0.1 NICK ana"]


def test_a_nick_is_free_when_its_holder_has_gone():
    table = Table()
    table.sit("Воb").leaves()

    table.sit("bob")
    assert len(table.world.users._looks) == len(table.world.users) == 1


@pytest.mark.parametrize("mapping", ["ascii", "rfc1459"])
def test_with_a_strict_mapping_there_is_nothing_to_confuse(mapping):
    table = Table(Settings(server=ServerSettings(casemapping=mapping)))
    table.sit("bob1")

    assert table.sit("bobl").session.user.nick == "bobl"
    assert table.world.users.alike("bob1") is None


def test_two_that_came_in_by_another_way_do_not_take_each_other_out():
    table = Table()
    bob, eve = table.sit("bob").session.user, table.sit("eve").session.user
    eve.rename("Воb", "воb")
    table.world.users["воb"] = eve

    del table.world.users["bob"]

    assert table.world.users.alike("bob") is eve
    assert bob not in table.world.users.values()


def test_an_account_keeps_its_look_for_its_holder():
    table = Table()
    table.world.accounts.add(AccountState("evan", 0, Verifier(b"", 1, b"", b""), "owner"))
    visitor, eve = table.visit(), table.sit("eve")

    assert visitor.asks("NICK еvan")[0].split(" ")[1] == "433"
    with pytest.raises(Failed):
        check_name(table.world, "еvan")
    eve.session.user.account = "evan"
    assert eve.asks("NICK еvan") == [":eve!eve@127.0.0.1 NICK еvan"]

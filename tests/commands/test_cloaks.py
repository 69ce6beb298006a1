"""With ``cloak_hosts`` nobody sees where somebody comes from, on any path; operators and bans do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from commands.account_scenes import have, inside, sit_logged_in
from dialogue import Table

from chatapp.core.settings import ServerSettings, Settings

ADDRESS = "203.0.113.7"


@pytest.fixture
def table():
    return Table(replace(Settings(), server=ServerSettings(cloak_hosts=True)))


def test_others_see_the_cloak_alone(table):
    ana, bob = table.sit("ana"), table.sit("bob", address=ADDRESS)
    cloak = bob.session.user.host
    assert cloak.endswith(".cloak")
    ana.say("JOIN #tea")
    bob.say("JOIN #tea", "PRIVMSG #tea :oi", "NICK bruno")
    heard = ana.hears()
    heard += ana.asks("WHO #tea", "WHO #tea %tcuihsnfdlaor,1", "WHOIS bruno", "WHOWAS bob", "USERHOST bruno")
    heard += ana.asks("CHATHISTORY LATEST #tea * 10", "MONITOR + bruno")
    assert any(cloak in line for line in heard)
    assert not any(ADDRESS in line for line in heard)


def test_a_ban_of_the_cloak_and_of_its_network_keeps_out(table):
    ana, bob = table.sit("ana"), table.sit("bob", address=ADDRESS)
    neighbour = table.sit("nina", address="203.0.113.99")
    stranger = table.sit("zoe", address="198.51.100.1")
    ana.say("JOIN #tea", f"MODE #tea +b *!*@*.{bob.session.user.host.partition('.')[2]}")
    for one, is_out in ((bob, True), (neighbour, True), (stranger, False)):
        assert any(" 474 " in line for line in one.asks("JOIN #tea")) is is_out


def test_an_operator_sees_the_address(table):
    ana = table.sit("ana")
    table.sit("bob", address=ADDRESS)
    ana.session.user.set_mode("o", True)
    assert any(ADDRESS in line for line in ana.asks("WHOIS bob"))


def test_who_stayed_over_the_restart_that_began_it_is_cloaked_too():
    open_table = Table()
    have(open_table, "Ana")
    ana = inside(sit_logged_in(open_table, "Ana"))
    ana.say("JOIN #tea", "NS SET ALWAYS-ON TRUE", "QUIT")
    open_table.world.settings = replace(Settings(), server=ServerSettings(cloak_hosts=True))

    table = open_table.restarted()

    cloak = table.world.user("Ana").host
    assert cloak == table.sit("bob").session.user.host
    assert cloak.endswith(".cloak")
    assert table.restarted().world.user("Ana").host == cloak


def test_who_comes_in_is_told_their_cloak_right_after_005(table):
    bob = table.visit(ADDRESS)
    told = bob.asks("NICK bob", "USER bob 0 * :Bob")

    codes = [line.split(" ")[1] for line in told]
    at = codes.index("396")
    assert codes[at - 1] == "005"
    assert told[at] == f":chatapp 396 bob {bob.session.user.host} :is what others see instead of your address"

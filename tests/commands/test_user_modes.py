"""What people set for themselves: bots (+B), no CTCP (+T), accounts alone (+R) with ACCEPT."""

from __future__ import annotations

import pytest
from dialogue import Table

ANA, BOB = "ana!ana@127.0.0.1", "bob!bob@127.0.0.1"
REFUSED = ":chatapp 477 bob ana :They hear only those with an account (+R)"


def pair(caps=""):
    table = Table()
    return table, table.sit("ana", caps), table.sit("bob", caps)


# Bots


def test_a_bot_says_so_and_is_told_so_in_the_next_line():
    _, ana, bob = pair()

    assert ana.asks("MODE ana +B") == [f":{ANA} MODE ana +B"]
    assert bob.asks("WHOIS ana").count(":chatapp 335 bob ana :is a bot") == 1
    assert bob.asks("WHO ana")[0].split(" ")[8] == "HB"
    assert bob.asks("WHO bob")[0].split(" ")[8] == "H"
    assert ":chatapp 335" not in "".join(ana.asks("WHOIS bob"))


def test_in_a_channel_the_letter_stands_before_the_prefix():
    table, ana, bob = pair()
    table.room("#tea", ana, bob)
    ana.say("MODE ana +B", "AWAY :x")

    assert bob.asks("WHO #tea %nf")[0] == ":chatapp 354 bob ana GB@"


@pytest.mark.parametrize("target", ["#tea", "bob"])
@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE"])
def test_what_a_bot_says_is_tagged_for_those_who_see_tags(target, verb):
    table, ana, bob = pair("message-tags echo-message")
    carla = table.sit("carla", "echo-message")
    table.room("#tea", ana, bob, carla)
    ana.say("MODE ana +B")
    for person in (ana, bob, carla):
        person.hears()

    (echo,) = ana.asks(f"@+x=y {verb} {target} :beep")
    (heard,) = bob.hears()

    assert echo == heard
    tags = heard.partition(" ")[0][1:].split(";")
    assert "bot" in tags
    assert "+x=y" in tags
    assert carla.hears() == ([f":{ANA} {verb} #tea :beep"] if target == "#tea" else [])


def test_history_remembers_that_it_was_a_bot():
    table, ana, bob = pair("message-tags batch")
    table.room("#tea", ana, bob)
    ana.say("MODE ana +B", "PRIVMSG #tea :beep", "MODE ana -B", "PRIVMSG #tea :hello")

    told = bob.asks("CHATHISTORY LATEST #tea * 5")

    assert [";bot" in line for line in told[1:-1]] == [True, False]


# +T


def test_who_takes_no_ctcp_hears_words_and_actions():
    _, ana, bob = pair()
    ana.asks("MODE ana +T")

    assert bob.asks("PRIVMSG ana :\x01VERSION\x01") == [":chatapp 531 bob ana :They take no CTCP (+T)"]
    assert bob.asks("NOTICE ana :\x01VERSION 1\x01") == []
    assert ana.hears() == []
    assert bob.asks("PRIVMSG ana :\x01ACTION waves\x01", "PRIVMSG ana :hi") == []
    assert len(ana.hears()) == 2


def test_one_may_send_oneself_anything():
    _, ana, _ = pair()
    ana.asks("MODE ana +RT")

    assert ana.asks("PRIVMSG ana :\x01VERSION\x01") == [f":{ANA} PRIVMSG ana :\x01VERSION\x01"]


# +R and ACCEPT


def test_only_those_with_an_account_are_heard():
    table, ana, bob = pair("message-tags")
    ana.asks("MODE ana +R")

    assert bob.asks("PRIVMSG ana :hi", "@+typing=active TAGMSG ana") == [REFUSED, REFUSED]
    assert bob.asks("NOTICE ana :hi") == []
    assert ana.hears() == []
    assert not any(tick.messages for tick in table.store.kept)
    bob.session.user.account = "Bob"
    bob.say("PRIVMSG ana :hi")
    assert len(ana.hears()) == 1


def test_an_operator_of_the_server_is_heard():
    _, ana, bob = pair()
    ana.asks("MODE ana +R")
    bob.session.user.set_mode("o", True)

    assert bob.asks("PRIVMSG ana :hi") == []


def test_whom_one_accepts_is_heard_until_one_does_not():
    _, ana, bob = pair()
    ana.asks("MODE ana +R")

    assert ana.asks("ACCEPT BOB") == []
    assert bob.asks("PRIVMSG ana :hi") == []
    ana.hears()
    assert ana.asks("ACCEPT *") == [":chatapp 281 ana :bob", ":chatapp 282 ana :End of ACCEPT list"]
    assert ana.asks("ACCEPT -bob,-bob,ghost") == [":chatapp 401 ana ghost :No such nick or channel"]
    assert bob.asks("PRIVMSG ana :hi") == [REFUSED]
    assert ana.asks("ACCEPT *") == [":chatapp 282 ana :End of ACCEPT list"]
    assert ana.asks("ACCEPT") == [":chatapp 461 ana ACCEPT :Not enough parameters"]


def test_whom_one_writes_to_may_answer():
    _, ana, bob = pair()
    ana.asks("MODE ana +R", "PRIVMSG bob :hello?")
    bob.hears()

    assert bob.asks("PRIVMSG ana :hi") == []
    assert ana.hears() == [f":{BOB} PRIVMSG ana :hi"]


def test_it_is_the_person_who_is_accepted_and_not_the_nick():
    table, ana, bob = pair()
    ana.asks("MODE ana +R", "ACCEPT bob")
    bob.asks("NICK rob")
    assert bob.asks("PRIVMSG ana :hi") == []
    bob.leaves()

    assert "477" in table.sit("bob").asks("PRIVMSG ana :hi")[0]
    assert not table.world.accepts._accepted
    assert not table.world.accepts._accepting


def test_who_accepted_and_has_gone_is_forgotten():
    table, ana, bob = pair()
    ana.asks("ACCEPT bob", "ACCEPT ana")
    ana.leaves()

    assert not table.world.accepts._accepted
    assert not table.world.accepts._accepting
    assert bob.asks("PRIVMSG ana :x")[0].split(" ")[1] == "401"


def test_each_accepts_and_is_accepted_on_their_own():
    table, ana, bob = pair()
    carla = table.sit("carla")
    ana.asks("MODE ana +R", "ACCEPT bob,carla")

    ana.say("ACCEPT -bob")

    assert bob.asks("PRIVMSG ana :hi") == [REFUSED]
    assert carla.asks("PRIVMSG ana :hi") == []

"""Who may speak in a channel, and to its operators alone."""

from __future__ import annotations

import pytest
from commands.scenes import BANNED, NO_CTCP, NOT_IN_IT, ONLY_SOME, cannot, kept, two

ANA, BOB = "ana!ana@127.0.0.1", "bob!bob@127.0.0.1"


# STATUSMSG


def test_a_message_to_the_operators_reaches_them_and_nobody_else():
    table, ana, bob = two()
    eve = table.sit("eve")
    table.room("#tea", eve)
    bob.hears()

    ana.hears()
    assert eve.asks("PRIVMSG @#TEA :help") == []
    assert ana.hears() == [":eve!eve@127.0.0.1 PRIVMSG @#tea :help"]
    assert bob.hears() == []


def test_its_target_stays_as_it_was():
    _, ana, bob = two("echo-message")

    assert bob.asks("PRIVMSG @#TEA :help") == [f":{BOB} PRIVMSG @#tea :help"]
    assert ana.hears() == [f":{BOB} PRIVMSG @#tea :help"]


def test_what_is_said_to_the_operators_alone_is_not_in_history_for_all():
    table, _, bob = two()
    table.store.kept.clear()

    bob.say("PRIVMSG @#tea :help")

    assert kept(table) == [("@#tea", f":{BOB} PRIVMSG @#tea :help")]


def test_an_operator_without_echo_does_not_hear_themselves():
    _, ana, bob = two()
    ana.say("MODE #tea +o bob")
    bob.hears()

    assert ana.asks("NOTICE @#tea :x") == []
    assert bob.hears() == [f":{ANA} NOTICE @#tea :x"]


def test_outsiders_may_not_speak_to_operators_of_a_closed_channel():
    table, _, _ = two()

    assert table.sit("eve").asks("PRIVMSG @#tea :x") == cannot(NOT_IN_IT, "eve")


# Who may speak


def test_n_keeps_outsiders_out_and_without_it_they_are_heard():
    table, ana, bob = two()
    eve = table.sit("eve")
    assert eve.asks("PRIVMSG #tea :x") == cannot(NOT_IN_IT, "eve")

    ana.say("MODE #tea -n")
    bob.hears()
    assert eve.asks("PRIVMSG #tea :x") == []
    assert bob.hears() == [":eve!eve@127.0.0.1 PRIVMSG #tea :x"]


def test_m_lets_only_the_privileged_speak():
    _, ana, bob = two()
    ana.asks("MODE #tea +m")
    bob.hears()

    assert bob.asks("PRIVMSG #tea :x") == cannot(ONLY_SOME)
    assert ana.hears() == []
    assert ana.asks("PRIVMSG #tea :y") == []

    ana.asks("MODE #tea +v bob")
    assert bob.asks("PRIVMSG #tea :z") == []
    assert ana.hears() == [f":{BOB} PRIVMSG #tea :z"]


def test_m_silences_outsiders_also_without_n():
    table, ana, _ = two()
    ana.say("MODE #tea +m-n")

    assert table.sit("eve").asks("PRIVMSG #tea :x") == cannot(ONLY_SOME, "eve")


def test_the_banned_are_silent_until_exempt_or_privileged():
    _, ana, bob = two()
    ana.say("MODE #tea +b BOB!*@*")
    assert bob.asks("PRIVMSG #tea :x") == cannot(BANNED)
    ana.asks("MODE #tea +e bob!*@*")
    bob.say("PRIVMSG #tea :y")
    assert ana.hears() == [f":{BOB} PRIVMSG #tea :y"]

    ana.say("MODE #tea -e+v bob!*@* bob")
    ana.hears()
    bob.say("PRIVMSG #tea :z")
    assert ana.hears() == [f":{BOB} PRIVMSG #tea :z"]


@pytest.mark.parametrize("text", ["\x01VERSION\x01", "\x01PING 1\x01", "\x01DCC x", "\x01actionable x\x01"])
def test_c_refuses_ctcp(text):
    _, ana, bob = two()
    ana.say("MODE #tea +C")
    ana.hears()

    assert bob.asks(f"PRIVMSG #tea :{text}")[-1:] == cannot(NO_CTCP)
    assert bob.asks(f"NOTICE #tea :{text}") == []
    assert ana.hears() == []


@pytest.mark.parametrize("text", ["\x01ACTION waves\x01", "\x01action waves", "plain", "a \x01VERSION\x01"])
def test_c_lets_actions_and_words_through(text):
    _, ana, bob = two()
    ana.asks("MODE #tea +C")

    assert bob.asks(f"PRIVMSG #tea :{text}") == []
    assert ana.hears() == [f":{BOB} PRIVMSG #tea :{text}"]

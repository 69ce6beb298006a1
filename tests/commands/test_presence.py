"""Being away, and changing one's real name."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.core.settings import LimitSettings, Settings

AWAY = ":chatapp 306 ana :You have been marked as being away"
BACK = ":chatapp 305 ana :You are no longer marked as being away"
ANA = "ana!ana@127.0.0.1"


# AWAY


def test_going_and_coming_back_are_one_line_each():
    ana = Table().sit("ana", "away-notify")

    assert ana.asks("AWAY :at lunch") == [AWAY]
    assert ana.asks("AWAY") == [BACK]


def test_an_empty_text_is_coming_back():
    ana = Table().sit("ana")
    ana.say("AWAY :at lunch")

    assert ana.asks("AWAY :") == [BACK]
    assert ana.session.user.away == ""


def test_blanks_are_a_text():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")

    assert ana.asks("AWAY :  ") == [AWAY]
    assert bob.asks("PRIVMSG ana :hi") == [":chatapp 301 bob ana :  "]


def test_who_writes_to_the_absent_is_told_until_they_are_back():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    ana.say("AWAY :já volto ☕")

    assert bob.asks("PRIVMSG ana :hi") == [":chatapp 301 bob ana :já volto ☕"]
    assert bob.asks("NOTICE ana :hi") == []
    assert ":chatapp 301 bob ana :já volto ☕" in bob.asks("WHOIS ana")

    ana.say("AWAY")
    assert bob.asks("PRIVMSG ana :hi") == []
    assert not any(" 301 " in line for line in bob.asks("WHOIS ana"))


def test_a_long_text_is_cut_between_characters():
    table = Table(Settings(limits=LimitSettings(away_length=6)))
    ana, bob = table.sit("ana"), table.sit("bob")

    ana.say("AWAY :ação já")

    assert bob.asks("PRIVMSG ana :hi") == [":chatapp 301 bob ana :ação"]


def test_peers_with_away_notify_hear_of_it_and_others_do_not():
    table = Table()
    ana = table.sit("ana", "away-notify")
    bob, carol, dave = table.sit("bob", "away-notify"), table.sit("carol"), table.sit("dave", "away-notify")
    table.room("#tea", ana, bob, carol)

    ana.say("AWAY :at lunch")
    assert bob.hears() == [f":{ANA} AWAY :at lunch"]

    ana.say("AWAY")
    assert bob.hears() == [f":{ANA} AWAY"]
    assert carol.hears() == dave.hears() == []
    assert ana.hears() == [AWAY, BACK]


def test_peers_of_several_channels_hear_of_it_once():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob", "away-notify")
    table.room("#tea", ana, bob)
    table.room("#coffee", ana, bob)

    ana.say("AWAY :at lunch")

    assert bob.hears() == [f":{ANA} AWAY :at lunch"]


def test_nobody_hears_of_what_did_not_change():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob", "away-notify")
    table.room("#tea", ana, bob)
    ana.say("AWAY")
    assert bob.hears() == []

    ana.say("AWAY :at lunch", "AWAY :at lunch", "AWAY :asleep")

    assert bob.hears() == [f":{ANA} AWAY :at lunch", f":{ANA} AWAY :asleep"]
    assert ana.hears() == [BACK, AWAY, AWAY, AWAY]


def test_when_someone_absent_joins_the_others_hear_it_after_the_join():
    table = Table()
    ana = table.sit("ana", "away-notify")
    bob, carol = table.sit("bob", "away-notify"), table.sit("carol")
    table.room("#tea", bob, carol)
    bob.hears()
    ana.say("AWAY :at lunch")

    heard = ana.asks("JOIN #tea")

    assert bob.hears() == [f":{ANA} JOIN #tea", f":{ANA} AWAY :at lunch"]
    assert carol.hears() == [f":{ANA} JOIN #tea"]
    assert not any(" AWAY" in line for line in heard)


def test_being_away_does_not_outlast_the_user():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    ana.say("AWAY :at lunch", "QUIT")
    table.sit("ana")

    assert bob.asks("PRIVMSG ana :hi") == []


def test_a_labelled_away_is_answered_in_one_line():
    ana = Table().sit("ana", "labeled-response batch away-notify")

    assert ana.asks("@label=x AWAY :at lunch") == [f"@label=x {AWAY}"]


# SETNAME


def test_a_new_real_name_is_told_to_oneself_and_to_peers_who_understand():
    table = Table()
    ana, bob = table.sit("ana", "setname"), table.sit("bob", "setname")
    carol, dave = table.sit("carol"), table.sit("dave", "setname")
    table.room("#tea", ana, bob, carol)

    ana.say("SETNAME :Ana Conceição 🌻")

    assert ana.hears() == bob.hears() == [f":{ANA} SETNAME :Ana Conceição 🌻"]
    assert carol.hears() == dave.hears() == []
    assert ":chatapp 311 dave ana ana 127.0.0.1 * :Ana Conceição 🌻" in dave.asks("WHOIS ana")


def test_a_name_of_one_word_is_told_as_a_text():
    ana = Table().sit("ana", "setname")

    assert ana.asks("SETNAME Ana") == [f":{ANA} SETNAME :Ana"]


def test_without_the_capability_the_name_changes_in_silence():
    table = Table()
    ana = table.sit("ana")

    assert ana.asks("SETNAME :Ana Maria") == []
    assert ana.session.user.realname == "Ana Maria"


def test_the_join_after_it_shows_the_new_name():
    table = Table()
    ana, bob = table.sit("ana", "setname"), table.sit("bob", "extended-join")
    table.room("#tea", bob)

    ana.say("SETNAME :Ana Maria", "JOIN #tea")

    assert bob.hears() == [f":{ANA} JOIN #tea * :Ana Maria"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (":", "A name must not be empty"),
        (":   ", "A name must not be empty"),
        (":" + "ç" * 76, "A name has at most 150 bytes"),
    ],
)
def test_what_cannot_be_a_name_is_refused_whole(name, why):
    table = Table()
    ana, bob = table.sit("ana", "setname"), table.sit("bob", "setname")
    table.room("#tea", ana, bob)

    assert ana.asks(f"SETNAME {name}") == [f":chatapp FAIL SETNAME INVALID_REALNAME :{why}"]
    assert ana.session.user.realname == "ana"
    assert bob.hears() == []


def test_a_name_of_just_the_length_is_taken():
    ana = Table().sit("ana", "setname")

    assert ana.asks("SETNAME :" + "ç" * 75) == [f":{ANA} SETNAME :" + "ç" * 75]


def test_setname_needs_a_name():
    ana = Table().sit("ana", "setname")

    assert ana.asks("SETNAME") == [":chatapp 461 ana SETNAME :Not enough parameters"]


def test_the_echo_of_a_labelled_setname_carries_the_label_and_the_others_hear_none():
    table = Table()
    ana = table.sit("ana", "setname labeled-response batch")
    bob = table.sit("bob", "setname labeled-response batch")
    table.room("#tea", ana, bob)

    assert ana.asks("@label=x SETNAME :Ana Maria") == [f"@label=x :{ANA} SETNAME :Ana Maria"]
    assert bob.hears() == [f":{ANA} SETNAME :Ana Maria"]


def test_a_labelled_setname_that_nobody_here_hears_is_acknowledged():
    ana = Table().sit("ana", "labeled-response batch")

    assert ana.asks("@label=x SETNAME :Ana Maria") == ["@label=x :chatapp ACK"]

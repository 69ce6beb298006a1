"""Who is told of what others tell of themselves: those who asked, and nobody twice (draft/metadata-3, -2)."""

from __future__ import annotations

import pytest
from commands.scenes import METADATA_CAPS as CAPS
from commands.scenes import framed as batch
from commands.scenes import two_telling as two

from chatapp.core.settings import MetadataSettings, Settings


def test_subscriptions_are_acknowledged_listed_and_given_up():
    _, ana, _bob = two()

    assert ana.asks("METADATA * SUB b a b") == [":chatapp 770 ana b a"]
    assert ana.asks("METADATA * SUB a") == [":chatapp 770 ana a"]
    assert batch(ana.asks("METADATA * SUBS"), kind="metadata-subs") == ["772 ana a b"]
    assert ana.asks("METADATA * UNSUB a c") == [":chatapp 771 ana a c"]
    assert batch(ana.asks("METADATA * SUBS"), kind="metadata-subs") == ["772 ana b"]
    ana.say("METADATA * UNSUB b")
    assert batch(ana.asks("METADATA * SUBS"), kind="metadata-subs") == []


def test_many_keys_take_several_lines():
    _, ana, _bob = two()
    keys = [f"{number:02}" + "k" * 28 for number in range(14)]

    first, second = ana.asks(f"METADATA * SUB {' '.join(keys)}")
    assert [*first.split(" ")[3:], *second.split(" ")[3:]] == keys


def test_one_is_told_of_only_so_many_keys():
    _, ana, _bob = two(settings=Settings(metadata=MetadataSettings(max_subscriptions=2)))

    assert ana.asks("METADATA * SUB a b c d") == [
        ":chatapp 770 ana a b",
        ":chatapp FAIL METADATA TOO_MANY_SUBS c :One may be told of 2 keys",
    ]
    assert ana.asks("METADATA * SUB b") == [":chatapp 770 ana b"]


@pytest.mark.parametrize("target", ["ana", "#tea"])
def test_those_who_asked_are_told_of_changes(target):
    _, ana, bob = two()
    bob.say("METADATA * SUB url")
    bob.hears()
    ana.say(
        f"METADATA {target} SET url :x", f"METADATA {target} SET url :x", f"METADATA {target} SET other :x"
    )
    ana.say(f"METADATA {target} CLEAR")

    assert bob.hears() == [
        f":chatapp 761 bob {target} url * :x",
        f":chatapp 766 bob {target} url :There is no value",
    ]


def test_version_2_is_told_with_metadata_lines():
    _, ana, bob = two(caps="batch draft/metadata-2")
    bob.say("METADATA * SUB url")
    bob.hears()
    ana.say("METADATA * SET url :x")

    assert bob.hears() == [":chatapp METADATA ana url * :x"]
    assert batch(bob.asks("METADATA ana SYNC"), "ana") == ["METADATA ana url * :x"]
    assert batch(bob.asks("METADATA ana GET url"), "ana") == ["761 bob ana url * :x"]
    ana.say("METADATA * SET url")
    assert bob.hears() == [":chatapp METADATA ana url * :"]


def test_without_the_capability_nobody_is_told():
    _, ana, bob = two(caps="batch")
    bob.say("METADATA * SUB url")
    bob.hears()
    ana.say("METADATA * SET url :x")

    assert bob.hears() == []


def test_the_connection_that_changed_it_is_not_told_but_ones_others_are():
    table, ana, _bob = two()
    other = table.visit()
    ana.session.user.attach(other.session)
    other.session.negotiate(frozenset(CAPS.split()))
    for person in (ana, other):
        person.say("METADATA * SUB url")
    other.hears()

    assert ana.asks("METADATA * SET url :x") == [":chatapp 761 ana ana url * :x"]
    assert other.hears() == [":chatapp 761 ana ana url * :x"]


def test_a_stranger_is_told_of_whom_they_watch():
    table, ana, _bob = two()
    eve, zoe = table.sit("eve", CAPS), table.sit("zoe", CAPS)
    for person in (eve, zoe):
        person.say("METADATA * SUB url")
    eve.say("MONITOR + ana")
    eve.hears(), zoe.hears()
    ana.say("METADATA * SET url :x")

    assert eve.hears() == [":chatapp 761 eve ana url * :x"]
    assert zoe.hears() == []


def test_who_comes_in_is_told_of_the_channel_and_its_members_once():
    table, ana, bob = two()
    eve = table.sit("eve", CAPS)
    ana.say("METADATA #tea SET url :room", "METADATA * SET url :ana", "METADATA * SET other :x")
    bob.say("METADATA * SET url :bob")
    eve.say("METADATA * SUB url")
    joined, *told = eve.asks("JOIN #tea")

    assert joined.endswith("JOIN #tea")
    assert batch(told[:5], "#tea") == [
        "761 eve #tea url * :room",
        "761 eve ana url * :ana",
        "761 eve bob url * :bob",
    ]
    assert [line.split(" ")[1] for line in told[5:]] == ["353", "366"]


def test_members_are_told_of_who_comes_in():
    table, ana, bob = two()
    eve = table.sit("eve", CAPS)
    eve.say("METADATA * SET url :eve", "METADATA * SET other :x")
    ana.say("METADATA * SUB url")
    ana.hears(), bob.hears()
    eve.say("JOIN #tea")

    assert [line for line in ana.hears() if "JOIN" not in line] == [":chatapp 761 ana eve url * :eve"]
    assert [line for line in bob.hears() if "JOIN" not in line] == []


def test_where_much_is_told_a_newcomer_is_told_to_ask(monkeypatch):
    monkeypatch.setattr("chatapp.commands.subscriptions.MOST_ON_JOIN", 1)
    table, ana, bob = two()
    eve = table.sit("eve", CAPS)
    for person in (ana, bob):
        person.say("METADATA * SET url :x")
    eve.say("METADATA * SUB url")

    assert eve.asks("JOIN #tea")[1] == ":chatapp 774 eve #tea"
    assert len(batch(eve.asks("METADATA #tea SYNC"), "#tea")) == 2


def test_from_outside_a_sync_tells_of_the_channel_alone():
    table, ana, _bob = two()
    ana.say("METADATA * SET url :ana", "METADATA #tea SET url :room")
    eve = table.sit("eve", CAPS)
    eve.say("METADATA * SUB url")

    assert batch(eve.asks("METADATA #tea SYNC"), "#tea") == ["761 eve #tea url * :room"]


def test_a_channel_where_nobody_tells_anything_is_entered_without_a_batch():
    table, _ana, _bob = two()
    eve = table.sit("eve", CAPS)
    eve.say("METADATA * SUB url")

    assert [line.split(" ")[1] for line in eve.asks("JOIN #tea")] == ["JOIN", "353", "366"]


def test_before_one_is_let_in_there_is_nothing_to_ask_for_anew():
    table, _ana, _bob = two()
    eve = table.visit()

    assert eve.asks("METADATA * SYNC") == []

"""Something happens while the store works: whoever reads is told what is true, and theirs, at the end."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.core.stamp import msgid_of

CAPS = "batch znc.in/playback draft/channel-rename"
LATEST = "CHATHISTORY LATEST #tea * 10"


def scene():
    """Ana and Bob, both operators of #tea, where something was said to all and something to operators."""
    table = Table()
    ana, bob = table.sit("ana", CAPS), table.sit("bob", CAPS)
    table.room("#tea", ana, bob)
    ana.say("MODE #tea +o bob", "PRIVMSG #tea :for all", "PRIVMSG @#tea :for operators")
    ana.hears(), bob.hears()
    return table, ana, bob


def while_reading(table, ana, deed):
    """Have ``deed``, or what Ana says, done while the store reads for the first time."""
    real = table.store.read

    async def slow(span):
        table.store.read = real
        found = await real(span)
        deed() if callable(deed) else ana.say(deed)
        return found

    table.store.read = slow


def texts(lines):
    return [line.rpartition(":")[2] for line in lines if " PRIVMSG " in line]


@pytest.mark.parametrize("question", [LATEST, "PRIVMSG *playback :play #tea"])
@pytest.mark.parametrize(
    ("meanwhile", "told"),
    [
        ("PING x", ["for all", "for operators"]),
        ("MODE #tea -o bob", ["for all"]),
        ("KICK #tea bob", []),
        ("RENAME #tea #coffee", ["for all", "for operators"]),
    ],
)
def test_what_one_may_read_at_the_end_is_told(question, meanwhile, told):
    table, ana, bob = scene()
    while_reading(table, ana, meanwhile)
    assert texts(bob.asks(question)) == told


def test_a_room_that_is_renamed_meanwhile_is_told_under_its_new_name():
    table, ana, bob = scene()
    while_reading(table, ana, "RENAME #tea #coffee")
    renamed, opening, first, second, _closing = bob.asks(LATEST)
    assert " RENAME #tea #coffee" in renamed
    assert opening.endswith(" chathistory #coffee")
    assert " PRIVMSG #coffee :for all" in first
    assert " PRIVMSG @#coffee :for operators" in second


def test_who_is_let_into_another_room_of_that_name_is_not_told_of_the_one_before_as_of_it():
    table, ana, bob = scene()
    eve = table.sit("eve")

    def and_another():
        ana.say("RENAME #tea #coffee", "KICK #coffee bob")
        eve.say("JOIN #tea", "PRIVMSG #tea :another")

    while_reading(table, ana, and_another)
    assert texts(bob.asks(LATEST)) == []


def test_a_page_of_which_all_was_taken_back_is_read_again():
    """An empty one would say that there is nothing older."""
    table, ana, bob = scene()
    ana.say("PRIVMSG #tea :a slip")
    msgid = msgid_of(table.world.scribe.stamps.last)
    bob.hears()
    while_reading(table, ana, f"REDACT #tea {msgid}")
    assert texts(bob.asks("CHATHISTORY LATEST #tea * 1")) == ["for operators"]


def test_targets_have_a_room_that_is_renamed_meanwhile_and_none_that_one_is_put_out_of():
    table, ana, bob = scene()
    table.room("#cake", ana, bob)
    ana.say("PRIVMSG #cake :x")
    real = table.store.latest_of

    async def slow(keys):
        table.store.latest_of = real
        found = await real(keys)
        ana.say("RENAME #tea #coffee", "KICK #cake bob")
        return found

    table.store.latest_of = slow
    since, until = "timestamp=2000-01-01T00:00:00.000Z", "timestamp=2030-01-01T00:00:00.000Z"
    bob.hears()
    bob.say(f"CHATHISTORY TARGETS {since} {until} 10")
    assert [line.split(" ")[4] for line in bob.hears() if " TARGETS " in line] == ["#coffee"]

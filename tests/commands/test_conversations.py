"""Whoever reads is put lower, or out, while the store works: they are told what they may read at the end."""

from __future__ import annotations

import pytest
from dialogue import Table

CAPS = "batch znc.in/playback"


def scene():
    """Ana and Bob, both operators of #tea, where something was said to all and something to operators."""
    table = Table()
    ana, bob = table.sit("ana", CAPS), table.sit("bob", CAPS)
    table.room("#tea", ana, bob)
    ana.say("MODE #tea +o bob", "PRIVMSG #tea :for all", "PRIVMSG @#tea :for operators")
    ana.hears(), bob.hears()
    return table, ana, bob


def while_reading(table, ana, line):
    """Have Ana say ``line`` while the store reads for the first time."""
    real = table.store.read

    async def slow(span):
        table.store.read = real
        found = await real(span)
        ana.say(line)
        return found

    table.store.read = slow


def texts(lines):
    return [line.rpartition(":")[2] for line in lines if " PRIVMSG " in line]


@pytest.mark.parametrize("question", ["CHATHISTORY LATEST #tea * 10", "PRIVMSG *playback :play #tea"])
@pytest.mark.parametrize(
    ("meanwhile", "told"),
    [
        ("PING x", ["for all", "for operators"]),
        ("MODE #tea -o bob", ["for all"]),
        ("KICK #tea bob", []),
    ],
)
def test_what_one_may_read_at_the_end_is_told(question, meanwhile, told):
    table, ana, bob = scene()
    while_reading(table, ana, meanwhile)
    assert texts(bob.asks(question)) == told

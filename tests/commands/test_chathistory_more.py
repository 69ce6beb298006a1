"""CHATHISTORY: what happened besides, what was said in private, and which conversations there are."""

from __future__ import annotations

import pytest
from commands.scenes import at, telling, told
from dialogue import NEW_YEAR, Table

from chatapp.core.ports import StoreError
from chatapp.core.stamp import time_of

ANA, BOB = "ana!ana@127.0.0.1", "bob!bob@127.0.0.1"


# Events


def test_without_event_playback_there_is_only_what_was_said():
    _, ana, bob = telling()
    ana.say("TOPIC #tea :x", "MODE #tea +m", "NICK anna")
    bob.hears()

    assert told(bob.asks("CHATHISTORY LATEST #tea * 3")) == "789"


def test_with_it_what_happened_is_there_as_it_was_heard():
    table = Table()
    ana = table.sit("ana")
    bob = table.sit("bob", "batch message-tags server-time draft/event-playback")
    eve = table.sit("eve", "message-tags")
    table.room("#tea", bob)
    for person, line in (
        (ana, "JOIN #tea"),
        (bob, "TOPIC #tea :x"),
        (bob, "MODE #tea +v ana"),
        (ana, "NICK anna"),
        (ana, "PRIVMSG #tea :hi"),
        (eve, "JOIN #tea"),
        (eve, "@+draft/react=x TAGMSG #tea"),
        (eve, "PART #tea :bye"),
        (bob, "KICK #tea anna"),
    ):
        person.say(line)
    table.room("#tea", ana)
    ana.say("QUIT")
    live = [line for line in bob.hears() if line[0] == "@" and not line.endswith("bob JOIN #tea")]

    replayed = bob.asks("CHATHISTORY LATEST #tea * 11")

    assert ["@" + line.partition(";")[2] for line in replayed[1:-1]] == live
    assert [line.split(" ")[2] for line in live] == [
        "JOIN", "TOPIC", "MODE", "NICK", "PRIVMSG", "JOIN", "TAGMSG", "PART", "KICK", "JOIN", "QUIT",
    ]  # fmt: skip


def test_events_count_in_the_limit():
    _, ana, bob = telling("batch draft/event-playback")
    ana.say("TOPIC #tea :x")
    bob.hears()

    lines = bob.asks("CHATHISTORY LATEST #tea * 2")

    assert [line.split(" ")[2] for line in lines[1:-1]] == ["PRIVMSG", "TOPIC"]


def test_a_tagmsg_is_replayed_only_to_those_who_may_hear_it():
    table = Table()
    ana = table.sit("ana", "message-tags")
    bob = table.sit("bob", "batch draft/event-playback")
    table.room("#tea", ana, bob)
    ana.say("@+draft/persist TAGMSG #tea")

    assert told(bob.asks("CHATHISTORY LATEST #tea * 1")) == ""


# Direct messages


def test_each_of_two_reads_what_they_said_to_each_other_and_nobody_else_does():
    table = Table()
    ana, bob, eve = (table.sit(nick, "batch") for nick in ("ana", "bob", "eve"))
    ana.say("PRIVMSG bob :1")
    bob.say("PRIVMSG ana :2")
    for person in (ana, bob):
        person.hears()

    assert told(ana.asks("CHATHISTORY LATEST BOB * 9")) == "12"
    assert told(bob.asks("CHATHISTORY LATEST ana * 9")) == "12"
    assert (
        told(
            eve.asks(
                "CHATHISTORY LATEST ana * 9",
            )
        )
        == ""
    )
    assert told(eve.asks("CHATHISTORY LATEST bob * 9")) == ""


def test_the_next_of_the_same_nick_reads_nothing_of_the_one_before():
    table = Table()
    ana, bob = table.sit("ana", "batch"), table.sit("bob", "batch")
    ana.say("PRIVMSG bob :1", "QUIT")
    bob.hears()
    ana = table.sit("ana", "batch")

    assert told(ana.asks("CHATHISTORY LATEST bob * 9")) == ""
    assert told(ana.asks("CHATHISTORY LATEST ana * 9")) == ""
    assert told(bob.asks("CHATHISTORY LATEST ana * 9")) == "1"
    assert ana.asks(f"CHATHISTORY TARGETS {at(0)} {at(99)} 9")[1:-1] == []


# TARGETS


def conversations():
    """Ana has heard from #b at 1 s, from #a at 2, from Bob at 3; each had something older at 0."""
    table = Table()
    ana, bob = table.sit("ana", "batch"), table.sit("bob")
    table.room("#a", ana, bob)
    table.room("#B", ana, bob)
    table.room("#secret", bob)
    for second, targets in (
        (0, ("#a", "#B", "ana", "#secret")),
        (1, ("#B",)),
        (2, ("#a",)),
        (3, ("ana", "#secret")),
    ):
        table.time = NEW_YEAR + second * 1_000_000
        for target in targets:
            bob.say(f"PRIVMSG {target} :{second}")
    ana.hears()
    return table, ana, bob


def targets(lines):
    opening, *inner, closing = lines
    batch = opening.split(" ")[2][1:]
    assert opening == f":chatapp BATCH +{batch} draft/chathistory-targets"
    assert closing == f":chatapp BATCH -{batch}"
    assert all(line.startswith(f"@batch={batch} :chatapp CHATHISTORY TARGETS ") for line in inner)
    return [tuple(line.split(" ")[4:]) for line in inner]


def test_targets_are_what_one_is_in_and_whom_one_spoke_with_ascending_by_their_latest():
    _, ana, _ = conversations()
    wanted = [
        ("#B", "2026-01-01T00:00:01.000Z"),
        ("#a", "2026-01-01T00:00:02.000Z"),
        ("bob", "2026-01-01T00:00:03.000Z"),
    ]

    assert targets(ana.asks(f"CHATHISTORY TARGETS {at(-1)} {at(9)} 9")) == wanted
    assert targets(ana.asks(f"CHATHISTORY TARGETS {at(9)} {at(-1)} 9")) == wanted
    assert targets(ana.asks(f"CHATHISTORY TARGETS {at(-1)} {at(9)} 2")) == wanted[:2]


@pytest.mark.parametrize(
    ("start", "end", "names"),
    [(1, 3, ["#a"]), (0, 2, ["#B"]), (-1, 1, []), (3, 9, []), (0, 3.001, ["#B", "#a", "bob"]), (1, 1, [])],
)
def test_bounds_are_exclusive_and_only_the_latest_counts(start, end, names):
    _, ana, _ = conversations()

    found = targets(ana.asks(f"CHATHISTORY TARGETS {at_time(start)} {at_time(end)} 9"))

    assert [name for name, _ in found] == names


def at_time(seconds):
    return f"timestamp={time_of(NEW_YEAR + int(seconds * 1_000_000))}"


def test_a_partner_who_has_gone_is_named_folded_and_one_who_is_here_as_they_spell_themselves():
    _, ana, bob = conversations()
    bob.say("NICK Bob")
    ana.hears()
    assert targets(ana.asks(f"CHATHISTORY TARGETS {at(2)} {at(9)} 9"))[-1][0] == "Bob"
    bob.say("QUIT")
    ana.hears()

    assert targets(ana.asks(f"CHATHISTORY TARGETS {at(2)} {at(9)} 9"))[-1][0] == "bob"


def test_targets_without_batch_come_bare():
    table = Table()
    ana = table.sit("ana")
    ana.asks("PRIVMSG ana :x")

    assert ana.asks(f"CHATHISTORY TARGETS {at(-1)} {at(9)} 9") == [
        ":chatapp CHATHISTORY TARGETS ana 2026-01-01T00:00:00.000Z"
    ]


def test_who_asks_for_more_of_a_join_gets_it_from_history_too():
    table = Table()
    bob = table.sit("bob", "batch draft/event-playback extended-join server-time message-tags account-tag")
    ana = table.sit("ana")
    table.room("#tea", bob)
    ana.say("JOIN #tea")
    (heard,) = bob.hears()

    again = [line for line in bob.asks("CHATHISTORY LATEST #tea * 1") if " JOIN " in line]
    assert heard.endswith(" JOIN #tea * :ana")
    assert [line.partition(";")[2] for line in again] == [heard[1:]]


@pytest.mark.parametrize(
    ("question", "context"),
    [("LATEST #tea *", "LATEST #tea"), (f"TARGETS {at(0)} {at(9)}", "TARGETS")],
)
def test_a_disk_that_does_not_give_what_is_on_it_is_told_of(caplog, question, context):
    table = Table()
    ana = table.sit("ana", "batch draft/chathistory")
    table.room("#tea", ana)

    async def read(_asked):
        raise StoreError("the disk reports a fault")

    table.store.read = table.store.latest_of = read
    text = "The history cannot be read now"
    assert ana.asks(f"CHATHISTORY {question} 10") == [
        f":chatapp FAIL CHATHISTORY MESSAGE_ERROR {context} :{text}"
    ]
    assert "cannot be read: the disk reports a fault" in caplog.text
    assert "Traceback" not in caplog.text

"""A channel gets another name: who hears what, and what goes along (draft/channel-rename)."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.core.ports import Renamed

CAPS = "draft/channel-rename"


def two(ana_caps=CAPS, bob_caps=CAPS):
    """Ana, operator of #tea, and Bob in it too."""
    table = Table()
    ana, bob = table.sit("ana", ana_caps), table.sit("bob", bob_caps)
    table.room("#tea", ana, bob)
    return table, ana, bob


def source(person):
    return f":{person.session.user.source}"


def told(lines):
    """The texts of what was said, in order."""
    return [line.split(" ", 4)[-2:] for line in lines if "PRIVMSG" in line]


def test_who_knows_it_hears_rename():
    _, ana, bob = two()

    assert ana.asks("RENAME #tea #chá :em português") == [f"{source(ana)} RENAME #tea #chá :em português"]
    assert bob.hears() == [f"{source(ana)} RENAME #tea #chá :em português"]


def test_without_a_reason_the_reason_is_empty():
    _, ana, bob = two()
    ana.say("RENAME #tea #chá")

    assert bob.hears() == [f"{source(ana)} RENAME #tea #chá :"]


def test_others_leave_and_are_in_the_new_one():
    _, ana, bob = two(bob_caps="")
    ana.say("TOPIC #tea :às cinco")
    bob.hears()
    ana.say("RENAME #tea #chá :em português")

    part, join, *inside = bob.hears()
    assert part == f"{source(bob)} PART #tea :em português"
    assert join == f"{source(bob)} JOIN #chá"
    assert [line.split(" ")[1] for line in inside] == ["332", "333", "353", "366"]
    assert [line.split(" ")[3] for line in inside if " 366 " in line] == ["#chá"]


def test_who_renames_and_does_not_know_it_hears_the_same():
    _, ana, _bob = two(ana_caps="")

    lines = ana.asks("RENAME #tea #chá")
    assert [line.split(" ")[1] for line in lines] == ["PART", "JOIN", "353", "366"]
    assert lines[0] == f"{source(ana)} PART #tea"


def test_the_answer_is_labelled():
    _, ana, _bob = two(ana_caps=CAPS + " labeled-response")

    assert ana.asks("@label=1 RENAME #tea #chá") == [f"@label=1 {source(ana)} RENAME #tea #chá :"]


def test_the_old_name_is_free():
    table, ana, bob = two()
    ana.say("RENAME #tea #chá")
    eve = table.sit("eve")

    assert eve.asks("JOIN #tea")[1] == ":chatapp 353 eve = #tea :@eve"
    bob.hears()
    ana.say("PRIVMSG #chá :here")
    assert bob.hears() == [f"{source(ana)} PRIVMSG #chá :here"]
    assert eve.hears() == []


def test_all_it_has_goes_along():
    table, ana, bob = two()
    ana.say("MODE #tea +mk-t key", "MODE #tea +b z*!*@*", "TOPIC #tea :às cinco", "RENAME #tea #chá")

    assert ana.asks("MODE #chá")[0] == ":chatapp 324 ana #chá +mnk key"
    assert ana.asks("MODE #chá +b")[0].split(" ")[3:5] == ["#chá", "z*!*@*"]
    assert bob.asks("PRIVMSG #chá :x")[0].split(" ")[1] == "404"
    assert {state.name for state in table.store.states.values()} == {"#chá"}
    assert set(table.store.states) == {"#chá"}


def test_what_was_said_is_there_under_the_new_name():
    table, ana, bob = two(bob_caps=CAPS + " draft/event-playback")
    ana.say("PRIVMSG #tea :before", "RENAME #tea #chá", "PRIVMSG #chá :after")

    assert told(bob.asks("CHATHISTORY LATEST #chá * 10")) == [["#chá", ":before"], ["#chá", ":after"]]
    assert any("RENAME #tea #chá" in line for line in bob.asks("CHATHISTORY LATEST #chá * 10"))
    assert told(bob.asks("SEARCH text=before")) == [["#chá", ":before"]]
    eve = table.sit("eve")
    eve.say("JOIN #tea")
    assert told(eve.asks("CHATHISTORY LATEST #tea * 10")) == []


def test_within_one_tick_nothing_goes_astray():
    table, ana, bob = two()
    eve = table.sit("eve")
    tick, table.tick = table.tick, lambda: None
    ana.say("PRIVMSG #tea :one", "RENAME #tea #chá", "PRIVMSG #chá :two")
    eve.say("JOIN #tea", "PRIVMSG #tea :other")
    table.tick = tick
    table.tick()

    assert told(bob.asks("CHATHISTORY LATEST #chá * 10")) == [["#chá", ":one"], ["#chá", ":two"]]
    assert told(eve.asks("CHATHISTORY LATEST #tea * 10")) == [["#tea", ":other"]]
    assert set(table.store.states) == {"#tea", "#chá"}


def test_what_only_operators_heard_goes_along_for_operators():
    _, ana, bob = two()
    ana.say("PRIVMSG @#tea :hush", "RENAME #tea #chá")

    assert told(ana.asks("CHATHISTORY LATEST #chá * 10")) == [["@#chá", ":hush"]]
    assert told(bob.asks("CHATHISTORY LATEST #chá * 10")) == []


def test_how_far_one_has_read_and_what_it_tells_go_along():
    _, ana, _bob = two()
    ana.say(
        "MARKREAD #tea timestamp=2026-01-01T12:00:00.000Z", "METADATA #tea SET url :x", "RENAME #tea #chá"
    )

    assert ana.asks("MARKREAD #chá") == [":chatapp MARKREAD #chá timestamp=2026-01-01T12:00:00.000Z"]
    assert ":chatapp 761 ana #chá url * :x" in ana.asks("METADATA #chá LIST")
    assert ana.asks("MARKREAD #tea") == [":chatapp MARKREAD #tea *"]


def test_who_was_forwarded_there_still_is():
    table, ana, _bob = two()
    table.room("#full", ana)
    ana.say("MODE #full +if #tea", "RENAME #tea #chá")
    eve = table.sit("eve")

    assert [line.split(" ")[1] for line in eve.asks("JOIN #full")][:2] == ["470", "JOIN"]
    assert "#chá" in table.world.channels["#full"].forward


def test_a_change_of_case_is_no_move():
    table, ana, bob = two(bob_caps="")
    ana.say("PRIVMSG #tea :x")
    bob.hears()

    assert ana.asks("RENAME #tea #TEA") == [f"{source(ana)} RENAME #tea #TEA :"]
    assert bob.hears() == []
    assert bob.asks("NAMES #tea")[0].startswith(":chatapp 353 bob = #TEA :")
    assert [each for tick in table.store.kept for each in tick.renames] == []
    assert table.store.states["#tea"].name == "#TEA"


def test_the_store_is_told_of_every_conversation_of_it():
    table, ana, _bob = two()
    ana.say("RENAME #tea #chá")

    renames = [each for tick in table.store.kept for each in tick.renames]
    assert renames[0] == Renamed("#tea", "#chá")
    assert Renamed("@#tea", "@#chá") in renames


# Who may not, and what may not be


@pytest.mark.parametrize("standing", ["", "+v", "+h"])
def test_only_operators_may(standing):
    _, ana, bob = two()
    if standing:
        ana.say(f"MODE #tea {standing} bob")

    assert bob.asks("RENAME #tea #chá") == [":chatapp 482 bob #tea :You are not a channel operator"]
    assert ana.asks("NAMES #tea")[-1] == ":chatapp 366 ana #tea :End of NAMES list"


def test_from_outside_nobody_may():
    table, _ana, _bob = two()
    eve = table.sit("eve")

    assert [line.split(" ")[1] for line in eve.asks("RENAME #tea #chá")] == ["442"]
    assert [line.split(" ")[1] for line in eve.asks("RENAME #none #chá")] == ["403"]


def test_of_a_registered_channel_only_the_founder_may():
    table, ana, bob = two()
    channel = table.world.channels["#tea"]
    channel.founder = "Bob"
    assert ana.asks("RENAME #tea #chá") == [":chatapp 482 ana #tea :Only the founder may rename the channel"]
    ana.say("MODE #tea +o bob")
    bob.session.user.account = "Bob"
    bob.say("RENAME #tea #chá")
    assert table.store.states["#chá"].founder == "Bob"


def test_a_name_that_is_taken():
    table, ana, _bob = two()
    table.room("#chá", table.sit("eve"))

    assert ana.asks("RENAME #tea #CHÁ") == [
        ":chatapp FAIL RENAME CHANNEL_NAME_IN_USE #tea #CHÁ :There is a channel of that name"
    ]


@pytest.mark.parametrize("name", ["tea", "#", "#a,b", "#" + "x" * 64])
def test_what_is_no_name(name):
    _, ana, _bob = two()

    assert ana.asks(f"RENAME #tea {name}") == [
        f":chatapp FAIL RENAME CANNOT_RENAME #tea {name} :This cannot be the name of a channel"
    ]


def test_not_twice_in_a_moment():
    table, ana, _bob = two()
    ana.say("RENAME #tea #chá")

    assert ana.asks("RENAME #chá #tea") == [
        ":chatapp FAIL RENAME CANNOT_RENAME #chá #tea :The channel has just been renamed"
    ]
    table.later(10)
    assert ana.asks("RENAME #chá #tea") == [f"{source(ana)} RENAME #chá #tea :"]


def test_while_nothing_can_be_kept_it_stays():
    table, ana, _bob = two()
    table.world.mute_reason = "The disk is full"

    assert ana.asks("RENAME #tea #chá") == [":chatapp 404 ana #tea :The disk is full"]


def test_a_change_of_case_leaves_what_was_said_as_it_was():
    _table, ana, bob = two()
    ana.say("PRIVMSG #tea :x", "RENAME #tea #TEA")

    assert told(bob.asks("CHATHISTORY LATEST #tea * 10")) == [["#tea", ":x"]]


def test_what_is_marked_and_told_in_the_tick_of_the_renaming_goes_along():
    table, ana, _bob = two()
    user = ana.session.user
    user.account = "Ana"
    tick, table.tick = table.tick, lambda: None
    ana.say("MARKREAD #tea timestamp=2026-01-01T12:00:00.000Z", "METADATA #tea SET url :x")
    ana.say("METADATA * SET url :y", "MARKREAD bob timestamp=2026-01-01T12:00:00.000Z", "RENAME #tea #chá")
    table.tick = tick
    table.tick()

    assert set(table.store.held_markers) == {(user.owner, "#chá"), (user.owner, "bob")}
    assert set(table.store.held_metadata) == {("#chá", "url"), (user.owner, "url")}

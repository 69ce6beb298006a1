"""TOPIC and NAMES: what a channel is about and who is in it."""

from __future__ import annotations

import pytest
from dialogue import NEW_YEAR, Table

from chatapp.core.settings import LimitSettings, Settings

ANA, BOB = "ana!ana@127.0.0.1", "bob!bob@127.0.0.1"
SECONDS = NEW_YEAR // 1_000_000


def two():
    """Ana, operator of #tea, and Bob in it too."""
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)
    return table, ana, bob


def end(asked, who="ana"):
    return f":chatapp 366 {who} {asked} :End of NAMES list"


# TOPIC


def test_a_topic_is_told_to_everyone_its_author_included():
    _, ana, bob = two()

    assert ana.asks("TOPIC #TEA :green  or black") == [f":{ANA} TOPIC #tea :green  or black"]
    assert bob.hears() == [f":{ANA} TOPIC #tea :green  or black"]


def test_clearing_it_is_an_empty_parameter():
    _, ana, bob = two()
    ana.say("TOPIC #tea :x")
    bob.hears()

    assert ana.asks("TOPIC #tea :") == [f":{ANA} TOPIC #tea :"]
    assert bob.asks("TOPIC #tea") == [":chatapp 331 bob #tea :No topic is set"]


def test_a_plain_member_and_a_passer_by_may_ask():
    table, ana, bob = two()
    eve = table.sit("eve")
    assert bob.asks("TOPIC #tea") == [":chatapp 331 bob #tea :No topic is set"]

    table.later(5)
    ana.say("TOPIC #tea :x")
    bob.hears()

    assert bob.asks("TOPIC #TEA") == [
        ":chatapp 332 bob #tea :x",
        f":chatapp 333 bob #tea {ANA} {SECONDS + 5}",
    ]
    assert eve.asks("TOPIC #tea")[0] == ":chatapp 332 eve #tea :x"


@pytest.mark.parametrize("line", ["TOPIC #ghost", "TOPIC #ghost :x"])
def test_of_no_channel_is_403(line):
    assert Table().sit("ana").asks(line) == [":chatapp 403 ana #ghost :No such channel"]


def test_with_t_only_operators_set_it_and_nobody_sees_a_try():
    _, ana, bob = two()
    ana.say("MODE #tea +v bob")
    bob.hears()
    ana.hears()

    assert bob.asks("TOPIC #tea :x") == [":chatapp 482 bob #tea :You are not a channel operator"]
    assert ana.hears() == []
    assert ana.asks("TOPIC #tea") == [":chatapp 331 ana #tea :No topic is set"]


def test_without_t_any_member_sets_it_and_an_outsider_does_not():
    table, ana, bob = two()
    ana.say("MODE #tea -t")
    bob.hears()

    assert bob.asks("TOPIC #tea :x") == [f":{BOB} TOPIC #tea :x"]
    assert table.sit("eve").asks("TOPIC #tea :y") == [":chatapp 442 eve #tea :You are not in that channel"]


def test_a_long_topic_is_cut_between_characters():
    table = Table(Settings(limits=LimitSettings(topic_length=5)))
    ana = table.sit("ana")
    table.room("#tea", ana)

    assert ana.asks("TOPIC #tea :açaíaçaí") == [f":{ANA} TOPIC #tea :aça"]


def test_what_members_hear_is_what_later_ones_are_told_however_long_the_names():
    table = Table()
    ana = table.sit("ã" * 16, address="2001:db8:1234:5678:9abc:def0:1234:5678")
    bob = table.sit("bob")
    room = "#" + "é" * 31
    table.room(room, ana)

    (told,) = ana.asks(f"TOPIC {room} :{'x' * 390}")
    asked = bob.asks(f"JOIN {room}")[1]

    assert len(told.encode()) == 510
    assert asked.partition(" :")[2] == told.partition(" :")[2]


def test_the_topic_of_a_secret_channel_is_for_members():
    table, ana, _ = two()
    ana.say("MODE #tea +s", "TOPIC #tea :x")

    assert table.sit("eve").asks("TOPIC #tea") == [":chatapp 403 eve #tea :No such channel"]


def test_the_topic_is_kept_with_its_room():
    table, ana, _ = two()
    ana.say("TOPIC #tea :x")
    state = table.store.states["#tea"]
    assert (state.topic, state.topic_setter, state.topic_time) == ("x", ANA, SECONDS)

    ana.say("TOPIC #tea :")
    assert table.store.states == {}


def test_a_room_is_as_it_was_after_a_restart():
    table, ana, bob = two()
    ana.say("TOPIC #tea :x", "MODE #tea +skl-t sesam 9", "MODE #tea +b eve", "PRIVMSG #tea :hi")

    again = Table(store=table.store, rooms=table.store.states.values())
    bob = again.sit("bob")

    assert bob.asks("JOIN #tea sesam") == [
        f":{BOB} JOIN #tea",
        ":chatapp 332 bob #tea :x",
        f":chatapp 333 bob #tea {ANA} {SECONDS}",
        ":chatapp 353 bob @ #tea :@bob",
        ":chatapp 366 bob #tea :End of NAMES list",
    ]
    assert bob.asks("MODE #tea", "MODE #tea b")[:3:2] == [
        ":chatapp 324 bob #tea +nskl sesam 9",
        f":chatapp 367 bob #tea eve!*@* {ANA} {SECONDS}",
    ]


# NAMES


def test_names_lists_members_and_ends():
    _, ana, _ = two()

    assert ana.asks("NAMES #TEA") == [":chatapp 353 ana = #tea :@ana bob", end("#TEA")]


@pytest.mark.parametrize(
    ("asked", "shown"), [("#ghost", "#ghost"), ("ana", "ana"), (":a b", "*"), (":", "*"), ("*", "*")]
)
def test_an_unknown_channel_or_an_odd_name_is_only_an_end(asked, shown):
    assert Table().sit("ana").asks(f"NAMES {asked}") == [end(shown)]


def test_names_without_a_channel_is_only_an_end():
    assert Table().sit("ana").asks("NAMES") == [end("*")]


# several channels: one end with the list as given


def test_several_channels_have_one_end():
    table, ana, bob = two()
    table.room("#milk", bob)

    assert ana.asks("NAMES #tea,#MILK,#ghost") == [
        ":chatapp 353 ana = #tea :@ana bob",
        ":chatapp 353 ana = #milk :@bob",
        end("#tea,#MILK,#ghost"),
    ]


def test_a_channel_asked_for_many_times_is_answered_once():
    _, ana, _ = two()

    assert ana.asks("NAMES #tea,#TEA,#tea") == [":chatapp 353 ana = #tea :@ana bob", end("#tea,#TEA,#tea")]


def test_all_prefixes_are_for_multi_prefix_highest_first():
    table = Table()
    ana, bob = table.sit("ana", "multi-prefix"), table.sit("bob")
    table.room("#tea", ana, bob)
    ana.say("MODE #tea +vv ana bob")

    assert ana.asks("NAMES #tea")[0] == ":chatapp 353 ana = #tea :@+ana +bob"
    assert bob.asks("NAMES #tea")[0] == ":chatapp 353 bob = #tea :@ana +bob"


def test_whole_sources_are_for_userhost_in_names():
    table = Table()
    ana = table.sit("ana", "userhost-in-names multi-prefix")
    table.room("#tea", ana)

    assert ana.asks("NAMES #tea")[0] == f":chatapp 353 ana = #tea :@{ANA}"


def test_a_secret_channel_is_marked_to_members_and_hidden_from_others():
    table, ana, _ = two()
    ana.asks("MODE #tea +s")

    assert ana.asks("NAMES #tea")[0] == ":chatapp 353 ana @ #tea :@ana bob"
    assert table.sit("eve").asks("NAMES #tea") == [end("#tea", "eve")]


def test_the_invisible_are_seen_by_members_only():
    table, ana, bob = two()
    bob.say("MODE bob +i")
    eve = table.sit("eve")

    assert ana.asks("NAMES #tea")[0] == ":chatapp 353 ana = #tea :@ana bob"
    assert eve.asks("NAMES #tea")[0] == ":chatapp 353 eve = #tea :@ana"
    ana.say("MODE ana +i")
    assert eve.asks("NAMES #tea") == [end("#tea", "eve")]


@pytest.mark.parametrize("caps", ["", "userhost-in-names multi-prefix"])
def test_a_crowd_is_listed_whole_in_lines_that_are_full_and_not_too_long(caps):
    table = Table()
    ana = table.sit("ana", caps)
    table.room("#tea", ana)
    channel = table.world.channels["#tea"]
    nicks = [f"ação{'ã' * (n % 11)}{n}" for n in range(200)]
    for nick in nicks:
        person = table.sit(nick)
        channel.join(person.session.user)

    *rows, last = ana.asks("NAMES #tea")

    assert last == end("#tea")
    begin = ":chatapp 353 ana = #tea :"
    assert all(row.startswith(begin) and not row.endswith(" ") and len(row.encode()) <= 510 for row in rows)
    shown = [row.removeprefix(begin).split(" ") for row in rows]
    assert [name.partition("!")[0] for row in shown for name in row] == ["@ana", *nicks]
    for row, following in zip(rows, shown[1:], strict=False):
        assert len(f"{row} {following[0]}".encode()) > 510

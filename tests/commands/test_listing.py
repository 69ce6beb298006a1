"""Which channels there are."""

from __future__ import annotations

import pytest
from dialogue import NEW_YEAR, Table

from chatapp.core.ports import ChannelState

END = ":chatapp 323 ana :End of LIST"


def names(lines):
    """The channels of a list, after a look at its end."""
    *rows, end = lines
    assert end.split(" ")[1] == "323"
    assert {row.split(" ")[1] for row in rows} <= {"322"}
    return sorted(row.split(" ")[3] for row in rows)


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def ana(table):
    return table.sit("ana")


def test_where_there_is_no_channel_only_the_end_is_told(ana):
    assert ana.asks("LIST") == [END]


def test_a_channel_is_told_with_its_members_and_its_topic(table, ana):
    bob = table.sit("bob")
    table.room("#Chá", ana, bob)
    table.room("#dull", bob)
    ana.say("TOPIC #chá :: água fervendo ☕")

    assert ana.asks("LIST") == [
        ":chatapp 322 ana #Chá 2 :: água fervendo ☕",
        ":chatapp 322 ana #dull 1 :",
        END,
    ]


def test_one_that_is_remembered_is_listed_though_nobody_is_in_it(table, ana):
    ana.say("JOIN #tea", "PRIVMSG #tea :hi", "PART #tea")

    assert ana.asks("LIST") == [":chatapp 322 ana #tea 0 :", END]


def test_rooms_of_before_a_restart_are_listed():
    table = Table(rooms=[ChannelState("#tea", NEW_YEAR // 1_000_000, "hot", "bob!b@h", 5, "nt")])

    assert table.sit("ana").asks("LIST") == [":chatapp 322 ana #tea 0 :hot", END]


def test_one_that_is_gone_is_not_listed(table, ana):
    ana.say("JOIN #tea", "PART #tea")

    assert ana.asks("LIST") == [END]


# By name


@pytest.fixture
def rooms(table, ana):
    for name in ("#chan1", "#chan2", "#Tea"):
        table.room(name, ana)


@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["#Tea", "#chan1", "#chan2"]),
        (":", ["#Tea", "#chan1", "#chan2"]),
        (",,", ["#Tea", "#chan1", "#chan2"]),
        ("*", ["#Tea", "#chan1", "#chan2"]),
        ("#chan1", ["#chan1"]),
        ("#TEA", ["#Tea"]),
        ("#chan1,#tea", ["#Tea", "#chan1"]),
        ("#chan1,#chan1,*1", ["#chan1"]),
        ("*an1", ["#chan1"]),
        ("#ch*", ["#chan1", "#chan2"]),
        ("#chan?", ["#chan1", "#chan2"]),
        ("!*an1", ["#Tea", "#chan2"]),
        ("!#TEA", ["#chan1", "#chan2"]),
        ("#ch*,!*1", ["#chan2"]),
        ("!*1,!*2", ["#Tea"]),
        ("!", ["#Tea", "#chan1", "#chan2"]),
        ("!*", []),
        ("* chatapp", ["#Tea", "#chan1", "#chan2"]),
    ],
)
def test_masks_choose_by_name(ana, asked, found):
    assert names(ana.asks(f"LIST {asked}")) == found


@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize(
    "asked",
    ["#unknown", "chan1", ": ", ":#chan1 #tea", ">", "<", ">x", "C>", "C5", "X>1", ">-1", "<٣", "ç" * 230],
)
def test_what_is_no_channel_and_no_condition_finds_nothing_and_is_no_error(ana, asked):
    assert ana.asks(f"LIST {asked}") == [END]


@pytest.mark.usefixtures("rooms")
def test_a_number_beyond_reason_is_no_condition(ana):
    assert ana.asks(f"LIST <{'9' * 400}") == [END]
    assert names(ana.asks("LIST <999999999")) == ["#Tea", "#chan1", "#chan2"]


# By members


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (">0", ["#one", "#two"]),
        (">1", ["#two"]),
        (">2", []),
        ("<3", ["#none", "#one", "#two"]),
        ("<2", ["#none", "#one"]),
        ("<1", ["#none"]),
        ("<0", []),
        (">0,<2", ["#one"]),
        (">0,#t*", ["#two"]),
        (">0,!#t*", ["#one"]),
    ],
)
def test_members_are_compared_strictly_and_every_condition_holds(table, ana, asked, found):
    bob = table.sit("bob")
    bob.say("JOIN #none", "PRIVMSG #none :hi", "PART #none")
    table.room("#one", bob)
    table.room("#two", bob, ana)

    assert names(ana.asks(f"LIST {asked}")) == found


# By age


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("C<0", []),
        ("C>0", ["#new", "#old"]),
        ("C<1", ["#new"]),
        ("C>1", ["#old"]),
        ("c<2", ["#new"]),
        ("C<4", ["#new", "#old"]),
        ("C<3", ["#new"]),
        ("C>3", ["#old"]),
        ("C>4", []),
        ("C>0,C<1", ["#new"]),
        ("C>1,#new", []),
    ],
)
def test_channels_are_chosen_by_the_minutes_of_their_life(table, ana, asked, found):
    table.room("#old", ana)
    table.later(150)
    table.room("#new", ana)
    table.later(30)

    assert names(ana.asks(f"LIST {asked}")) == found


def test_a_channel_that_has_just_been_made_is_older_than_now(table, ana):
    table.room("#new", ana)
    ana.say("TOPIC #new :x")

    for kind in "CT":
        assert names(ana.asks(f"LIST {kind}<1")) == names(ana.asks(f"LIST {kind}>0")) == ["#new"]
        assert names(ana.asks(f"LIST {kind}<0")) == names(ana.asks(f"LIST {kind}>1")) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("T<0", []),
        ("T>0", ["#new", "#old"]),
        ("T<1", ["#new"]),
        ("T>1", ["#old"]),
        ("t<3", ["#new"]),
        ("t>3", ["#old"]),
        ("t>4", []),
        ("T<4", ["#new", "#old"]),
    ],
)
def test_channels_are_chosen_by_the_minutes_of_their_topic_and_without_one_never(table, ana, asked, found):
    for name in ("#old", "#new", "#mute", "#cleared"):
        table.room(name, ana)
    ana.say("TOPIC #old :x", "TOPIC #cleared :x", "TOPIC #cleared :")
    table.later(150)
    ana.say("TOPIC #new :y")
    table.later(30)

    assert names(ana.asks(f"LIST {asked}")) == found


def test_all_kinds_are_announced(table):
    visitor = table.visit()
    visitor.say("NICK ana", "USER ana 0 * :Ana")

    tokens = [word for line in visitor.hears() if " 005 " in line for word in line.split(" ")]
    assert "ELIST=CMNTU" in tokens


# What +s hides


@pytest.mark.parametrize("asked", ["", "#den", "*", ">0", "!#x", "C<1", "T<1"])
def test_a_secret_channel_is_listed_for_its_members_and_for_nobody_else(table, ana, asked):
    bob = table.sit("bob")
    table.room("#den", bob)
    bob.say("MODE #den +s", "TOPIC #den :hush")

    assert ana.asks(f"LIST {asked}") == [END]
    assert names(bob.asks(f"LIST {asked}")) == ["#den"]


def test_a_secret_room_that_is_empty_is_listed_for_nobody(table, ana):
    ana.say("JOIN #den", "MODE #den +s", "PRIVMSG #den :hush", "PART #den")

    assert ana.asks("LIST") == [END]


def test_invitation_and_key_do_not_hide_a_channel(table, ana):
    bob = table.sit("bob")
    table.room("#den", bob)
    bob.say("MODE #den +ik secret")

    assert ana.asks("LIST") == [":chatapp 322 ana #den 1 :", END]


def test_the_invisible_count_as_members(table, ana):
    bob = table.sit("bob")
    table.room("#tea", bob)
    bob.say("MODE bob +i")

    assert ana.asks("LIST") == [":chatapp 322 ana #tea 1 :", END]


def test_a_labelled_list_is_one_batch(table):
    bob = table.sit("bob", "labeled-response batch")
    table.room("#tea", bob)

    first, *told, last = bob.asks("@label=x LIST")

    batch = first.split("+")[1].split(" ")[0]
    assert first == f"@label=x :chatapp BATCH +{batch} labeled-response"
    assert told == [
        f"@batch={batch} :chatapp 322 bob #tea 1 :",
        f"@batch={batch} :chatapp 323 bob :End of LIST",
    ]
    assert last == f":chatapp BATCH -{batch}"

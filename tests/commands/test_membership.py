"""JOIN and PART: coming and going."""

from __future__ import annotations

import pytest
from commands.scenes import three
from dialogue import NEW_YEAR, Table

from chatapp.core.settings import ChannelSettings, Settings

ANA, BOB, EVE = "ana!ana@127.0.0.1", "bob!bob@127.0.0.1", "eve!eve@127.0.0.1"
SECONDS = NEW_YEAR // 1_000_000
IT_IS_FULL = "Cannot join channel (+l): it is full"
INVITED_ONLY = "Cannot join channel (+i): it is for the invited only"
BANNED = "Cannot join channel (+b): you are banned"
WRONG_KEY = "Cannot join channel (+k): the key is wrong or missing"


# JOIN


# the first becomes operator, nobody else gets anything; and exactly these lines


def test_the_first_in_a_new_channel_is_its_operator_and_hears_three_lines():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")

    assert ana.asks("JOIN #Tea") == [
        f":{ANA} JOIN #Tea",
        ":chatapp 353 ana = #Tea :@ana",
        ":chatapp 366 ana #Tea :End of NAMES list",
    ]
    assert bob.asks("JOIN #tea") == [
        f":{BOB} JOIN #Tea",
        ":chatapp 353 bob = #Tea :@ana bob",
        ":chatapp 366 bob #Tea :End of NAMES list",
    ]
    assert ana.hears() == [f":{BOB} JOIN #Tea"]


def test_the_topic_stands_between_join_and_names():
    table, ana, _, eve = three()
    table.later(60)
    ana.say("TOPIC #tea :green or black")

    assert eve.asks("JOIN #tea") == [
        f":{EVE} JOIN #tea",
        ":chatapp 332 eve #tea :green or black",
        f":chatapp 333 eve #tea {ANA} {SECONDS + 60}",
        ":chatapp 353 eve = #tea :@ana bob eve",
        ":chatapp 366 eve #tea :End of NAMES list",
    ]


def test_a_join_has_one_parameter_and_three_with_extended_join():
    table = Table()
    plain, extended = table.sit("plain"), table.sit("rich", "extended-join")
    table.room("#tea", plain, extended)
    newcomer = table.visit()
    newcomer.say("NICK ana", "USER ana 0 * :Ana  Maria")
    newcomer.session.user.account = ""

    newcomer.say("JOIN #tea")
    assert plain.hears() == [f":{ANA} JOIN #tea"]
    assert extended.hears() == [f":{ANA} JOIN #tea * :Ana  Maria"]

    newcomer.session.user.account = "anas"
    newcomer.say("JOIN #milk")
    assert extended.asks("JOIN #milk")[0] == ":rich!rich@127.0.0.1 JOIN #milk * :rich"
    newcomer.say("PART #tea", "JOIN #tea")
    assert extended.hears()[-1] == f":{ANA} JOIN #tea anas :Ana  Maria"


def test_joining_twice_is_harmless():
    _, ana, bob, _ = three()

    assert ana.asks("JOIN #TEA") == []
    assert bob.hears() == []


# what is wrong with one does not keep the others out


def test_a_good_and_a_bad_name_give_one_join_and_one_error():
    ana = Table().sit("ana")

    assert ana.asks("JOIN #good,bad@name") == [
        f":{ANA} JOIN #good",
        ":chatapp 353 ana = #good :@ana",
        ":chatapp 366 ana #good :End of NAMES list",
        ":chatapp 476 ana bad@name :This cannot be a channel's name",
    ]


def test_with_a_label_all_of_it_is_one_batch():
    ana = Table().sit("ana", "labeled-response batch")

    lines = ana.asks("@label=x JOIN #good,bad@name")

    assert len(lines) == 6
    assert lines[0].startswith("@label=x :chatapp BATCH +")
    assert all(line.startswith("@batch=") for line in lines[1:-1])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("tea", "tea"),
        ("#", "#"),
        (":#a b", "*"),
        ("#a\x07", "#a\x07"),
        ("#" + "x" * 64, "#" + "x" * 64),
        ("0", "0"),
    ],
)
def test_what_cannot_be_a_channel_is_said_so(name, shown):
    assert Table().sit("ana").asks(f"JOIN {name}") == [
        f":chatapp 476 ana {shown} :This cannot be a channel's name"
    ]


def test_empty_names_between_commas_are_passed_over():
    assert Table().sit("ana").asks("JOIN ,,", "JOIN :") == []


def test_names_of_any_script_are_joined_and_compared_folded():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#Física", ana)

    assert bob.asks("JOIN #FÍSICA")[0] == f":{BOB} JOIN #Física"


# Keys, limits, invitations, bans


def test_a_key_is_needed_and_wrong_ones_do_not_do():
    _, ana, bob, eve = three()
    ana.say("MODE #tea +k sesam")

    refusal = [f":chatapp 475 eve #tea :{WRONG_KEY}"]
    assert eve.asks("JOIN #tea") == eve.asks("JOIN #tea wrong") == eve.asks("JOIN #tea Sesam") == refusal
    assert bob.hears() == [f":{ANA} MODE #tea +k sesam"]
    assert eve.asks("JOIN #tea sesam")[0] == f":{EVE} JOIN #tea"


@pytest.mark.parametrize("keys", ["k1,k2", "k1,k2,k3"])
def test_keys_are_taken_in_order(keys):
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    ana.say("JOIN #a,#b", "MODE #a +k k1", "MODE #b +k k2")

    assert [line for line in bob.asks(f"JOIN #a,#b {keys}") if "JOIN" in line] == [
        f":{BOB} JOIN #a",
        f":{BOB} JOIN #b",
    ]


def test_a_key_for_the_first_only():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    ana.say("JOIN #a,#b", "MODE #a +k k1")

    assert len([line for line in bob.asks("JOIN #a,#b k1") if " JOIN " in line]) == 2


def test_a_full_channel_takes_nobody_until_somebody_goes():
    _, ana, bob, eve = three()
    ana.say("MODE #tea +l 2")
    assert eve.asks("JOIN #tea") == [f":chatapp 471 eve #tea :{IT_IS_FULL}"]

    bob.say("PART #tea")
    assert eve.asks("JOIN #tea")[0] == f":{EVE} JOIN #tea"


def test_i_lets_in_the_invited_and_the_excepted():
    _, ana, _, eve = three()
    ana.say("MODE #tea +i")
    refusal = [f":chatapp 473 eve #tea :{INVITED_ONLY}"]
    assert eve.asks("JOIN #tea") == refusal

    ana.say("MODE #tea +I eve!*@*")
    assert eve.asks("JOIN #tea")[0] == f":{EVE} JOIN #tea"

    eve.say("PART #tea")
    ana.say("MODE #tea -I EVE!*@*")
    assert eve.asks("JOIN #tea") == refusal


def test_the_banned_stay_out_unless_excepted():
    _, ana, _, eve = three()
    ana.say("MODE #tea +b EVE!*@*")
    refusal = [f":chatapp 474 eve #tea :{BANNED}"]
    assert eve.asks("JOIN #tea") == refusal

    ana.say("MODE #tea +e *!*@127.0.0.*")
    assert eve.asks("JOIN #tea")[0] == f":{EVE} JOIN #tea"
    eve.say("PART #tea")
    ana.say("MODE #tea -e *!*@127.0.0.*")
    assert eve.asks("JOIN #tea") == refusal
    ana.say("MODE #tea -b eve!*@*")
    assert eve.asks("JOIN #tea")[0] == f":{EVE} JOIN #tea"


def test_only_so_many_channels():
    table = Table(Settings(channels=ChannelSettings(max_per_user=1)))
    ana = table.sit("ana")

    assert ana.asks("JOIN #a,#b")[-1] == ":chatapp 405 ana #b :You have joined too many channels"
    unlimited = Table(Settings(channels=ChannelSettings(max_per_user=0))).sit("ana")
    assert unlimited.asks("JOIN #a")[0] == f":{ANA} JOIN #a"


def test_new_channels_have_the_default_modes():
    table = Table(Settings(channels=ChannelSettings(default_modes="ms")))
    ana = table.sit("ana")

    assert ana.asks("JOIN #a", "MODE #a")[1:4:2] == [
        ":chatapp 353 ana @ #a :@ana",
        ":chatapp 324 ana #a +ms",
    ]


def test_someone_away_is_told_to_be_after_their_join_to_peers_alone():
    table = Table()
    ana, bob = table.sit("ana", "away-notify"), table.sit("bob", "away-notify")
    eve = table.sit("eve")
    table.room("#tea", bob, eve)
    ana.say("AWAY :lunch")
    ana.hears()

    assert ana.asks("JOIN #tea")[-1] == ":chatapp 366 ana #tea :End of NAMES list"
    assert bob.hears() == [f":{ANA} JOIN #tea", f":{ANA} AWAY :lunch"]
    assert eve.hears() == [f":{ANA} JOIN #tea"]


# PART


def test_a_part_is_told_to_all_with_the_reason_as_given():
    _, ana, bob, _ = three()

    assert bob.asks("PART #TEA :see  you ") == [f":{BOB} PART #tea :see  you "]
    assert ana.hears() == [f":{BOB} PART #tea :see  you "]


def test_a_part_without_a_reason_has_none():
    _, ana, bob, _ = three()

    assert bob.asks("PART #tea") == ana.hears() == [f":{BOB} PART #tea"]


def test_who_has_left_hears_nothing_more_and_is_in_no_list():
    _, ana, bob, _ = three()
    bob.say("PART #tea")
    bob.hears()

    ana.say("PRIVMSG #tea :alone")

    assert bob.hears() == []
    assert ana.asks("NAMES #tea")[0] == ":chatapp 353 ana = #tea :@ana"


def test_what_one_is_not_in_cannot_be_left():
    *_, eve = three()

    assert eve.asks("PART #tea") == [":chatapp 442 eve #tea :You are not in that channel"]
    assert eve.asks("PART #ghost,") == [
        ":chatapp 403 eve #ghost :No such channel",
        ":chatapp 403 eve * :No such channel",
    ]


def test_a_long_reason_is_cut_to_the_line_between_characters():
    _, ana, bob, _ = three()

    (line,) = bob.asks(f"PART #tea :{'ç' * 248}")

    assert ana.hears() == [line]
    assert 508 < len(line.encode()) <= 510


# QUIT, seen from here


def test_a_room_with_nothing_to_remember_ends_with_its_last_member():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana)
    ana.say("QUIT")

    assert "#tea" not in table.world.channels
    assert bob.asks("JOIN #tea")[1] == ":chatapp 353 bob = #tea :@bob"


def test_a_room_in_which_something_was_said_waits_for_the_next():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#Tea", ana)
    ana.say("PRIVMSG #tea :hi", "QUIT")

    assert bob.asks("JOIN #tea")[:2] == [f":{BOB} JOIN #Tea", ":chatapp 353 bob = #Tea :@bob"]


@pytest.mark.parametrize(("mode", "code"), [("+i", "473"), ("+k sesam", "475"), ("+b bob!*@*", "474")])
def test_an_empty_room_is_as_closed_as_it_was(mode, code):
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana)
    ana.say(f"MODE #tea {mode}", "PART #tea")

    assert bob.asks("JOIN #tea")[0].split(" ")[1] == code

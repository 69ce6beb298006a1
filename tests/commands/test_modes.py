"""MODE: how a channel or a user is set."""

from __future__ import annotations

import pytest
from dialogue import NEW_YEAR, Table

from chatapp.core.settings import ChannelSettings, LimitSettings, Settings

ANA, BOB = "ana!ana@127.0.0.1", "bob!bob@127.0.0.1"
SECONDS = NEW_YEAR // 1_000_000
NO_OP = ":chatapp 482 {} #tea :You are not a channel operator"


def two(settings=None):
    """Ana, operator of #tea, and Bob in it too."""
    table = Table(settings)
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)
    return table, ana, bob


def invalid(letter, value):
    return [f":chatapp 696 ana #tea {letter} {value} :This is not a value for that mode"]


# How it is


def test_a_channels_modes_are_two_lines():
    _, ana, _ = two()

    assert ana.asks("MODE #TEA") == [":chatapp 324 ana #tea +nt", f":chatapp 329 ana #tea {SECONDS}"]


def test_all_shown_modes_go_in_one_line_and_leave_a_bare_plus():
    _, ana, bob = two()

    assert ana.asks("MODE #tea -nt") == [f":{ANA} MODE #tea -nt"]
    assert bob.hears() == [f":{ANA} MODE #tea -nt"]
    assert ana.asks("MODE #tea")[0] == ":chatapp 324 ana #tea +"


def test_key_and_limit_are_shown_to_members_and_the_key_is_hidden_from_others():
    table, ana, bob = two()
    ana.say("MODE #tea +klm sesam 5")
    bob.hears()

    assert bob.asks("MODE #tea")[0] == ":chatapp 324 bob #tea +mntkl sesam 5"
    assert table.sit("eve").asks("MODE #tea")[0] == ":chatapp 324 eve #tea +mntkl * 5"


def test_of_no_channel_is_403_whoever_is_named():
    assert (
        Table().sit("ana").asks("MODE #ghost", "MODE #ghost +o ghost")
        == [":chatapp 403 ana #ghost :No such channel"] * 2
    )


def test_a_secret_channel_does_not_exist_for_strangers():
    table, ana, _ = two()
    ana.say("MODE #tea +s")

    assert table.sit("eve").asks("MODE #TEA", "MODE #tea b", "MODE #tea +o eve") == [
        ":chatapp 403 eve #TEA :No such channel",
        ":chatapp 403 eve #tea :No such channel",
        ":chatapp 403 eve #tea :No such channel",
    ]


def test_mode_needs_a_target():
    assert Table().sit("ana").asks("MODE") == [":chatapp 461 ana MODE :Not enough parameters"]


# Who may


def test_who_is_no_operator_is_told_in_one_line_and_nothing_changes():
    table, ana, bob = two()
    eve = table.sit("eve")

    assert bob.asks("MODE #tea +oim-nt bob") == [NO_OP.format("bob")]
    assert eve.asks("MODE #tea +o eve") == [NO_OP.format("eve")]
    assert ana.asks("MODE #tea")[0] == ":chatapp 324 ana #tea +nt"


# +o and +v


def test_a_new_operator_is_told_to_all_in_one_line():
    _, ana, bob = two()

    assert ana.asks("MODE #tea +o BOB") == [f":{ANA} MODE #tea +o bob"]
    assert bob.hears() == [f":{ANA} MODE #tea +o bob"]
    assert bob.asks("MODE #tea -o+v ana ana") == [f":{BOB} MODE #tea -o+v ana ana"]
    assert ana.asks("MODE #tea -v ana")[-1] == NO_OP.format("ana")


def test_whom_it_cannot_be_given():
    table, ana, _ = two()
    table.sit("eve")

    assert ana.asks("MODE #tea +o eve") == [":chatapp 441 ana eve #tea :They are not in that channel"]
    assert ana.asks("MODE #tea +o ghost") == [":chatapp 401 ana ghost :No such nick or channel"]
    assert ana.asks("MODE #tea +v") == invalid("v", "*")


def test_what_one_is_already_is_not_told_again():
    _, ana, bob = two()

    assert ana.asks("MODE #tea +o ana", "MODE #tea +nt", "MODE #tea -m", "MODE #tea -v bob") == []
    assert bob.hears() == []


# Lists


LISTS = [
    ("b", "367", ":chatapp 368 bob #tea :End of channel ban list"),
    ("e", "348", ":chatapp 349 bob #tea :End of channel exception list"),
    ("I", "346", ":chatapp 347 bob #tea :End of channel invite exception list"),
]


@pytest.mark.parametrize(("letter", "code", "end"), LISTS)
def test_masks_are_kept_and_shown_as_given_to_any_member(letter, code, end):
    table, ana, bob = two()
    assert ana.asks(f"MODE #tea +{letter} Nick!*@*") == [f":{ANA} MODE #tea +{letter} Nick!*@*"]
    table.later(3)
    ana.say(f"MODE #tea +{letter} ação!*@*")
    bob.hears()

    assert bob.asks(f"MODE #tea +{letter}") == [
        f":chatapp {code} bob #tea Nick!*@* {ANA} {SECONDS}",
        f":chatapp {code} bob #tea ação!*@* {ANA} {SECONDS + 3}",
        end,
    ]


@pytest.mark.parametrize(("letter", "code", "end"), LISTS)
@pytest.mark.parametrize("sign", ["", "+", "-"])
def test_an_empty_list_is_an_end(letter, code, end, sign):
    _, _, bob = two()

    assert bob.asks(f"MODE #tea {sign}{letter}") == [end]


def test_a_mask_is_found_in_any_case_and_taken_out_as_it_was_given():
    _, ana, _ = two()
    ana.say("MODE #tea +b Eve!*@*")
    ana.hears()

    assert ana.asks("MODE #tea +b EVE!*@*", "MODE #tea -b ghost") == []
    assert ana.asks("MODE #tea -b eVE!*@*") == [f":{ANA} MODE #tea -b Eve!*@*"]


@pytest.mark.parametrize(
    ("given", "kept"), [("eve", "eve!*@*"), ("*@host", "*!*@host"), ("a!b", "a!b@*"), ("e!u@h", "e!u@h")]
)
def test_what_a_mask_lacks_is_completed(given, kept):
    _, ana, _ = two()

    assert ana.asks(f"MODE #tea +b {given}") == [f":{ANA} MODE #tea +b {kept}"]


@pytest.mark.parametrize(
    ("given", "shown"), [(":", "*"), (":a b", "*"), ("::x", "*"), ("x" * 200, "x" * 200), (": ", "*")]
)
@pytest.mark.parametrize("letter", ["b", "e", "I"])
def test_what_cannot_be_a_mask_is_said_so_and_bans_nobody(letter, given, shown):
    table, ana, bob = two()

    assert ana.asks(f"MODE #tea +{letter} {given}") == invalid(letter, shown)
    assert bob.hears() == []
    assert not any(table.world.channels["#tea"].lists.values())


def test_taking_out_nothing_takes_out_nothing():
    _, ana, _ = two()
    ana.say("MODE #tea +b *")
    ana.hears()

    assert ana.asks("MODE #tea -b :") == invalid("b", "*")
    assert ana.asks("MODE #tea -b *") == [f":{ANA} MODE #tea -b *!*@*"]


def test_a_full_list_takes_no_more():
    _, ana, _ = two(Settings(channels=ChannelSettings(list_mode_entries=2)))

    assert ana.asks("MODE #tea +bbb a b c") == [
        ":chatapp 478 ana #tea c!*@* :The channel's list is full",
        f":{ANA} MODE #tea +bb a!*@* b!*@*",
    ]


def test_many_masks_are_one_line_or_as_many_as_it_takes_in_order():
    table, ana, bob = two()
    masks = [f"{'x' * 91}{n}!*@*" for n in range(5)]

    told = ana.asks(f"MODE #tea +bbbbb {' '.join(masks)}")

    assert bob.hears() == told
    assert len(told) == 2
    assert all(len(line.encode()) <= 510 for line in told)
    words = [line.removeprefix(f":{ANA} MODE #tea ").split(" ") for line in told]
    assert [word for first, *rest in words for word in rest] == masks
    assert [len(first) - 1 for first, *rest in words] == [len(rest) for first, *rest in words]
    assert [entry.mask for entry in table.world.channels["#tea"].lists["b"]] == masks


def test_asking_and_setting_in_one_line():
    _, ana, bob = two()

    assert ana.asks("MODE #tea +mb") == [
        ":chatapp 368 ana #tea :End of channel ban list",
        f":{ANA} MODE #tea +m",
    ]
    bob.hears()
    assert bob.asks("MODE #tea bbeb") == [
        ":chatapp 368 bob #tea :End of channel ban list",
        ":chatapp 349 bob #tea :End of channel exception list",
    ]


# +k


def test_a_key_is_told_with_its_value_when_set_and_without_when_taken():
    _, ana, bob = two()

    assert ana.asks("MODE #tea +k sesam") == [f":{ANA} MODE #tea +k sesam"]
    assert ana.asks("MODE #tea +k sesam") == []
    assert ana.asks("MODE #tea +k other") == [f":{ANA} MODE #tea +k other"]
    assert ana.asks("MODE #tea -k wrong") == [f":{ANA} MODE #tea -k *"]
    assert ana.asks("MODE #tea -k") == []
    assert len(bob.hears()) == 3


# an invalid key is one 696 with the value hidden, and never a key


@pytest.mark.parametrize("key", ["", ":", ": ", ":a b", "a,b", "x" * 400, "::x", "é" * 17])
def test_what_cannot_be_a_key_is_said_so_without_repeating_it(key):
    table, ana, bob = two()

    assert ana.asks(f"MODE #tea +k {key}".rstrip(" ") if not key else f"MODE #tea +k {key}") == invalid(
        "k", "*"
    )
    assert bob.hears() == []
    assert table.world.channels["#tea"].key == ""


# +l


def test_a_limit_is_shown_set_changed_and_taken_without_a_value():
    _, ana, bob = two()

    assert ana.asks("MODE #tea +l 5") == [f":{ANA} MODE #tea +l 5"]
    assert ana.asks("MODE #tea +l 5", "MODE #tea +l 05") == []
    assert ana.asks("MODE #tea +l 1") == [f":{ANA} MODE #tea +l 1"]
    assert ana.asks("MODE #tea -l 3") == [f":{ANA} MODE #tea -l"]
    assert ana.asks("MODE #tea -l") == []
    assert len(bob.hears()) == 3
    assert ana.asks("NAMES #tea")[0] == ":chatapp 353 ana = #tea :@ana bob"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0", "0"),
        ("-1", "-1"),
        ("many", "many"),
        (":", "*"),
        ("", "*"),
        ("٣", "٣"),
        ("1.5", "1.5"),
        ("9" * 400, "9" * 400),
        ("1000001", "1000001"),
        (":4 5", "*"),
    ],
)
def test_what_cannot_be_a_limit_is_said_so_and_none_is_set(value, shown):
    table, ana, bob = two()

    assert ana.asks(f"MODE #tea +l {value}".rstrip()) == invalid("l", shown)
    assert bob.hears() == []
    assert table.world.channels["#tea"].limit == 0


# Unknown letters, several at once


def test_an_unknown_letter_is_said_so_and_the_others_count():
    _, ana, bob = two()

    assert ana.asks("MODE #tea +xm-y") == [
        ":chatapp 472 ana x :is an unknown mode to me",
        ":chatapp 472 ana y :is an unknown mode to me",
        f":{ANA} MODE #tea +m",
    ]
    assert bob.hears() == [f":{ANA} MODE #tea +m"]


def test_letters_that_say_the_same_are_told_once():
    _, ana, _ = two()

    assert ana.asks("MODE #tea +mm-m+mis") == [f":{ANA} MODE #tea +m-m+mis"]


def test_every_default_mode_goes_without_a_parameter():
    _, ana, _ = two(Settings(channels=ChannelSettings(default_modes="Cimnst")))

    assert ana.asks("MODE #tea -Cimnst") == [f":{ANA} MODE #tea -Cimnst"]


def test_changes_are_kept_with_the_room_and_in_its_events():
    table, ana, _ = two()
    table.store.kept.clear()

    ana.say("MODE #tea +im")

    (tick,) = table.store.kept
    assert [entry.message.body for entry in tick.messages] == [f":{ANA} MODE #tea +im"]
    assert tick.channels["#tea"].modes == "imnt"
    ana.say("MODE #tea -im")
    assert table.store.states == {}


# Users


def test_ones_own_modes_are_221():
    table = Table()
    ana = table.sit("ana")

    assert ana.asks("MODE ana") == [":chatapp 221 ana +"]
    assert ana.asks("MODE ANA +i") == [f":{ANA} MODE ana +i"]
    assert ana.asks("MODE ana +i", "MODE ana") == [":chatapp 221 ana +i"]
    assert ana.asks("MODE ana -i") == [f":{ANA} MODE ana -i"]


def test_nobody_makes_themselves_an_operator_but_one_may_stop_being_one():
    ana = Table().sit("ana")

    assert ana.asks("MODE ana +o", "MODE ana +oi") == [f":{ANA} MODE ana +i"]
    ana.session.user.set_mode("o", True)
    assert ana.asks("MODE ana -o") == [f":{ANA} MODE ana -o"]


def test_unknown_user_modes_are_501():
    assert Table().sit("ana").asks("MODE ana +xi") == [
        ":chatapp 501 ana :Unknown user mode",
        f":{ANA} MODE ana +i",
    ]


def test_the_modes_of_others_are_their_own():
    table, ana, _ = two()

    refusal = ":chatapp 502 ana :You cannot see or change the modes of others"
    assert ana.asks("MODE bob", "MODE bob +i") == [refusal] * 2
    assert ana.asks("MODE ghost") == [":chatapp 401 ana ghost :No such nick or channel"]
    assert table.world.users["bob"].modes == ""


def test_the_length_of_a_key_is_a_setting():
    _, ana, _ = two(Settings(limits=LimitSettings(key_length=2)))

    assert ana.asks("MODE #tea +k abc") == invalid("k", "*")
    assert ana.asks("MODE #tea +k ab") == [f":{ANA} MODE #tea +k ab"]

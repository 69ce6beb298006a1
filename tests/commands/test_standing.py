"""Who may act on whom in a channel: founders, admins, operators, half-operators, voices (Modern IRC 2.5)."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.core.member import PREFIXES, RANKS, Member

ABOVE = ":chatapp 482 ana #tea :This takes a higher standing in the channel than yours"
LESS = ":chatapp 482 ana #tea :You are not a channel operator"
#: What each standing may act on: what is not here is out of reach.
REACH = {"q": "qaohv", "a": "ohv", "o": "ohv", "h": "v", "v": "", "": ""}


def scene(own, theirs=""):
    """Ana and Bob in #tea with these standings, and Carla, who hears of everything."""
    table = Table()
    people = [table.sit(nick) for nick in ("ana", "bob", "carla")]
    table.room("#tea", *people)
    room = table.world.channels["#tea"]
    for person, modes in zip(people, (own, theirs, ""), strict=True):
        room.members[person.session.user].modes = modes
    return people


def test_all_prefixes_are_shown_highest_first():
    member = Member()
    for mode in "vhoaq":
        assert member.grant(mode, True)

    assert member.prefixes == "~&@%+" == "".join(PREFIXES.values())
    assert member.rank == RANKS["q"] > RANKS["a"] > RANKS["o"] > RANKS["h"] > RANKS["v"] > RANKS[""]


@pytest.mark.parametrize("own", REACH)
@pytest.mark.parametrize("mode", PREFIXES)
@pytest.mark.parametrize("sign", "+-")
def test_who_may_give_and_take_which_standing(own, mode, sign):
    ana, bob, carla = scene(own, mode if sign == "-" else "")

    answer = ana.asks(f"MODE #tea {sign}{mode} bob")

    if mode in REACH[own]:
        assert answer == carla.hears() == [f":ana!ana@127.0.0.1 MODE #tea {sign}{mode} bob"]
    else:
        assert answer == ([ABOVE] if own in ("a", "o") or (own, mode) == ("h", "v") else [LESS])
        assert carla.hears() == []
    bob.hears()


@pytest.mark.parametrize("own", REACH)
@pytest.mark.parametrize("theirs", [*PREFIXES, ""])
def test_who_may_put_out_whom(own, theirs):
    ana, _bob, carla = scene(own, theirs)

    answer = ana.asks("KICK #tea bob :why")

    if own in ("q", "a", "o", "h") and (not theirs or theirs in REACH[own]):
        assert answer == carla.hears() == [":ana!ana@127.0.0.1 KICK #tea bob :why"]
    else:
        assert answer == ([ABOVE] if own in ("a", "o", "h") else [LESS])
        assert carla.hears() == []


@pytest.mark.parametrize("mode", ["q", "a", "o", "h"])
def test_one_may_give_up_what_one_has(mode):
    ana, _, carla = scene(mode)

    assert ana.asks(f"MODE #tea -{mode} ana") == [f":ana!ana@127.0.0.1 MODE #tea -{mode} ana"]
    assert carla.hears() == [f":ana!ana@127.0.0.1 MODE #tea -{mode} ana"]


@pytest.mark.parametrize("line", ["TOPIC #tea :x", "MODE #tea +b x!*@*", "MODE #tea +m", "MODE #tea +v bob"])
def test_a_half_operator_moderates(line):
    ana, _, carla = scene("h")

    assert ana.asks(line)[0].startswith(":ana!ana@127.0.0.1 ")
    assert carla.hears()[0].startswith(":ana!ana@127.0.0.1 ")


@pytest.mark.parametrize("line", ["MODE #tea +i", "MODE #tea +k x", "MODE #tea -t", "MODE #tea +mt"])
def test_a_half_operator_does_not_rebuild_the_room(line):
    ana, _, carla = scene("h")

    assert ana.asks(line) == [LESS]
    assert carla.hears() == []


def test_a_half_operator_invites_to_a_closed_room_and_a_voice_does_not():
    for own, code in (("h", "341"), ("v", "482")):
        ana, _, carla = scene(own)
        carla.table.world.channels["#tea"].modes.add("i")
        carla.table.sit("eve")

        assert ana.asks("INVITE eve #tea")[0].split(" ")[1] == code


def test_a_voice_does_not_set_the_topic():
    ana, *_ = scene("v")

    assert ana.asks("TOPIC #tea :x") == [LESS]


@pytest.mark.parametrize("prefix", PREFIXES.values())
def test_a_message_to_a_standing_reaches_it_and_who_stands_higher(prefix):
    table = Table()
    speaker = table.sit("eve")
    people = {mode: table.sit(f"m{mode}") for mode in [*PREFIXES, "x"]}
    table.room("#tea", speaker, *people.values())
    room = table.world.channels["#tea"]
    for mode, person in people.items():
        room.members[person.session.user].modes = mode.replace("x", "")
        person.hears()
    room.members[speaker.session.user].modes = ""

    assert speaker.asks(f"PRIVMSG {prefix}#tea :psst") == []

    reached = "".join(mode for mode, person in people.items() if person.hears())
    letters = "".join(PREFIXES)
    assert reached == letters[: list(PREFIXES.values()).index(prefix) + 1]


def test_names_shows_the_highest_and_with_multi_prefix_all():
    ana, _, carla = scene("qov", "hv")

    assert carla.asks("NAMES #tea")[0] == ":chatapp 353 carla = #tea :~ana %bob carla"
    carla.say("CAP REQ multi-prefix")
    assert carla.asks("NAMES #tea")[-2] == ":chatapp 353 carla = #tea :~@+ana %+bob carla"
    assert ana.asks("WHO bob")[0].split(" ")[8] == "H"

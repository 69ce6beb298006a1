"""A channel's own rules: what lasts, who may come in, who may speak."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.core.channel import Channel
from chatapp.core.entry import check_may_join
from chatapp.core.errors import Refused
from chatapp.core.member import OPERATOR, Member
from chatapp.core.ports import ChannelState, ListEntry
from chatapp.core.speech import check_may_speak
from chatapp.core.user import User
from chatapp.irc.names import fold_unicode


def channel(modes="nt", **state):
    return Channel(ChannelState("#Tea", 7, modes=modes, **state), fold_unicode, "nt", has_history=False)


def user(nick="Ana"):
    return User(nick, fold_unicode(nick), nick.lower(), "host", nick, "~1", 0)


def refusal(check, *args):
    with pytest.raises(Refused) as no:
        check(*args)
    return no.value.numeric.code


# What lasts


def test_a_room_as_it_began_has_nothing_to_remember():
    assert not channel().is_lasting
    assert channel().lasting_state() is None


@pytest.mark.parametrize(
    "state",
    [
        {"topic": "x"},
        {"key": "k"},
        {"limit": 1},
        {"forward": "#hall"},
        {"slow": 5},
        {"modes": "n"},
        {"modes": "imnt"},
        {"lists": {"b": (ListEntry("*!*@*", "ana", 1),)}},
    ],
)
def test_anything_that_would_be_missed_lasts_and_is_read_back(state):
    room = channel(**state)

    assert room.is_lasting
    kept = room.lasting_state()
    assert kept == ChannelState("#Tea", 7, **{"modes": "nt", **state})
    assert Channel(kept, fold_unicode, "nt", has_history=True).lasting_state() == kept


def test_a_room_with_history_lasts():
    room = channel()
    room.has_history = True

    assert room.lasting_state() == ChannelState("#Tea", 7, modes="nt")


# Coming and going


def test_the_first_in_an_empty_room_is_operator():
    room, ana, bob = channel(), user("Ana"), user("Bob")

    assert room.join(ana).is_operator
    assert not room.join(bob).modes
    assert set(ana.channels) == {room}
    room.part(ana)
    room.part(bob)
    assert room.join(bob).is_operator
    assert list(room.members) == [bob]
    assert ana.channels == {}


def test_every_session_of_a_member_hears():
    table = Table()
    ana, second = table.sit("ana"), table.visit()
    table.room("#tea", ana)
    who = ana.session.user
    who.attach(second.session)
    room = table.world.channels["#tea"]
    assert set(room.audience) == {ana.session, second.session}

    room.part(who)
    assert len(room.audience) == 0
    room.join(who)
    assert set(room.audience) == {ana.session, second.session}
    assert set(room.standing(OPERATOR)) == {ana.session, second.session}


# Who may come in


def test_an_open_room_lets_everyone_in():
    check_may_join(channel(), user(), "")
    check_may_join(channel(), user(), "needless")


@pytest.mark.parametrize("key", ["", "wrong", "Sesam", "sesam "])
def test_a_key_is_exact_and_also_for_the_invited(key):
    room, ana = channel(key="sesam"), user()
    check_may_join(room, ana, "sesam")
    assert refusal(check_may_join, room, ana, key) == "475"

    room.invite(ana)
    assert refusal(check_may_join, room, ana, key) == "475"
    check_may_join(room, ana, "sesam")


def test_limits_bans_and_i_yield_to_an_invitation_which_is_used_up():
    ban = {"b": (ListEntry("ana!*@*", "x", 1),)}
    for room, code in (
        (channel("int"), "473"),
        (channel(limit=1), "471"),
        (channel(lists=ban), "474"),
    ):
        room.join(user("Bob"))
        ana = user()
        assert refusal(check_may_join, room, ana, "") == code
        room.invite(ana)
        check_may_join(room, ana, "")
        assert ana.invitations == {room}
        room.join(ana)
        assert ana.invitations == room.guests == set()
        room.part(ana)
        assert refusal(check_may_join, room, ana, "") == code


def test_an_invitation_that_never_was_can_be_taken_back():
    room, ana = channel(), user()

    room.uninvite(ana)

    assert ana.invitations == room.guests == set()


def test_exceptions_open_what_bans_and_i_close():
    mask = (ListEntry("A*!*@HOST", "x", 1),)
    check_may_join(channel(lists={"b": mask, "e": mask}), user(), "")
    check_may_join(channel("int", lists={"I": mask}), user(), "")
    assert refusal(check_may_join, channel("int", lists={"e": mask}), user(), "") == "473"
    assert refusal(check_may_join, channel(lists={"b": mask, "I": mask}), user(), "") == "474"


# Who may speak


@pytest.mark.parametrize(
    ("modes", "standing", "may"),
    [
        ("nt", None, False),
        ("nt", "", True),
        ("t", None, True),
        ("mt", None, False),
        ("mnt", "", False),
        ("mnt", "v", True),
        ("mnt", "o", True),
    ],
)
@pytest.mark.parametrize("is_banned", [False, True])
@pytest.mark.parametrize("is_exempt", [False, True])
def test_who_may_speak(modes, standing, may, is_banned, is_exempt):
    mask = (ListEntry("ana!*@*", "x", 1),)
    room = channel(modes, lists={"b": mask if is_banned else (), "e": mask if is_exempt else ()})
    ana = user()
    if standing is not None:
        room.join(user("Bob"))
        room.join(ana).modes = standing

    if may and (standing or not is_banned or is_exempt):
        check_may_speak(room, ana)
    else:
        assert refusal(check_may_speak, room, ana) == "404"


def test_checks_of_standing():
    room, ana, bob, eve = channel(), user("Ana"), user("Bob"), user("Eve")
    room.join(ana)
    room.join(bob)

    room.check_is_operator(ana)
    assert room.check_is_member(bob) is room.member(bob)
    assert refusal(room.check_is_operator, bob) == refusal(room.check_is_operator, eve) == "482"
    assert refusal(room.check_is_member, eve) == "442"
    assert refusal(room.member, eve) == "441"


# Lists and how it is shown


def test_a_mask_is_entered_once_and_taken_out_in_any_case():
    room = channel()

    assert room.lists["b"].add(ListEntry("Ação!*@*", "ana", 5))
    assert not room.lists["b"].add(ListEntry("AÇÃO!*@*", "bob", 6))
    assert room.lists["b"] == [ListEntry("Ação!*@*", "ana", 5)]
    assert room.lists["b"].take("ghost!*@*") == ""
    assert room.lists["b"].take("aÇão!*@*") == "Ação!*@*"
    assert room.lists["b"] == []


def test_modes_as_they_are_shown():
    assert channel("").mode_params(show_key=True) == ["+"]
    assert channel(key="k", limit=5).mode_params(show_key=True) == ["+ntkl", "k", "5"]
    assert channel(key="k").mode_params(show_key=False) == ["+ntk", "*"]


def test_a_secret_room_has_another_symbol():
    assert (channel().symbol, channel("nst").symbol) == ("=", "@")


# A member


def test_prefixes_are_highest_first_whatever_came_first():
    member = Member()

    assert member.grant("v", True)
    assert not member.grant("v", True)
    assert (member.prefixes, member.is_operator) == ("+", False)
    assert member.grant("o", True)
    assert (member.prefixes, member.modes) == ("@+", "ov")
    assert member.grant("v", False)
    assert not member.grant("v", False)
    assert (member.prefixes, member.is_operator) == ("@", True)

"""KICK and INVITE: putting people out and asking them in."""

from __future__ import annotations

import pytest
from commands.scenes import three
from dialogue import Table

from chatapp.core.settings import LimitSettings, Settings

ANA, BOB, EVE = "ana!ana@127.0.0.1", "bob!bob@127.0.0.1", "eve!eve@127.0.0.1"
WRONG_KEY = "Cannot join channel (+k): the key is wrong or missing"


# KICK


def test_a_kick_is_told_to_all_and_the_victim_is_out():
    _, ana, bob, _ = three()

    assert ana.asks("KICK #TEA BOB :too  loud") == [f":{ANA} KICK #tea bob :too  loud"]
    assert bob.hears() == [f":{ANA} KICK #tea bob :too  loud"]
    assert bob.asks("PRIVMSG #tea :hey") == [
        ":chatapp 404 bob #tea :Cannot send to channel (+n): you are not in it"
    ]


# the default comment is the kicker's nick


@pytest.mark.parametrize("line", ["KICK #tea bob", "KICK #tea bob :"])
def test_without_a_reason_it_is_the_kickers_nick(line):
    _, ana, bob, _ = three()

    ana.say(line)

    assert bob.hears() == [f":{ANA} KICK #tea bob :ana"]


@pytest.mark.parametrize("rooms", ["#tea", "#tea,#tea"])
def test_several_victims_are_a_line_each(rooms):
    table, ana, _, eve = three()
    table.room("#tea", eve)
    ana.hears()

    assert ana.asks(f"KICK {rooms} bob,eve :why") == [
        f":{ANA} KICK #tea {nick} :why" for nick in ("bob", "eve")
    ]


def test_rooms_and_victims_must_be_as_many():
    _, ana, *_ = three()

    assert ana.asks("KICK #tea,#milk bob,eve,ana") == [":chatapp 461 ana KICK :Not enough parameters"]


def test_who_may_not_kick_is_told_why():
    table, ana, bob, eve = three()

    assert ana.asks("KICK #ghost bob") == [":chatapp 403 ana #ghost :No such channel"]
    assert eve.asks("KICK #tea bob") == [":chatapp 442 eve #tea :You are not in that channel"]
    assert bob.asks("KICK #tea ana") == [":chatapp 482 bob #tea :You are not a channel operator"]
    assert ana.asks("KICK #tea eve") == [":chatapp 441 ana eve #tea :They are not in that channel"]
    assert ana.asks("KICK #tea ghost") == [":chatapp 401 ana ghost :No such nick or channel"]
    assert ana.asks("KICK #tea") == [":chatapp 461 ana KICK :Not enough parameters"]
    assert len(table.world.channels["#tea"].members) == 2


def test_an_operator_may_kick_an_operator_and_themselves():
    table, ana, bob, _ = three()
    ana.say("MODE #tea +o bob")
    bob.hears()
    bob.say("KICK #tea ana,bob,ana")

    assert bob.hears() == [
        f":{BOB} KICK #tea ana :bob",
        f":{BOB} KICK #tea bob :bob",
        ":chatapp 403 bob #tea :No such channel",
    ]
    assert "#tea" not in table.world.channels


def test_a_long_reason_for_a_kick_is_cut():
    table = Table(Settings(limits=LimitSettings(kick_length=3)))
    ana = table.sit("ana")
    table.room("#tea", ana)

    assert ana.asks("KICK #tea ana :açaí") == [f":{ANA} KICK #tea ana :aç"]


# INVITE


def test_an_invitation_is_told_to_the_two_and_nobody_else():
    _, ana, bob, eve = three()

    assert ana.asks("INVITE EVE #TEA") == [":chatapp 341 ana eve #tea"]
    assert eve.hears() == [f":{ANA} INVITE eve #tea"]
    assert bob.hears() == []


def test_members_with_invite_notify_are_told_once_and_the_inviter_is_not():
    table = Table()
    ana, bob, eve = (table.sit(nick, "invite-notify") for nick in ("ana", "bob", "eve"))
    table.room("#tea", ana, bob)

    assert ana.asks("INVITE eve #tea") == [":chatapp 341 ana eve #tea"]
    assert eve.hears() == bob.hears() == [f":{ANA} INVITE eve #tea"]


def test_an_invitation_tells_the_account_of_the_inviter_to_those_who_asked():
    _, ana, _, eve = three("account-tag")
    ana.session.user.account = "anas"

    ana.say("INVITE eve #tea")

    assert eve.hears() == [f"@account=anas :{ANA} INVITE eve #tea"]


def test_any_member_may_invite_unless_the_channel_is_invite_only():
    _, ana, bob, eve = three()
    assert bob.asks("INVITE eve #tea") == [":chatapp 341 bob eve #tea"]

    ana.say("MODE #tea +i")
    eve.hears()
    bob.hears()
    assert bob.asks("INVITE eve #tea") == [":chatapp 482 bob #tea :You are not a channel operator"]
    assert eve.hears() == []
    assert ana.asks("INVITE eve #tea")[-1] == ":chatapp 341 ana eve #tea"


def test_invitations_that_cannot_be():
    _, ana, bob, eve = three()

    assert ana.asks("INVITE ghost #tea") == [":chatapp 401 ana ghost :No such nick or channel"]
    assert ana.asks("INVITE eve #ghost") == [":chatapp 403 ana #ghost :No such channel"]
    assert eve.asks("INVITE bob #tea") == [":chatapp 442 eve #tea :You are not in that channel"]
    assert ana.asks("INVITE bob #tea") == [":chatapp 443 ana bob #tea :is already in the channel"]
    assert ana.asks("INVITE eve") == [":chatapp 461 ana INVITE :Not enough parameters"]
    assert bob.hears() == []


@pytest.mark.parametrize("mode", ["+i", "+l 1", "+b eve!*@*"])
def test_an_invitation_passes_once(mode):
    _, ana, _, eve = three()
    ana.say(f"MODE #tea {mode}", "INVITE eve #tea")
    eve.hears()

    assert eve.asks("JOIN #tea")[0] == f":{EVE} JOIN #tea"
    eve.asks("PART #tea")
    assert eve.asks("JOIN #tea")[0].split(" ")[1] in ("471", "473", "474")


def test_an_invitation_is_no_key():
    _, ana, _, eve = three()
    ana.say("MODE #tea +k sesam", "INVITE eve #tea")
    eve.hears()

    assert eve.asks("JOIN #tea") == [f":chatapp 475 eve #tea :{WRONG_KEY}"]
    assert eve.asks("JOIN #tea sesam")[0] == f":{EVE} JOIN #tea"


def test_an_invitation_goes_with_its_guest_to_a_new_nick_and_not_to_the_next_of_the_old_one():
    table, ana, _, eve = three()
    ana.say("MODE #tea +i", "INVITE eve #tea")
    eve.say("NICK eva")
    other = table.sit("eve")

    assert other.asks("JOIN #tea")[0].split(" ")[1] == "473"
    eve.hears()
    assert eve.asks("JOIN #tea")[0] == ":eva!eve@127.0.0.1 JOIN #tea"


def test_invitations_are_listed():
    table, ana, _, eve = three()
    table.room("#milk", ana)
    ana.say("INVITE eve #tea", "INVITE eve #milk")
    eve.hears()

    assert eve.asks("INVITE") == [
        ":chatapp 336 eve #milk",
        ":chatapp 336 eve #tea",
        ":chatapp 337 eve :End of INVITE list",
    ]
    eve.asks("JOIN #tea")
    assert eve.asks("INVITE")[:-1] == [":chatapp 336 eve #milk"]


def test_an_invitation_ends_with_its_room_and_holds_nothing_back():
    _, ana, bob, eve = three()
    ana.say("INVITE eve #tea")
    eve.hears()
    ana.say("PART #tea")
    bob.say("PART #tea")

    assert eve.asks("INVITE") == [":chatapp 337 eve :End of INVITE list"]
    assert not eve.session.user.invitations


def test_a_lasting_room_forgets_guests_who_have_gone():
    table, ana, _, eve = three()
    ana.say("PRIVMSG #tea :x", "INVITE eve #tea")
    assert table.world.channels["#tea"].guests == {eve.session.user}

    eve.say("QUIT")

    assert not table.world.channels["#tea"].guests

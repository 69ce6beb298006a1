"""Rooms that forward, slow down, or ask for an account: +f, +W, +M, +R."""

from __future__ import annotations

import pytest
from commands.scenes import two
from dialogue import Table

ANA, BOB, EVE = "ana!ana@127.0.0.1", "bob!bob@127.0.0.1", "eve!eve@127.0.0.1"
NO_ACCOUNT = "Cannot send to channel (+{}): only those with an account may speak"


# +f


def forwarding(*modes):
    """#tea, whose operator Ana is, sends on to #hall; Eve has not come in."""
    table = Table()
    ana, bob, eve = (table.sit(nick) for nick in ("ana", "bob", "eve"))
    table.room("#hall", ana)
    table.room("#tea", ana, bob)
    ana.say("MODE #tea +f #HALL", *(f"MODE #tea {mode}" for mode in modes))
    ana.hears()
    bob.hears()
    return table, ana, bob, eve


@pytest.mark.parametrize("mode", ["+i", "+b eve!*@*", "+k key", "+l 1", "+R"])
def test_who_cannot_come_in_is_sent_on(mode):
    _, ana, _, eve = forwarding(mode)

    told = eve.asks("JOIN #tea")

    assert told[:2] == [
        ":chatapp 470 eve #tea #hall :You are sent on to another channel",
        f":{EVE} JOIN #hall",
    ]
    assert [line.split(" ")[1] for line in told[2:]] == ["353", "366"]
    assert ana.hears() == [f":{EVE} JOIN #hall"]


def test_who_may_come_in_does():
    _, _, _, eve = forwarding()

    assert eve.asks("JOIN #tea")[0] == f":{EVE} JOIN #tea"


def test_it_goes_one_step_and_no_further():
    _, ana, _, eve = forwarding("+i")
    ana.asks("JOIN #yard", "MODE #hall +if #yard")

    assert eve.asks("JOIN #tea") == [
        ":chatapp 470 eve #tea #hall :You are sent on to another channel",
        ":chatapp 473 eve #hall :Cannot join channel (+i): it is for the invited only",
    ]


def test_where_the_other_room_has_gone_there_will_be_a_new_one():
    _, ana, _, eve = forwarding("+i")
    ana.asks("PART #hall")

    assert eve.asks("JOIN #tea")[1:3] == [f":{EVE} JOIN #hall", ":chatapp 353 eve = #hall :@eve"]


def test_it_is_told_shown_and_taken_without_a_value():
    table, ana, bob, _ = forwarding()

    assert bob.asks("MODE #tea")[0] == ":chatapp 324 bob #tea +ntf #hall"
    assert ana.asks("MODE #tea +f #hall") == []
    assert ana.asks("MODE #tea -f") == bob.hears() == [f":{ANA} MODE #tea -f"]
    assert ana.asks("MODE #tea -f") == []
    assert table.world.channels["#tea"].forward == ""


@pytest.mark.parametrize("target", ["#none", "#tea", "bob", ":", "#secret"])
def test_to_where_nobody_can_be_sent(target):
    _, ana, _, eve = forwarding()
    eve.asks("JOIN #secret", "MODE #secret +s")

    assert ana.asks(f"MODE #tea +f {target}")[0].startswith(":chatapp 696 ana #tea f ")


def test_one_must_be_operator_there():
    table, ana, _, eve = forwarding()
    table.room("#eves", eve)

    assert ana.asks("MODE #tea +f #eves") == [":chatapp 482 ana #eves :You are not a channel operator"]


def test_it_survives_a_restart():
    table, *_ = forwarding("+i", "+W 7")

    later = Table(store=table.store, rooms=table.store.states.values())

    room = later.world.channels["#tea"]
    assert (room.forward, room.slow) == ("#hall", 7)


# +W


def slow(seconds=30):
    table, ana, bob = two()
    assert ana.asks(f"MODE #tea +W {seconds}") == [f":{ANA} MODE #tea +W {seconds}"]
    bob.hears()
    return table, ana, bob


def too_soon(seconds):
    return [f":chatapp 404 bob #tea :Cannot send to channel (+W): slow mode; speak again in {seconds} s"]


def test_one_waits_between_messages_and_is_told_how_long():
    table, ana, bob = slow()

    assert bob.asks("PRIVMSG #tea :one") == []
    assert bob.asks("PRIVMSG #tea :two") == too_soon(30)
    table.later(29)
    assert bob.asks("PRIVMSG #tea :two", "NOTICE #tea :two") == too_soon(1)
    table.later(1)
    assert bob.asks("PRIVMSG #tea :two") == []
    assert ana.hears() == [f":{BOB} PRIVMSG #tea :one", f":{BOB} PRIVMSG #tea :two"]


def test_waiting_does_not_start_anew_with_a_try_or_with_coming_in_again():
    table, _, bob = slow()
    bob.say("PRIVMSG #tea :one")
    table.later(20)
    bob.asks("PRIVMSG #tea :x", "PART #tea", "JOIN #tea")

    assert bob.asks("PRIVMSG #tea :x") == too_soon(10)


@pytest.mark.parametrize("pause", [0, 10])
def test_nor_with_a_new_connection_and_another_name(pause):
    table, *_ = slow()
    eve = table.sit("eve", address="192.0.2.7")
    table.room("#tea", eve)
    eve.say("PRIVMSG #tea :one")
    eve.leaves()
    table.later(pause)
    again, elsewhere = table.sit("bob2", address="192.0.2.7"), table.sit("fay", address="192.0.2.8")
    table.room("#tea", again, elsewhere)

    assert f"speak again in {30 - pause} s" in again.asks("PRIVMSG #tea :two")[0]
    assert elsewhere.asks("PRIVMSG #tea :mine") == []
    table.later(30 - pause)
    assert again.asks("PRIVMSG #tea :two") == []


def test_who_was_here_before_does_not_wait_for_others_from_the_same_address():
    table, _, bob = slow()
    eve = table.sit("eve")
    table.room("#tea", eve)
    table.later(5)
    bob.say("PRIVMSG #tea :one")

    assert eve.asks("PRIVMSG #tea :mine") == []


def test_who_has_a_standing_does_not_wait():
    _, ana, bob = slow()
    ana.asks("MODE #tea +v bob")
    bob.hears()

    assert bob.asks("PRIVMSG #tea :1", "PRIVMSG #tea :2") == []
    assert ana.asks("PRIVMSG #tea :1", "PRIVMSG #tea :2")[2:] == []


def test_typing_is_free_and_a_reaction_is_a_turn():
    _, ana, bob = two("message-tags")
    ana.say("MODE #tea +W 30")
    bob.hears()

    bob.say("@+typing=active TAGMSG #tea", "@+typing=active TAGMSG #tea")
    assert bob.hears() == []
    bob.say("@+draft/react=x TAGMSG #tea", "@+draft/react=x TAGMSG #tea")
    assert bob.hears() == too_soon(30)


@pytest.mark.parametrize("value", ["0", "-1", "x", "86401", "", ":"])
def test_what_is_no_time_to_wait(value):
    table, ana, _ = two()

    assert ana.asks(f"MODE #tea +W {value}".rstrip())[0].startswith(":chatapp 696 ana #tea W ")
    assert table.world.channels["#tea"].slow == 0


def test_slow_mode_ends_and_is_shown():
    table, ana, bob = slow()
    bob.say("PRIVMSG #tea :1")
    ana.hears()
    assert bob.asks("MODE #tea")[0] == ":chatapp 324 bob #tea +ntW 30"

    assert ana.asks("MODE #tea +W 30", "MODE #tea -W", "MODE #tea -W") == [f":{ANA} MODE #tea -W"]

    bob.hears()
    assert bob.asks("PRIVMSG #tea :2") == []
    assert len(table.world.channels["#tea"].turns) == 0


# +M and +R


@pytest.mark.parametrize("mode", ["M", "R"])
def test_only_those_with_an_account_speak(mode):
    _, ana, bob = two()
    ana.asks(f"MODE #tea +{mode}")
    bob.hears()
    assert bob.asks("PRIVMSG #tea :x") == [f":chatapp 404 bob #tea :{NO_ACCOUNT.format(mode)}"]
    assert bob.asks("NOTICE #tea :x") == []
    assert ana.hears() == []

    bob.session.user.account = "Bob"

    assert bob.asks("PRIVMSG #tea :x") == []


@pytest.mark.parametrize("mode", ["M", "R"])
def test_a_voice_speaks_without_one(mode):
    _, ana, bob = two()
    ana.asks(f"MODE #tea +{mode}v bob")
    bob.hears()

    assert bob.asks("PRIVMSG #tea :x") == []


def test_only_those_with_an_account_come_in_or_the_invited():
    table, ana, _ = two()
    ana.say("MODE #tea +R")
    eve, dora = table.sit("eve"), table.sit("dora")
    refusal = [":chatapp 477 eve #tea :Cannot join channel (+R): it is for those with an account"]
    assert eve.asks("JOIN #tea") == refusal
    eve.session.user.account = "Eve"
    assert eve.asks("JOIN #tea")[0] == f":{EVE} JOIN #tea"
    ana.say("INVITE dora #tea")
    dora.hears()

    assert dora.asks("JOIN #tea")[0] == ":dora!dora@127.0.0.1 JOIN #tea"


# KNOCK


def closed():
    table, ana, bob = two()
    ana.say("MODE #tea +i")
    ana.hears()
    bob.hears()
    return table, ana, bob, table.sit("eve")


def test_a_knock_is_heard_by_those_who_look_after_the_room():
    _, ana, bob, eve = closed()

    assert eve.asks("KNOCK #TEA") == [":chatapp 711 eve #tea :Your knock was heard"]
    assert ana.hears() == [f":chatapp 710 ana #tea {EVE} :asks to be let in"]
    assert bob.hears() == []


def test_one_does_not_knock_all_the_time():
    table, ana, _, eve = closed()
    eve.say("KNOCK #tea")
    ana.hears()

    assert eve.asks("KNOCK #tea")[0] == ":chatapp 712 eve #tea :You have knocked already"
    assert ana.hears() == []
    table.later(300)
    assert eve.asks("KNOCK #tea")[0].split(" ")[1] == "711"


def test_where_one_cannot_knock():
    table, ana, bob, eve = closed()
    table.room("#open", ana)

    assert eve.asks("KNOCK #none") == [":chatapp 403 eve #none :No such channel"]
    assert eve.asks("KNOCK #open") == [":chatapp 713 eve #open :The channel is open"]
    assert bob.asks("KNOCK #tea") == [":chatapp 714 bob #tea :You are in that channel already"]
    ana.say("MODE #tea +b eve")
    assert eve.asks("KNOCK #tea")[0].split(" ")[1] == "474"
    ana.say("MODE #tea +s")
    assert eve.asks("KNOCK #tea") == [":chatapp 403 eve #tea :No such channel"]

"""Being checked on, and going."""

from __future__ import annotations

import pytest
from dialogue import Table

# PING and PONG


@pytest.mark.parametrize("token", ["abc", "a b  c ", "ünï☕", ":x", "123"])
def test_a_ping_is_answered_with_its_token_byte_for_byte(token):
    assert Table().sit("ana").asks(f"PING :{token}") == [f":chatapp PONG chatapp :{token}"]


def test_a_ping_is_answered_before_registration_too():
    assert Table().visit().asks("PING x") == [":chatapp PONG chatapp :x"]


@pytest.mark.parametrize("line", ["PING", "PING :"])
def test_a_ping_without_a_token_has_no_answer_to_give(line):
    assert Table().sit("ana").asks(line) == [":chatapp 409 ana :No token given"]


def test_a_token_that_cannot_come_back_whole_does_not_come_back():
    ana = Table().sit("ana")
    room = 510 - len(":chatapp PONG chatapp :")

    assert ana.asks(f"PING {'x' * room}") == [f":chatapp PONG chatapp :{'x' * room}"]
    too_long = ":chatapp 417 ana :The line is too long; nothing of it was sent"
    assert ana.asks(f"PING {'x' * (room + 1)}") == [too_long]


def test_the_pong_comes_after_all_that_was_asked_before():
    ana = Table().sit("ana")

    assert ana.asks("JOIN #tea", "CHATHISTORY LATEST #nowhere * 5", "PING end")[-1].endswith(
        "PONG chatapp :end"
    )


def test_a_pong_is_not_answered():
    table = Table()

    assert table.sit("ana").asks("PONG x", "PONG") == []
    assert table.visit().asks("PONG") == []


def test_what_one_causes_is_with_the_others_before_ones_pong():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")

    ana.say("PRIVMSG bob :hi", "PING 1")

    assert bob.hears() == [":ana!ana@127.0.0.1 PRIVMSG bob :hi"]
    assert ana.hears() == [":chatapp PONG chatapp :1"]


# QUIT


def test_who_quits_is_told_why_and_hung_up_on():
    table = Table()
    ana, bob, eve = table.sit("ana"), table.sit("bob"), table.sit("eve")
    table.room("#tea", ana, bob)
    table.room("#milk", ana, bob)

    assert ana.asks("QUIT :see you") == ["ERROR :Closing link: Quit: see you"]
    assert ana.closed
    assert bob.hears() == [":ana!ana@127.0.0.1 QUIT :Quit: see you"]
    assert eve.hears() == []


@pytest.mark.parametrize("line", ["QUIT", "QUIT :"])
def test_nobody_needs_a_reason_to_quit(line):
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)

    assert ana.asks(line) == ["ERROR :Closing link: Quit"]
    assert bob.hears() == [":ana!ana@127.0.0.1 QUIT :Quit"]


def test_a_visitor_may_quit_and_leaves_no_trace():
    table = Table()
    ana, visitor = table.sit("ana"), table.visit()
    visitor.say("NICK probe")

    assert visitor.asks("QUIT :healthy") == ["ERROR :Closing link: Quit: healthy"]
    assert visitor.closed
    assert not table.world.sessions - {ana.session}
    assert table.world.most_users == 1
    assert ana.asks("WHOWAS probe")[0].split(" ")[1] == "406"


def test_a_labelled_quit_gets_the_error_and_nothing_after_it():
    ana = Table().sit("ana", "labeled-response batch")

    assert ana.asks("@label=q QUIT :bye") == ["ERROR :Closing link: Quit: bye"]


def test_a_broken_connection_is_a_quit_with_the_reason_and_happens_once():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)

    ana.leaves()
    ana.leaves("again")

    assert bob.hears() == [":ana!ana@127.0.0.1 QUIT :Connection lost"]

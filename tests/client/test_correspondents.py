"""Who has written while we were away: whose conversations are opened, and what of them counts as unread."""

from __future__ import annotations

import pytest
from client.fake_server import FakeServer, Talk
from client.sasl_server import ANA, SaslServer

from chatapp.client.buffer import EntryState
from chatapp.client.correspondents import BACK, MOST
from chatapp.client.login import Login
from chatapp.irc.line import parse_line


def talk_as(server=None, credentials=ANA):
    talk = Talk(server or SaslServer())
    talk.session.login = Login(talk.session, credentials, lambda: "nonce")
    return talk


def connect(talk):
    talk.server.connect()
    talk.session.connecting()
    talk.session.connected(is_private=True)
    talk.settle()
    return talk


def writes(talk, nick, text):
    """``nick`` writes to us while we are away: our side of the conversation bears their name."""
    said = talk.server._keep(nick, f"{nick}!x@there", "PRIVMSG", ["Ana", text])
    talk.clock.now += 0.01
    return said


def asked(talk):
    return [line for line in talk.server.heard if "TARGETS" in line]


def names(talk):
    return [buffer.name for buffer in talk.model.buffers]


def test_who_wrote_before_we_started_is_there():
    talk = talk_as()
    writes(talk, "bob", "are you there?")

    connect(talk)

    assert "bob" in names(talk)
    assert talk.texts("bob") == ["are you there?"]
    assert talk.model.current.name == "#lobby"


def test_who_wrote_while_we_were_cut_off_counts_as_unread():
    talk = connect(talk_as())
    talk.clock.now += 60
    talk.cut()
    talk.server.stamp += 61_000
    writes(talk, "eve", "hello")
    writes(talk, "eve", "hello?")
    talk.clock.now += 10

    connect(talk)

    assert (talk.room("eve").unread, talk.texts("eve")) == (2, ["hello", "hello?"])


@pytest.mark.parametrize("wrong", [-3600.0, 3600.0])
def test_who_wrote_while_we_were_cut_off_is_found_by_the_servers_clock(wrong):
    talk = talk_as()
    talk.clock.now += wrong
    connect(talk)
    talk.hears("@time=2027-01-15T08:00:00.500Z;msgid=x1 :bob!x@there PRIVMSG #lobby :one")
    talk.cut()
    talk.server.stamp = 501
    writes(talk, "eve", "hello")

    connect(talk)

    assert talk.texts("eve") == ["hello"]


def test_who_wrote_is_asked_for_until_it_is_answered():
    talk = connect(talk_as())
    talk.cut()
    writes(talk, "eve", "hello")
    talk.open()
    talk.hears("@time=2027-01-15T09:00:00.500Z;msgid=x1 :bob!x@there PRIVMSG #lobby :later")
    talk.cut()

    connect(talk)

    assert talk.texts("eve") == ["hello"]


def test_a_conversation_that_is_open_catches_up_by_itself():
    talk = connect(talk_as())
    talk.hears("@time=2027-01-15T08:00:00.500Z;msgid=x1 :bob!x@there PRIVMSG Ana :one")
    talk.cut()
    writes(talk, "bob", "two")

    connect(talk)

    assert names(talk).count("bob") == 1


def test_guests_do_not_ask():
    talk = Talk(FakeServer()).connect()

    assert asked(talk) == []


def test_nobody_asks_where_there_is_no_history():
    server = SaslServer()
    server.caps = server.caps.replace("draft/chathistory draft/event-playback ", "")
    talk = connect(talk_as(server))

    assert talk.session.login.account == "ana"
    assert asked(talk) == []


def test_one_asks_once_for_each_connection_and_a_week_back_at_first():
    talk = connect(talk_as())
    talk.session.reading.correspondents.ask()
    talk.settle()

    (line,) = asked(talk)
    _, first, last, limit = line.split(" ", 1)[1].split(" ")
    assert (first < last, int(limit)) == (True, 100)
    talk.cut()
    connect(talk)
    assert len(asked(talk)) == 2
    assert asked(talk)[1].split(" ")[2] > first
    assert BACK == 7 * 24 * 3600


def test_rooms_and_ourselves_are_no_correspondents_and_there_are_only_so_many():
    talk = connect(talk_as())
    before = len(talk.model.buffers)
    people = [(f"guest{number}", float(number)) for number in range(MOST + 5)]

    talk.session.reading.correspondents.told([("#else", 99.0), ("Ana", 99.0), ("", 99.0), *people])

    assert names(talk)[before:] == [f"guest{number}" for number in range(5, MOST + 5)]


def test_a_strange_answer_opens_nothing():
    talk = connect(talk_as())
    before = names(talk)

    talk.hears(
        ":chat BATCH +q draft/chathistory-targets",
        "@batch=q :chat CHATHISTORY TARGETS bob yesterday",
        "@batch=q :chat CHATHISTORY TARGETS",
        "@batch=q :chat PRIVMSG bob 2027-01-15T08:00:00.500Z",
        ":chat BATCH -q",
    )

    assert names(talk) == before


def test_who_logs_in_later_asks_then():
    talk = Talk(SaslServer(), nick="ana").connect()
    assert asked(talk) == []
    writes(talk, "bob", "psst")

    talk.session.hear(parse_line(":chat 900 ana ana!u@h ana :You are now logged in as ana"))
    talk.settle()

    assert len(asked(talk)) == 1
    assert talk.texts("bob") == ["psst"]


# What was said to one person while the connection broke


def cut_while_saying(talk, text, *, arrives):
    """Say ``text`` to Bob; the connection breaks before its echo, and it arrived or not."""
    talk.session.submit(text)
    mine = talk.session.take_lines()
    if arrives:
        for line in mine:
            talk.server.hear(line)
    talk.cut()


def with_bob(talk):
    """Some words with Bob that history holds."""
    talk.types("/query bob")
    talk.types("first")
    talk.cut()
    connect(talk)
    talk.model.switch_to(talk.room("bob"))
    return talk


@pytest.mark.parametrize("arrives", [True, False])
def test_with_an_account_it_is_said_once_whether_it_had_arrived_or_not(arrives):
    talk = with_bob(connect(talk_as()))

    cut_while_saying(talk, "second", arrives=arrives)
    connect(talk)

    assert talk.server.texts("bob") == ["first", "second"]
    assert talk.texts("bob") == ["first", "second"]
    assert {entry.state for entry in talk.room("bob").entries if entry.own} == {EntryState.SENT}


def test_where_history_never_held_anything_it_is_left_to_the_person():
    talk = connect(talk_as())
    talk.types("/query bob")

    cut_while_saying(talk, "first", arrives=False)
    connect(talk)

    assert talk.server.texts("bob") == []
    assert [entry.state for entry in talk.room("bob").entries if entry.own] == [EntryState.FAILED]


def test_as_somebody_else_it_is_left_to_the_person():
    talk = with_bob(connect(talk_as()))
    cut_while_saying(talk, "second", arrives=False)
    talk.session.login = Login(talk.session, None)

    connect(talk)

    assert talk.server.texts("bob") == ["first"]
    assert EntryState.FAILED in {entry.state for entry in talk.room("bob").entries if entry.own}

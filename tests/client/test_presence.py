"""Who is away is asked for when somebody looks, once, and without a word to the person."""

from __future__ import annotations

import pytest
from client.desk import at_the_desk
from client.fake_server import Talk

from chatapp.client.buffer import Member
from chatapp.client.presence import MOST_MEMBERS
from chatapp.irc.line import parse_line

GONE = ":chat 352 Ana #lobby ~b there chat bob G@ :0 Bob"


@pytest.fixture
def talk():
    return Talk().connect()


def asked(talk):
    talk.session.presence.look_at(talk.room())
    return talk.session.take_lines()


def test_it_is_asked_once_and_nothing_is_said(talk):
    assert asked(talk) == ["WHO #lobby"]
    before = [len(buffer.entries) for buffer in talk.model.buffers]
    talk.hears(
        GONE, ":chat 352 Ana #LOBBY ~a here chat Ana H :0 Ana", ":chat 315 Ana #lobby :End of WHO list"
    )
    assert {nick: member.away for nick, member in talk.room().members.items()} == {"ana": False, "bob": True}
    assert [len(buffer.entries) for buffer in talk.model.buffers] == before
    assert asked(talk) == []


def test_who_comes_back_is_seen(talk):
    asked(talk)
    talk.hears(GONE)
    talk.hears(":bob!b@there AWAY")
    assert not talk.room().members["bob"].away


def test_what_the_person_asks_for_is_told(talk):
    talk.session.submit("/who #lobby")
    talk.session.take_lines()
    talk.hears(GONE, ":chat 315 Ana #lobby :End")
    assert talk.notes("#lobby")[-1] == "bob (~b@there)"
    asked(talk)
    talk.hears(":chat 315 Ana #lobby :End")
    talk.hears(GONE)
    assert talk.notes("#lobby")[-1] == "bob (~b@there)"


def test_after_a_cut_or_a_new_entrance_it_is_asked_again(talk):
    assert asked(talk) == ["WHO #lobby"]
    talk.cut()
    talk.connect()
    assert asked(talk) == ["WHO #lobby"]
    talk.hears("@time=2027-01-15T08:00:00.000Z;msgid=x :Ana!a@b JOIN #lobby")
    assert asked(talk)[-1] == "WHO #lobby"


def test_it_is_not_asked_where_it_would_not_stay_true_or_be_too_much(talk):
    talk.session.caps.enabled.discard("away-notify")
    assert asked(talk) == []
    talk.session.caps.enabled.add("away-notify")
    for number in range(MOST_MEMBERS):
        talk.room().members[f"n{number}"] = Member(f"n{number}")
    assert asked(talk) == []
    talk.session.presence.look_at(talk.model.server)
    assert talk.session.take_lines() == []


def test_a_strange_answer_harms_nobody(talk):
    asked(talk)
    talk.hears(":chat 352 Ana #lobby", ":chat 352 Ana #nowhere a b c bob G", ":chat 352", ":chat 315")
    assert not talk.room().members["bob"].away


def test_at_the_desk_f8_asks():
    async def story(desk):
        desk.lobby.members["bob"] = Member("bob")
        desk.lobby.joined = True
        desk.session.caps.enabled.add("away-notify")
        desk.session.hear(parse_line(":chat 001 Ana :hi"))
        desk.session.take_lines()
        await desk.press("\x1b[19~")
        await desk.until(lambda: "WHO #lobby" in desk.session.take_lines())
        desk.session.hear(parse_line(":chat 352 Ana #lobby b there chat bob G :0 Bob"))
        await desk.until(lambda: "bob (away)" in desk.text)

    at_the_desk(story)

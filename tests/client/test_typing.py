"""Who is writing: said seldom, shown shortly, forgotten by itself."""

from __future__ import annotations

import re

import pytest
from client.fake_server import START, Talk
from client.modern_server import MODERN, ModernServer

from chatapp.client.screen.typing import writing_words
from chatapp.client.settings import Preferences, Settings
from chatapp.client.typists import MOST, Typists


def talking(caps=MODERN, **more):
    return Talk(ModernServer(caps=caps, **more)).connect()


def types(talk, text):
    """What goes out when the input line holds ``text``."""
    talk.session.speaking.typing.typed(talk.room(), text)
    return unlabelled(talk)


def unlabelled(talk):
    return [re.sub("label=c[0-9]+;", "", line) for line in talk.session.take_lines()]


def writes(talk, nick, state="active"):
    talk.hears(f"@+typing={state} :{nick}!a@b TAGMSG #lobby")


def nicks(talk):
    return talk.room().typing.nicks(talk.clock())


def test_it_is_said_at_most_each_three_seconds():
    talk = talking()
    assert types(talk, "o") == ["@+typing=active TAGMSG #lobby"]
    assert types(talk, "ol") == []
    talk.clock.now += 2.9
    assert types(talk, "olá") == []
    talk.clock.now += 0.2
    assert types(talk, "olá ") == ["@+typing=active TAGMSG #lobby"]


def test_what_is_cleared_is_done_and_what_is_said_needs_no_word():
    talk = talking()
    types(talk, "o")
    assert types(talk, "") == ["@+typing=done TAGMSG #lobby"]
    assert types(talk, "") == []
    types(talk, "o")
    talk.types("o")
    assert [line for line in talk.server.heard if "typing=done" in line] == []
    assert types(talk, "n") == ["@+typing=active TAGMSG #lobby"]


def test_another_room_ends_it_in_the_first():
    talk = talking()
    types(talk, "o")
    bob = talk.session.rooms.direct("bob")
    talk.session.take_lines()
    talk.session.speaking.typing.typed(bob, "hi")
    assert unlabelled(talk) == ["@+typing=done TAGMSG #lobby", "@+typing=active TAGMSG bob"]


@pytest.mark.parametrize("text", ["/join #tea", "/"])
def test_commands_are_nobodys_business(text):
    assert types(talking(), text) == []


def test_it_is_not_said_where_it_is_not_wanted_or_not_passed_on():
    talk = talking()
    talk.session.preferences = Preferences(Settings(typing=False))
    assert types(talk, "o") == []
    assert types(talking("server-time"), "o") == []
    assert types(talking(tokens="CLIENTTAGDENY=typing"), "o") == []
    talk = talking()
    talk.cut()
    assert types(talk, "o") == []


def test_a_notice_holds_for_six_seconds_and_a_pause_for_thirty():
    talk = talking()
    writes(talk, "bob")
    writes(talk, "carla", "paused")
    assert nicks(talk) == ["bob", "carla"]
    talk.clock.now += 6.1
    assert nicks(talk) == ["carla"]
    talk.clock.now += 24
    assert nicks(talk) == []


def test_who_has_said_it_or_given_up_writes_no_more():
    talk = talking()
    writes(talk, "bob")
    writes(talk, "carla")
    talk.server.other_says("#lobby", "here it is", "bob")
    talk.settle()
    assert nicks(talk) == ["carla"]
    writes(talk, "carla", "done")
    assert nicks(talk) == []


def test_our_own_notice_comes_back_and_is_none():
    talk = talking()
    types(talk, "o")
    writes(talk, "Ana")
    assert nicks(talk) == []


def test_a_private_notice_opens_no_conversation():
    talk = talking()
    talk.hears("@+typing=active :bob!a@b TAGMSG Ana")
    assert talk.model.find("bob") is None
    talk.session.rooms.direct("bob")
    talk.hears("@+typing=active :bob!a@b TAGMSG Ana")
    assert talk.room("bob").typing.nicks(START) == ["bob"]


def test_a_cut_ends_what_was_known():
    talk = talking()
    writes(talk, "bob")
    talk.cut()
    assert nicks(talk) == []


def test_a_crowd_is_bounded():
    typists = Typists()
    for number in range(10_000):
        typists.heard(f"n{number}", f"n{number}", "active", 0.0)
    assert len(typists.nicks(0.0)) == MOST
    assert typists.next_end(0.0) == 6.0


def test_words_for_one_two_and_many():
    assert writing_words([]) == ""
    assert writing_words(["Ana"]) == "Ana is writing…"
    assert writing_words(["Ana", "Bruno"]) == "Ana and Bruno are writing…"
    assert writing_words(["Ana", "Bruno", "Carla"]) == "several people are writing…"
    assert writing_words(["A" * 500, "\x1b[2J"]) == "AAAAAAAAAAAAAAA… and \u241b[2J are writing…"


@pytest.mark.parametrize("caps", [MODERN, MODERN.replace("labeled-response ", "")], ids=["labels", "none"])
def test_where_one_may_not_speak_the_notice_bothers_nobody_and_is_not_repeated(caps):
    talk = talking(caps=caps)
    talk.session.speaking.typing.typed(talk.room(), "o")
    label = re.match("@(label=c[0-9]+)", talk.session.take_lines()[0])
    before = len(talk.room().entries)
    talk.hears(f"{f'@{label[1]} ' if label else ''}:chat 404 Ana #lobby :Cannot send to channel (+m)")
    talk.clock.now += 10
    assert types(talk, "ol") == []
    assert len(talk.room().entries) == before
    talk.types("olá")
    assert types(talk, "e") == ["@+typing=active TAGMSG #lobby"]


def test_a_refused_message_is_told_though_one_was_writing():
    talk = talking()
    types(talk, "o")
    talk.session.submit("o")
    label = re.match("@(label=c[0-9]+)", talk.session.take_lines()[0])[1]
    talk.hears(f"@{label} :chat 404 Ana #lobby :Cannot send to channel (+m)")
    assert "Cannot send to channel (+m)" in talk.notes("#lobby")[-1]


def test_after_a_cut_an_error_is_not_taken_for_one_about_writing_of_before():
    talk = talking()
    talk.session.speaking.typing.typed(talk.room(), "o")
    label = talk.session.take_lines()[-1].partition(";")[0]
    talk.cut()
    talk.connect()

    talk.hears(f"{label} :s 401 Ana nobody :No such nick")

    assert talk.notes("#lobby")[-1] == "Nobody here is called nobody."

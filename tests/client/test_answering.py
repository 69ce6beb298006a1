"""Replies, and the commands for what one picks: /reply, /react, /delete."""

from __future__ import annotations

import pytest
from client.fake_server import Talk
from client.modern_server import MODERN, ModernServer

from chatapp.irc.client_tags import NONCE

NO_TAGS = "server-time echo-message"


def talking(caps=MODERN):
    talk = Talk(ModernServer(caps=caps)).connect()
    for nick, text in (("bob", "first"), ("carla", "second"), ("Ana", "mine")):
        talk.server.other_says("#lobby", text, nick)
    talk.settle()
    return talk


def entry(talk, text):
    return next(entry for entry in talk.room().entries if entry.text == text)


def kept(talk):
    return [(said.params[-1], tags_of(said)) for said in talk.server.history["#lobby"]][-1]


def tags_of(said):
    """What a message says by its tags."""
    return {key: value for key, value in said.client_tags.items() if key != NONCE}


def test_a_reply_goes_to_the_last_that_somebody_else_said():
    talk = talking()
    talk.types("/reply yes, indeed")
    assert kept(talk) == ("yes, indeed", {"+draft/reply": entry(talk, "second").msgid})
    assert entry(talk, "yes, indeed").reply_to == entry(talk, "second").msgid


def test_a_reply_goes_to_what_is_picked():
    talk = talking()
    talk.room().picked = entry(talk, "first").key
    talk.types("/r yes")
    assert kept(talk) == ("yes", {"+draft/reply": entry(talk, "first").msgid})
    assert talk.room().picked == 0


def test_what_is_typed_next_answers_where_one_has_begun_to():
    talk = talking()
    talk.room().replying_to = entry(talk, "first").msgid
    talk.types("one\ntwo")
    talk.types("three")
    assert talk.server.texts("#lobby")[-2:] == ["one\ntwo", "three"]
    replies = [tags_of(said) for said in talk.server.history["#lobby"]][-2:]
    assert replies == [{"+draft/reply": entry(talk, "first").msgid}, {}]


def test_a_reply_typed_offline_is_one():
    talk = talking()
    talk.cut()
    talk.types("/reply later")
    talk.connect()
    assert kept(talk) == ("later", {"+draft/reply": entry(talk, "second").msgid})


@pytest.mark.parametrize("tag", ["+reply", "+draft/reply"])
def test_replies_of_others_are_known_by_either_tag_live_and_from_history(tag):
    talk = talking()
    talk.hears(f"@{tag}=m7;msgid=x1 :bob!b@c PRIVMSG #lobby :what?")
    assert entry(talk, "what?").reply_to == "m7"
    talk.types("/reply why")
    again = Talk(talk.server).connect()
    assert entry(again, "why").reply_to == "x1"


def test_without_tags_some_of_the_words_are_quoted():
    talk = talking(NO_TAGS)
    talk.types("/reply yes")
    assert kept(talk) == ("carla: \u201csecond\u201d yes", {})


def test_a_server_that_denies_the_tag_gets_words_too():
    talk = Talk(ModernServer(tokens="CLIENTTAGDENY=*,-draft/react"))
    talk.connect()
    talk.server.other_says("#lobby", "hi")
    talk.settle()
    talk.types("/reply yes")
    assert kept(talk) == ("bob: \u201chi\u201d yes", {})


@pytest.mark.parametrize("emoji", ["\u2764\ufe0f", ":coração:", ":heart:", "coração"])
def test_reacting_by_sign_or_name(emoji):
    talk = talking()
    talk.types(f"/react {emoji}")
    _text, tags = kept(talk)
    assert tags["+draft/reply"] == entry(talk, "second").msgid
    assert tags["+draft/react"][0] == "\u2764"


def test_an_emoji_that_there_is_not():
    talk = talking()
    talk.types("/react :nonesuchatall:")
    assert "There is no emoji :nonesuchatall:" in talk.notes("#lobby")[-1]


def test_deleting_asks_first():
    talk = talking()
    talk.types("/delete")
    assert "Delete \u201cmine\u201d by Ana for everyone?" in talk.notes("#lobby")[-1]
    assert entry(talk, "mine").deletion is None
    msgid = entry(talk, "mine").msgid
    talk.types("/delete")
    assert talk.room().known(msgid).deletion is not None


def test_something_else_in_between_takes_the_question_back():
    talk = talking()
    talk.types("/delete")
    talk.types("/names")
    talk.types("/delete")
    assert entry(talk, "mine").deletion is None


@pytest.mark.parametrize("command", ["/reply yes", "/react x", "/delete"])
def test_where_nothing_was_said_there_is_nothing_to_answer(command):
    talk = Talk(ModernServer()).connect()
    talk.types(command)
    assert "Alt-K picks" in talk.notes("#lobby")[-1]

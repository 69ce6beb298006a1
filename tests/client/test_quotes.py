"""What is answered and not loaded is fetched, one by one, once, and only when somebody looks."""

from __future__ import annotations

import pytest
from client.desk import at_the_desk
from client.fake_server import Talk
from client.modern_server import MODERN, ModernServer

from chatapp.client.quotes import MOST_KEPT, MOST_OPEN
from chatapp.client.redaction import Deletion


def talking(**more):
    talk = Talk(ModernServer(page_limit=10, **more))
    for number in range(40):
        talk.server.other_says("#lobby", f"text {number}")
    return talk.connect()


def wants(talk, msgid):
    talk.session.reading.quotes.want(talk.room(), msgid)
    return [line.partition(" ")[2] for line in talk.session.take_lines()]


def test_it_is_asked_for_once_and_stands_in_no_timeline():
    talk = talking()
    talk.session.reading.quotes.want(talk.room(), "m5")
    talk.session.reading.quotes.want(talk.room(), "m5")
    talk.settle()
    (asked,) = [line for line in talk.server.heard if "AROUND" in line]
    assert asked.endswith("CHATHISTORY AROUND #lobby msgid=m5 1")
    assert talk.room().quoted["m5"].text == "text 4"
    assert talk.room().known("m5") is None


@pytest.mark.parametrize("without", ["labeled-response ", " draft/chathistory"])
def test_a_server_that_cannot_is_not_asked(without):
    assert wants(talking(caps=MODERN.replace(without, "")), "m5") == []
    assert wants(talking(tokens="MSGREFTYPES=timestamp"), "m5") == []


def test_what_the_server_does_not_know_is_not_asked_again_and_nobody_is_bothered():
    talk = talking()
    talk.session.reading.quotes.want(talk.room(), "gone")
    (line,) = talk.session.take_lines()
    before = len(talk.room().entries)
    talk.hears(f"{line.partition(' ')[0]} :chat FAIL CHATHISTORY INVALID_MSGREFTYPE AROUND #lobby :No")
    assert wants(talk, "gone") == []
    assert len(talk.room().entries) == before


def test_a_cut_lets_it_be_asked_again():
    talk = talking()
    assert wants(talk, "m5") != []
    talk.cut()
    talk.connect()
    assert wants(talk, "m5") == ["CHATHISTORY AROUND #lobby msgid=m5 1"]


def test_a_deletion_deletes_it_here_too():
    talk = talking()
    talk.session.reading.quotes.want(talk.room(), "m5")
    talk.settle()
    talk.room().delete("m5", Deletion("op"))
    assert talk.room().quoted["m5"].text == ""


def test_many_are_bounded():
    talk = talking()
    asked = [wants(talk, f"x{number}") for number in range(20)]
    assert sum(map(bool, asked)) == MOST_OPEN
    room = talk.room()
    room.quoted.update(dict.fromkeys((f"y{number}" for number in range(MOST_KEPT)), None))
    talk.session.reading.quotes.cut()
    wants(talk, "z")
    assert len(room.quoted) <= MOST_KEPT + MOST_OPEN


def test_on_the_screen_the_words_appear_by_themselves():
    async def story(desk):
        server = ModernServer(page_limit=50)
        server.other_says("#lobby", "the question")
        for number in range(80):
            server.other_says("#lobby", f"text {number}")
        talk = Talk(server)
        talk.session, talk.model = desk.session, desk.model
        talk.connect()
        desk.session.on_lines = lambda: None
        talk.hears("@+draft/reply=m1;msgid=x1 :carla!c@d PRIVMSG #lobby :the answer")
        await desk.until(lambda: "┌ an earlier message" in desk.text)

        def has_come():
            talk.settle()
            return "┌ bob: the question" in desk.text

        await desk.until(has_come)

    at_the_desk(story)


def test_in_a_private_conversation_it_is_fetched_too():
    talk = talking()
    talk.types("/query bob")
    talk.session.reading.quotes.want(talk.room("bob"), "m5")
    assert [line.partition(" ")[2] for line in talk.session.take_lines()] == [
        "CHATHISTORY AROUND bob msgid=m5 1"
    ]

"""What history tells, and what it does not, as dialogues."""

from __future__ import annotations

import pytest
from client.fake_server import CAPS, FakeServer, Talk

from chatapp.client.buffer import EntryKind, EntryState


@pytest.fixture
def talk() -> Talk:
    return Talk().connect()


def test_without_history_there_is_none_to_scroll_to():
    talk = Talk(FakeServer(caps=CAPS.replace(" draft/chathistory draft/event-playback", ""))).connect()

    talk.types("hello")
    talk.session.load_older(talk.room())

    assert not talk.room().has_older
    assert not any("CHATHISTORY" in line for line in talk.server.heard)


def test_without_history_a_message_of_unknown_fate_is_left_to_the_person():
    talk = Talk(FakeServer(caps=CAPS.replace(" draft/chathistory draft/event-playback", ""))).connect()
    talk.session.submit("did it arrive?")
    talk.session.take_lines()
    talk.cut()
    talk.connect()

    assert talk.server.texts("#lobby") == []
    assert [entry.state for entry in talk.room().entries if entry.text == "did it arrive?"] == [
        EntryState.FAILED
    ]


def test_what_was_missed_counts_as_unread():
    talk = Talk().connect()
    talk.types("/join #tea")
    talk.server.other_says("#lobby", "before")
    talk.settle()
    talk.model.switch_to(talk.room("#tea"))
    talk.room("#lobby").unread = 0
    talk.cut()
    talk.server.other_says("#lobby", "while you were away, Ana")

    talk.connect()

    assert (talk.room("#lobby").unread, talk.room("#lobby").mentions) == (1, 1)


class Forgetful(FakeServer):
    """A server that does not know any msgid any more."""

    def on_chathistory(self, line):
        if "msgid=" in line.params[2]:
            label = line.tags["label"]
            self.out.append(
                f"@label={label} :chat FAIL CHATHISTORY INVALID_PARAMS AFTER {line.params[1]} :No"
            )
            return
        super().on_chathistory(line)


def test_an_unknown_place_in_history_is_found_by_its_time():
    talk = Talk(Forgetful()).connect()
    talk.server.other_says("#lobby", "one")
    talk.settle()
    talk.cut()
    talk.server.other_says("#lobby", "two")

    talk.connect()

    assert talk.texts() == ["one", "two"]


def test_a_gap_that_the_server_does_not_fill_is_told(talk):
    talk.server.other_says("#lobby", "one")
    talk.settle()
    talk.cut()
    talk.server.on_chathistory = lambda line: talk.server.out.append(
        f"@label={line.tags['label']} :chat FAIL CHATHISTORY MESSAGE_ERROR {line.params[0]} :Broken"
    )

    talk.connect()

    assert "The server does not show what was said while you were away." in talk.notes("#lobby")


def test_without_labels_an_error_is_about_the_oldest_message_there():
    talk = Talk(FakeServer(caps=CAPS.replace("labeled-response ", ""))).connect()
    talk.session.say(talk.room(), "first")
    talk.session.say(talk.room(), "second")

    talk.hears(":s 404 Ana #lobby :Cannot send to channel")

    own = [(entry.text, entry.state.name) for entry in talk.room().entries if entry.kind is EntryKind.MESSAGE]
    assert own == [("first", "FAILED"), ("second", "SENDING")]


def test_without_echo_history_does_not_double_what_we_said():
    talk = Talk(FakeServer(caps=CAPS.replace("echo-message ", ""))).connect()
    talk.types("ok")
    talk.types("ok")
    talk.cut()
    talk.server.other_says("#lobby", "sim")

    talk.connect()

    assert talk.texts() == ["ok", "ok", "sim"]
    assert [entry.msgid for entry in talk.room().entries if entry.text == "ok"] == ["m2", "m3"]


def test_a_page_of_older_messages_may_be_refused():
    talk = Talk()
    for number in range(60):
        talk.server.other_says("#lobby", str(number))
    talk.connect()
    talk.server.on_chathistory = lambda line: talk.server.say(
        "FAIL CHATHISTORY MESSAGE_ERROR BEFORE #lobby :Broken"
    )
    talk.session.caps.enabled.discard("labeled-response")

    for _press in range(3):
        talk.session.load_older(talk.room())
        talk.settle()

    assert not talk.room().has_older
    assert talk.notes()[-1] == "No history: Broken"


def test_history_without_labels_is_told_by_its_target():
    talk = Talk(FakeServer(caps=CAPS.replace("labeled-response ", "")))
    talk.server.other_says("#lobby", "old")

    talk.connect()

    assert talk.texts() == ["old"]


def test_a_page_that_nobody_asked_for_is_passed_over(talk):
    talk.hears(
        ":s BATCH +z chathistory #lobby",
        "@batch=z;msgid=zz :bob!b@there PRIVMSG #lobby :slipped in",
        ":s BATCH -z",
    )

    assert talk.texts() == []

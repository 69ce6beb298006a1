from __future__ import annotations

import pytest
from client.fake_server import CAPS, FakeServer, Talk

from chatapp.client.buffer import EntryKind, EntryState
from chatapp.irc.client_tags import NONCE
from chatapp.irc.line import parse_line


def test_a_message_is_there_at_once_and_confirmed_by_its_echo():
    talk = Talk().connect()

    talk.session.submit("olá")

    entry = talk.room().entries[-1]
    assert (entry.text, entry.state) == ("olá", EntryState.SENDING)
    talk.settle()
    assert talk.room().entries[-1] is entry
    assert (entry.state, entry.msgid) == (EntryState.SENT, "m2")


def test_the_echo_takes_its_place_after_what_the_server_heard_before():
    talk = Talk().connect()
    talk.session.submit("second")
    talk.server.other_says("#lobby", "first")

    talk.settle()

    assert talk.texts() == talk.server.texts("#lobby") == ["first", "second"]


def test_what_is_typed_offline_waits_and_goes_out_once():
    talk = Talk().connect()
    talk.cut()
    talk.session.submit("are you there?")

    assert talk.room().entries[-1].state is EntryState.WAITING
    talk.connect()

    assert talk.server.texts("#lobby") == ["are you there?"]
    assert talk.room().entries[-1].state is EntryState.SENT


def test_what_was_typed_before_the_first_connection_goes_out():
    talk = Talk()
    talk.session.submit("early bird")

    talk.connect()

    assert talk.server.texts("#lobby") == ["early bird"]


def test_a_message_that_the_server_took_before_the_cut_is_not_sent_again():
    talk = Talk().connect()
    talk.session.submit("once")
    for line in talk.session.take_lines():
        talk.server.hear(line)
    talk.server.other_says("#lobby", "meanwhile")
    talk.cut()

    talk.connect()

    assert talk.server.texts("#lobby") == ["once", "meanwhile"]
    assert talk.texts() == ["once", "meanwhile"]
    assert [entry.state for entry in talk.room().entries if entry.own and entry.text == "once"] == [
        EntryState.SENT
    ]


def test_a_message_that_arrives_late_over_the_old_connection_is_known_again():
    talk = Talk().connect()
    talk.session.submit("slow")
    talk.session.take_lines()
    talk.cut()
    talk.open()
    while not talk.room().joined:
        for line in talk.session.take_lines():
            talk.server.hear(line)
        talk.session.hear(parse_line(talk.server.out.pop(0)))

    talk.hears("@msgid=late :Ana!~ana@here PRIVMSG #lobby :slow")

    assert [entry.state for entry in talk.room().entries if entry.text == "slow"] == [EntryState.SENT]
    assert talk.session.speaking.outbox.unsent() == 0


def test_a_message_that_the_server_never_saw_is_sent_again():
    talk = Talk().connect()
    talk.session.submit("lost on the way")
    talk.session.take_lines()
    talk.cut()

    talk.connect()

    assert talk.server.texts("#lobby") == ["lost on the way"] == talk.texts()


def test_of_two_equal_messages_only_the_lost_one_is_sent_again():
    talk = Talk().connect()
    talk.session.submit("ok")
    talk.session.submit("ok")
    first, _second = talk.session.take_lines()
    talk.server.hear(first)
    talk.cut()

    talk.connect()

    assert talk.server.texts("#lobby") == ["ok", "ok"] == talk.texts()


def test_a_direct_message_of_unknown_fate_is_left_to_the_person():
    talk = Talk().connect()
    talk.types("/query bob")
    talk.session.submit("hello")
    talk.session.take_lines()
    talk.cut()
    talk.connect()

    assert talk.server.texts("bob") == []
    assert [entry.state for entry in talk.room("bob").entries if entry.own] == [EntryState.FAILED]
    talk.types("/resend")
    assert talk.server.texts("bob") == ["hello"] == talk.texts("bob")


def test_an_echo_without_a_label_confirms_by_its_text():
    talk = Talk(FakeServer(caps="echo-message message-tags server-time")).connect()

    talk.types("plain")

    assert talk.texts() == ["plain"]
    assert talk.room().entries[-1].state is EntryState.SENT


def test_a_refused_message_has_failed_and_the_reason_is_told():
    talk = Talk().connect()
    talk.server.joined.clear()

    talk.types("into the void")

    assert [e.state for e in talk.room().entries if e.own and e.text == "into the void"] == [
        EntryState.FAILED
    ]
    assert talk.notes("#lobby")[-1].startswith("You may not speak in #lobby")


def test_what_waits_for_a_room_that_does_not_let_us_in_has_failed():
    talk = Talk()
    talk.session.submit("hello?")
    talk.session.connected()
    talk.hears(":s 001 Ana :hi", ":s 376 Ana :End", ":s 473 Ana #lobby :Cannot join channel (+i)")

    assert [e.state for e in talk.room().entries if e.own] == [EntryState.FAILED]
    assert talk.notes("#lobby")[-1] == "#lobby is for the invited only"


def test_speaking_in_a_room_one_was_removed_from_is_refused_here():
    talk = Talk().connect()
    talk.hears(":bob!b@there KICK #lobby Ana :enough")

    talk.session.submit("but\nwhy")

    assert talk.session.take_lines() == []
    assert [e.state for e in talk.room().entries if e.text in ("but", "why")] == [EntryState.FAILED] * 2
    assert len([note for note in talk.notes("#lobby") if "/resend" in note]) == 1


def test_a_long_text_is_split_so_that_the_relayed_lines_fit():
    talk = Talk().connect()
    text = "ção " * 300

    talk.types(text)

    assert "".join(talk.texts()) == text
    for said in talk.server.history["#lobby"]:
        assert len(f":{said.source} PRIVMSG #lobby :{said.params[-1]}\r\n".encode()) <= 512


def test_a_paste_is_one_message_a_line_and_holds_no_commands():
    talk = Talk().connect()

    talk.types("one\n\n/quit\nthree\n")

    assert talk.server.texts("#lobby") == ["one", "/quit", "three"]


def test_a_long_paste_goes_out_in_order_a_window_at_a_time():
    talk = Talk().connect()
    talk.session.submit("\n".join(str(number) for number in range(100)))

    assert len(talk.session.take_lines()) == 20
    talk.cut()
    talk.connect()

    assert talk.server.texts("#lobby") == [str(number) for number in range(100)] == talk.texts()


def said(talk, target="#lobby"):
    """Our own messages."""
    return [entry for entry in talk.room(target).entries if entry.own and entry.kind is EntryKind.MESSAGE]


def test_a_long_paste_to_a_server_without_echo_is_written_at_once():
    talk = Talk(FakeServer(caps="message-tags")).connect()

    talk.session.submit("\n".join(str(number) for number in range(3000)))

    *written, receipt = talk.session.take_lines()
    assert len(written) == 3000
    assert {entry.state for entry in said(talk)} == {EntryState.SENDING}
    talk.hears(receipt.replace("PING", ":chat PONG chat"))
    assert {entry.state for entry in said(talk)} == {EntryState.SENT}


@pytest.mark.parametrize("target", ["#lobby", "bob"])
def test_without_echo_what_a_cut_may_have_lost_is_told(target):
    talk = Talk(FakeServer(caps="message-tags")).connect()
    if target == "bob":
        talk.types("/query bob")
    talk.types("heard")
    talk.session.submit("perhaps")
    talk.cut()
    talk.connect()

    own = {entry.text: entry.state for entry in said(talk, target)}
    assert own == {"heard": EntryState.SENT, "perhaps": EntryState.FAILED}
    assert "It is not known whether this arrived. /resend sends it again." in talk.notes(target)
    assert talk.server.texts(target) == ["heard"]


def test_without_echo_a_refusal_is_about_what_was_said():
    talk = Talk(FakeServer(caps="message-tags")).connect()
    talk.session.submit("no")
    _said, receipt = talk.session.take_lines()
    talk.hears(":chat 404 Ana #lobby :Cannot send to channel", receipt.replace("PING", ":chat PONG chat"))

    assert [entry.state for entry in said(talk)] == [EntryState.FAILED]


@pytest.mark.parametrize("about", ["MARKREAD", "METADATA"])
def test_without_labels_a_refusal_of_something_else_fails_no_message(about):
    talk = Talk(FakeServer(caps=CAPS.replace("labeled-response ", ""))).connect()
    talk.session.submit("hello")

    talk.session.hear(parse_line(f":s FAIL {about} INVALID_PARAMS #lobby :That cannot be"))
    assert talk.room().entries[-1].state is EntryState.SENDING
    talk.settle()

    assert talk.texts() == talk.server.texts("#lobby") == ["hello"]


@pytest.mark.parametrize("caps", [CAPS, CAPS.replace("labeled-response ", "")], ids=["labels", "no-labels"])
def test_what_another_device_has_said_is_not_what_one_has_said_here(caps):
    talk = Talk(FakeServer(caps=caps)).connect()
    talk.session.submit("ok")
    talk.session.take_lines()  # does not arrive
    talk.server.other_says("#lobby", "ok", "Ana", **{NONCE: "of-the-other"})
    talk.cut()

    talk.connect()

    assert talk.server.texts("#lobby") == ["ok", "ok"] == talk.texts()


def test_where_a_server_keeps_no_such_words_it_is_known_by_what_it_says():
    talk = Talk().connect()
    talk.session.submit("once")
    for line in talk.session.take_lines():
        talk.server.hear(line)
    talk.server.history["#lobby"][-1].client_tags.clear()
    talk.cut()

    talk.connect()

    assert talk.server.texts("#lobby") == ["once"] == talk.texts()


def test_it_is_given_only_where_it_is_passed_on():
    tokens = "MSGREFTYPES=msgid CLIENTTAGDENY=*,-draft/reply"
    talk = Talk(FakeServer(tokens=tokens)).connect()
    talk.session.submit("hello")

    assert NONCE not in talk.session.take_lines()[-1]

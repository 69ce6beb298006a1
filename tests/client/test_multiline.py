"""Messages of several lines: one batch where the server can, plain lines elsewhere, never lost or doubled."""

from __future__ import annotations

import pytest
from client.fake_server import FakeServer, Talk, without_nonce
from client.modern_server import MODERN, ModernServer
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.buffer import EntryState
from chatapp.client.multiline import Limits, divide, is_one_line, parse_limits, wire_lines


def modern(**more):
    return Talk(ModernServer(**more)).connect()


def sent(talk):
    """What the server has heard, without labels."""
    return [text.partition(" ")[2] if text[0] == "@" else text for text in talk.server.heard]


def test_several_lines_are_one_message():
    talk = modern()
    talk.server.heard.clear()

    talk.types("um\n  dois\n\nquatro")

    assert [without_nonce(line) for line in talk.server.heard] == [
        "@label=c3 BATCH +m1 draft/multiline #lobby",
        "@batch=m1 PRIVMSG #lobby um",
        "@batch=m1 PRIVMSG #lobby :  dois",
        "@batch=m1 PRIVMSG #lobby :",
        "@batch=m1 PRIVMSG #lobby quatro",
        "BATCH -m1",
    ]
    entry = talk.room().entries[-1]
    assert (entry.text, entry.state) == ("um\n  dois\n\nquatro", EntryState.SENT)
    assert talk.texts() == ["um\n  dois\n\nquatro"]


def test_a_long_line_is_one_message_in_parts():
    talk = modern(caps=MODERN.replace("400", "4000"), most_bytes=4000)
    talk.server.heard.clear()
    text = "palavra " * 60 + "fim"

    talk.types(text)

    assert [without_nonce(line).split(" ")[0] for line in talk.server.heard] == [
        "@label=c3", "@batch=m1", "@batch=m1;draft/multiline-concat", "BATCH",
    ]  # fmt: skip
    assert talk.texts() == [text] == talk.server.texts("#lobby")


def test_what_is_too_much_for_one_message_goes_in_several_in_order():
    talk = modern()
    lines = [f"line {number}" for number in range(20)]

    talk.types("\n".join(lines))

    said = talk.server.texts("#lobby")
    assert "\n".join(said).split("\n") == lines
    assert [text.count("\n") + 1 for text in said] == [6, 6, 6, 2]
    assert talk.texts() == said


def test_elsewhere_each_line_is_a_message():
    talk = Talk(FakeServer()).connect()
    talk.types("um\n\ndois\n")
    assert talk.server.texts("#lobby") == ["um", "dois"] == talk.texts()


@pytest.mark.parametrize("caps", [MODERN, MODERN.replace("labeled-response ", "")], ids=["labels", "none"])
def test_a_draft_typed_offline_goes_out_as_the_server_can(caps):
    talk = Talk(ModernServer(caps=caps))
    talk.session.submit("um\ndois")
    assert [entry.text for entry in talk.room().entries] == ["um\ndois"]

    talk.connect()

    assert talk.server.texts("#lobby") == ["um\ndois"] == talk.texts()


def test_offline_and_then_a_server_without_it():
    talk = Talk(FakeServer())
    talk.session.submit("um\ndois")
    talk.session.submit("três")
    talk.connect()
    assert talk.server.texts("#lobby") == ["um", "dois", "três"] == talk.texts()


@pytest.mark.parametrize("heard", range(7))
def test_a_cut_in_the_middle_of_the_batch_loses_and_doubles_nothing(heard):
    talk = modern()
    talk.session.submit("um\ndois\ntrês")
    for line in talk.session.take_lines()[:heard]:
        talk.server.hear(line)
    talk.cut()

    talk.connect()

    assert talk.server.texts("#lobby") == ["um\ndois\ntrês"] == talk.texts()
    assert talk.session.speaking.outbox.unsent() == 0


def test_what_others_say_in_several_lines_is_one_entry_live_and_from_history():
    talk = Talk(ModernServer())
    talk.server.other_says("#lobby", "era\numa vez")
    talk.connect()
    talk.server.other_says("#lobby", "fim\nda\nhistória")
    talk.settle()
    assert talk.texts() == ["era\numa vez", "fim\nda\nhistória"]
    assert [entry.msgid for entry in talk.room().entries if entry.text.startswith("fim")] == ["m3"]


def test_a_batch_that_never_ends_is_not_shown_and_comes_from_history():
    talk = modern()
    talk.server.other_says("#lobby", "half\nway")
    for line in talk.server.out[:2]:
        talk.hears(line)
    assert talk.texts() == []
    talk.cut()
    talk.connect()
    assert talk.texts() == ["half\nway"]


def test_a_refused_batch_has_failed_once():
    talk = modern()
    talk.session.submit("a\nb")
    opening = talk.session.take_lines()[0]
    label = opening.partition(" ")[0]
    talk.hears(f"{label} FAIL BATCH MULTILINE_MAX_LINES 1 :Too many lines")
    assert [(e.text, e.state) for e in talk.room().entries if e.own and "\n" in e.text] == [
        ("a\nb", EntryState.FAILED)
    ]


def test_limits_are_read_as_they_come():
    assert parse_limits("max-bytes=40000,max-lines=10") == Limits(40000, 10)
    assert parse_limits("max-bytes=40000,other") == Limits(40000, 100)
    assert parse_limits("max-lines=0") is None
    assert parse_limits("max-bytes=x,max-lines=9999999999") == Limits(4096, 100)


TEXTS = st.text(st.sampled_from("aé漢 \n\U0001f44d"), max_size=80)


@given(text=TEXTS, limits=st.one_of(st.none(), st.builds(Limits, st.integers(4, 60), st.integers(1, 5))))
def test_dividing_keeps_what_is_said_within_the_limits(text, limits):
    room = 16
    messages = divide(text, room, limits)

    said = "".join(messages).replace("\n", "").replace(" ", "")
    assert said == text.replace("\n", "").replace(" ", "")
    for message in messages:
        assert divide(message, room, limits) == [message]
        assert message.strip()
        if limits is None:
            assert is_one_line(message, room)
        else:
            parts = list(wire_lines(message, room))
            assert len(parts) <= limits.lines and len(message.encode()) <= limits.bytes
            assert all(len(part.encode()) <= room and (part or not more) for part, more in parts)


def test_limits_are_kept_though_the_first_request_was_refused():
    class Picky(ModernServer):
        def on_cap(self, line):
            if line.params[0] == "REQ" and "setname" in line.params[1].split():
                self.say(f"CAP {self.nick} NAK :{line.params[1]}")
            else:
                super().on_cap(line)

    talk = Talk(Picky()).connect()
    assert talk.session.caps.message_limits == Limits(400, 6)


def test_a_server_that_tells_it_line_by_line_afterwards_is_not_told_again():
    talk = modern()
    talk.session.submit("um\ndois")
    for line in talk.session.take_lines():
        talk.server.hear(line)
    talk.cut()
    talk.server.caps = MODERN.replace("draft/multiline=max-bytes=400,max-lines=6 ", "")
    said = next(said for said in talk.server.history["#lobby"] if said.command == "PRIVMSG")
    said.params[1] = "um"
    talk.server.other_says("#lobby", "dois", "Ana")

    talk.connect()

    assert talk.server.texts("#lobby") == ["um", "dois"] == talk.texts()
    assert talk.session.speaking.outbox.unsent() == 0


def test_a_batch_that_is_refused_without_a_label_has_failed_and_not_what_came_before():
    talk = modern(caps=MODERN.replace("labeled-response ", ""))
    talk.session.submit("one line")
    talk.session.submit("a\nb")
    talk.hears(":chat FAIL BATCH MULTILINE_INVALID :No")
    states = {entry.text: entry.state for entry in talk.room().entries if entry.own}
    assert (states["one line"], states["a\nb"]) == (EntryState.SENDING, EntryState.FAILED)

"""Deleted messages: the text is gone, the place stays; also from history, and over a cut."""

from __future__ import annotations

import pytest
from client.fake_server import Talk
from client.modern_server import MODERN, ModernServer

from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind
from chatapp.client.command import Misused
from chatapp.client.redaction import MOST, Deletion


def talking(caps=MODERN, nick="bob"):
    talk = Talk(ModernServer(caps=caps))
    talk.server.other_says("#lobby", "secret", nick)
    return talk.connect()


def test_someone_deletes_a_message():
    talk = talking()
    talk.room().known("m1").version = 1
    talk.server.redacts("#lobby", talk.server.history["#lobby"][0], "op!o@there", ["spam"])
    talk.settle()
    entry = talk.room().known("m1")
    assert (entry.text, entry.deletion, entry.version) == ("", Deletion("op", "spam"), 2)


def test_deleting_ones_own():
    talk = talking(nick="Ana")
    talk.session.speaking.deleting.ask(talk.room(), talk.room().known("m1"), "oops")
    talk.settle()
    assert talk.room().known("m1").deletion == Deletion("Ana", "oops")
    assert "REDACT #lobby m1 oops" in talk.server.heard[-1]
    with pytest.raises(Misused, match="was deleted"):
        talk.session.speaking.deleting.ask(talk.room(), talk.room().known("m1"))


def test_what_may_not_be_deleted_stays_and_that_is_said():
    talk = talking()
    talk.session.speaking.deleting.ask(talk.room(), talk.room().known("m1"))
    talk.settle()
    assert talk.room().known("m1").text == "secret"
    assert talk.notes("#lobby")[-1] != ""
    assert len(talk.session.speaking.deleting.wishes) == 0


def test_a_server_without_it_is_not_asked():
    talk = talking(MODERN.replace("draft/message-redaction", ""))
    with pytest.raises(Misused, match="cannot delete"):
        talk.session.speaking.deleting.ask(talk.room(), talk.room().known("m1"))


@pytest.mark.parametrize("out", [0, 1])
def test_a_cut_before_the_answer(out):
    talk = talking(nick="Ana")
    talk.session.speaking.deleting.ask(talk.room(), talk.room().known("m1"))
    for line in talk.session.take_lines()[:out]:
        talk.server.hear(line)
    talk.cut()
    talk.connect()
    assert talk.room().known("m1").deletion == Deletion("Ana")
    assert talk.server.history["#lobby"][0].command == "REDACT"
    assert not any("REDACT" in note for note in talk.notes("#lobby"))


def test_history_tells_of_what_was_deleted_before_one_came():
    talk = Talk(ModernServer())
    said = talk.server.other_says("#lobby", "secret")
    talk.server.other_says("#lobby", "next")
    talk.server.redacts("#lobby", said, "op!o@there")
    talk.connect()
    first, second = [entry for entry in talk.room().entries if entry.nick in ("op", "bob")]
    assert (first.kind, first.text, first.deletion) == (EntryKind.EVENT, "", Deletion("op"))
    assert second.text == "next"


def test_a_deletion_that_comes_before_its_message_deletes_it_all_the_same():
    buffer = Buffer("#tea", BufferKind.CHANNEL)
    buffer.delete("m1", Deletion("op"))
    buffer.add(Entry(EntryKind.MESSAGE, 1.0, "secret", "bob", "m1", mention=True))
    entry = buffer.known("m1")
    assert (entry.text, entry.mention, entry.deletion) == ("", False, Deletion("op"))


def test_deletions_of_what_is_not_here_are_bounded():
    buffer = Buffer("#tea", BufferKind.CHANNEL)
    for number in range(MOST + 500):
        buffer.delete(f"m{number}", Deletion("op"))
    assert len(buffer.deletions) == MOST
    assert buffer.deletions.of("m0") is None
    assert buffer.entries == []


def test_what_is_deleted_has_no_reactions_and_gets_none():
    talk = talking()
    like = {"+draft/reply": "m1", "+draft/react": "x"}
    talk.server.other_tags("#lobby", like)
    talk.server.redacts("#lobby", talk.server.history["#lobby"][0], "op!o@there")
    talk.server.other_tags("#lobby", like, "carla")
    talk.settle()
    assert talk.room().reactions.of("m1") is None

"""Reactions: counted by person, toggled, from history, bounded, and sent once."""

from __future__ import annotations

import pytest
from client.fake_server import Talk
from client.modern_server import MODERN, ModernServer

from chatapp.client.command import Misused
from chatapp.client.outcome import Outcome
from chatapp.client.reactions import (
    LONGEST,
    MOST_KINDS,
    MOST_TALLIES,
    MOST_VOTES,
    MOST_VOTES_IN_ALL,
    Count,
    Reactions,
    Vote,
)

LIKE = {"+draft/reply": "m1", "+draft/react": "\u2764"}
UNLIKE = {"+draft/reply": "m1", "+draft/unreact": "\u2764"}


def talking(caps=MODERN):
    talk = Talk(ModernServer(caps=caps))
    talk.server.other_says("#lobby", "olá")
    return talk.connect()


def counts(talk, msgid="m1"):
    tally = talk.room().reactions.of(msgid)
    return tally.counts("ana") if tally else []


def toggle(talk, reaction="\u2764", msgid="m1"):
    talk.session.speaking.reacting.toggle(talk.room(), talk.room().known(msgid), reaction)
    talk.settle()


def test_reactions_of_others_are_counted_once_a_person_and_taken_back():
    talk = talking()
    for nick in ("bob", "carla", "bob"):
        talk.server.other_tags("#lobby", LIKE, nick)
    talk.settle()
    assert counts(talk) == [Count("\u2764", 2, False)]
    assert talk.room().reactions.of("m1").nicks("\u2764") == ["bob", "carla"]

    talk.server.other_tags("#lobby", UNLIKE, "bob")
    talk.settle()
    assert counts(talk) == [Count("\u2764", 1, False)]


def test_ones_own_is_shown_at_once_and_confirmed_by_the_echo():
    talk = talking()
    talk.session.speaking.reacting.toggle(talk.room(), talk.room().known("m1"), "\u2764")
    assert counts(talk) == [Count("\u2764", 1, True, True)]
    talk.settle()
    assert counts(talk) == [Count("\u2764", 1, True)]
    toggle(talk)
    assert counts(talk) == []
    assert [text.partition(" ")[0] for text in talk.server.heard if "TAGMSG" in text] == [
        "@label=c3;+draft/reply=m1;+draft/react=\u2764",
        "@label=c4;+draft/reply=m1;+draft/unreact=\u2764",
    ]


def test_history_has_the_reactions_also_to_what_is_further_up():
    talk = Talk(ModernServer(page_limit=4))
    talk.server.other_says("#lobby", "olá")
    for number in range(5):
        talk.server.other_says("#lobby", f"{number}")
    talk.server.other_tags("#lobby", LIKE)
    talk.connect()
    assert talk.room().known("m1") is None

    while talk.room().has_older:
        talk.session.load_older(talk.room())
        talk.settle()

    assert talk.room().known("m1") is not None
    assert counts(talk) == [Count("\u2764", 1, False)]


def test_what_history_tells_late_does_not_undo_what_was_heard():
    reactions = Reactions()
    reactions.react("m1", "x", "bob", Vote("bob", 20.0, False))
    assert not reactions.react("m1", "x", "bob", Vote("bob", 10.0, True))
    assert reactions.of("m1").counts("ana") == []


@pytest.mark.parametrize("out", [0, 1])
def test_a_cut_before_the_echo_loses_and_doubles_nothing(out):
    talk = talking()
    talk.session.speaking.reacting.toggle(talk.room(), talk.room().known("m1"), "\u2764")
    for line in talk.session.take_lines()[:out]:
        talk.server.hear(line)
    talk.cut()
    assert counts(talk) == [Count("\u2764", 1, True, True)]

    talk.connect()

    assert counts(talk) == [Count("\u2764", 1, True)]
    assert [said.command for said in talk.server.history["#lobby"]].count("TAGMSG") == 1


def test_offline_it_waits_and_twice_is_not_at_all():
    talk = talking()
    talk.cut()
    toggle(talk)
    toggle(talk, "\U0001f44d")
    toggle(talk)
    talk.connect()
    assert counts(talk) == [Count("\U0001f44d", 1, True)]
    assert [said.command for said in talk.server.history["#lobby"]].count("TAGMSG") == 1


def test_a_refused_reaction_goes_away_and_says_why():
    talk = talking()
    talk.session.speaking.reacting.toggle(talk.room(), talk.room().known("m1"), "\u2764")
    (line,) = talk.session.take_lines()
    label = line.partition(";")[0]
    talk.hears(f"{label} :chat 404 Ana #lobby :Cannot send to channel (+m)")
    assert counts(talk) == []
    assert "Cannot send to channel (+m)" in talk.notes("#lobby")[-1]


def test_a_server_without_tags_gets_words():
    caps = "server-time echo-message batch"
    talk = Talk(ModernServer(caps=caps))
    talk.connect()
    talk.server.other_says("#lobby", "olá")
    talk.settle()
    entry = next(entry for entry in talk.room().entries if entry.text == "olá")
    talk.session.speaking.reacting.toggle(talk.room(), entry, "\u2764")
    talk.settle()
    assert talk.server.texts("#lobby") == ["olá", "bob: \u2764"]


@pytest.mark.parametrize("reaction", ["", "  ", "x" * (LONGEST + 1), "a\x1b[2Jb"])
def test_what_is_no_reaction_is_refused(reaction):
    talk = talking()
    with pytest.raises(Misused):
        toggle(talk, reaction)
    assert counts(talk) == []


def test_a_line_that_both_adds_and_removes_does_neither():
    talk = talking()
    talk.server.other_tags("#lobby", LIKE | UNLIKE)
    talk.server.other_tags("#lobby", {"+draft/react": "x"})
    talk.server.other_tags("#lobby", {"+draft/react": "x", "+draft/reply": "a b"})
    talk.settle()
    assert counts(talk) == []


@pytest.mark.slow
def test_ten_thousand_reactions_are_bounded():
    reactions = Reactions()
    for number in range(10_000):
        reactions.react("m1", "x", f"n{number}", Vote(f"n{number}", 1.0, True))
        reactions.react("m2", f"r{number}", "bob", Vote("bob", 1.0, True))
    assert reactions.of("m1").counts("ana") == [Count("x", MOST_VOTES, False)]
    assert len(reactions.of("m2").counts("ana")) == MOST_KINDS
    assert reactions.react("m2", "mine", "ana", Vote("Ana", 2.0, True), is_own=True)

    for number in range(200_000):
        reactions.react(f"x{number % 20_000}", "x", f"n{number}", Vote("n", 1.0, True))
    assert len(reactions) <= MOST_VOTES_IN_ALL
    assert len(reactions._tallies) <= MOST_TALLIES


def test_a_string_of_five_hundred_emoji_is_kept_short():
    talk = talking()
    talk.server.other_tags("#lobby", LIKE | {"+draft/react": "\U0001f44d" * 500})
    talk.settle()
    assert [len(count.reaction) for count in counts(talk)] == [LONGEST]


def test_a_refusal_without_a_label_is_about_the_first_that_is_out():
    talk = talking(MODERN.replace("labeled-response ", ""))
    talk.session.speaking.reacting.toggle(talk.room(), talk.room().known("m1"), "\u2764")
    talk.hears(":chat 404 Ana #lobby :Cannot send to channel (+m)")
    assert counts(talk) == []
    assert "Cannot send to channel (+m)" in talk.notes("#lobby")[-1]


def test_another_name_is_the_same_person():
    talk = talking()
    talk.server.other_tags("#lobby", LIKE, "bob")
    toggle(talk)
    talk.hears(":bob!b@there NICK robert", ":Ana!~ana@here NICK Aninha")
    assert talk.room().reactions.of("m1").nicks("\u2764") == ["robert", "Aninha"]
    talk.session.speaking.reacting.toggle(talk.room(), talk.room().known("m1"), "\u2764")
    assert "+draft/unreact=\u2764" in talk.session.take_lines()[0]


def test_who_leaves_with_a_reaction_on_its_way_is_asked():
    talk = talking()
    talk.cut()
    toggle(talk)
    assert talk.session.submit("/quit") is Outcome.NOTHING
    assert "1 reaction was not sent yet" in talk.notes(talk.model.current.name)[-1]
    assert talk.session.submit("/quit") is Outcome.QUIT

"""What is said and done as a line: written safely, and cut where it may be."""

from __future__ import annotations

import pytest
from dialogue import Table

from chatapp.irc.line import UnsafeLine


def test_words_have_a_colon_and_the_others_only_where_they_need_one():
    table = Table()
    who = table.sit("ana").session.user

    bodies = [
        table.world.scribe.act(who, *said).body
        for said in (
            ("PRIVMSG", "#a", "x"),
            ("JOIN", "#a"),
            ("PART", "#a", "x"),
            ("PART", "#a", "x y"),
            ("AWAY",),
        )
    ]

    assert [body.partition(" ")[2] for body in bodies] == [
        "PRIVMSG #a :x", "JOIN #a", "PART #a x", "PART #a :x y", "AWAY",
    ]  # fmt: skip


@pytest.mark.parametrize("bad", ["a\rb", "a\nb", "a\0b"])
def test_nothing_that_would_break_a_line_leaves(bad):
    table = Table()
    who = table.sit("ana").session.user

    with pytest.raises(UnsafeLine):
        table.world.scribe.act(who, "PRIVMSG", "#a", bad)


@pytest.mark.parametrize("command", ["QUIT", "PART", "TOPIC", "KICK", "AWAY", "SETNAME"])
def test_long_words_around_a_conversation_are_cut_to_the_line(command):
    table = Table()
    who = table.sit("ana").session.user

    body = table.world.scribe.act(who, command, "é" * 400).body

    assert len(body.encode()) in (509, 510)
    assert body.endswith("é")


def test_what_is_said_is_never_cut():
    table = Table()
    who = table.sit("ana").session.user

    assert table.world.scribe.act(who, "PRIVMSG", "#a", "é" * 400).body.endswith("é" * 400)

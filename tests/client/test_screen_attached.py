"""What stands around messages, as text at several widths: answers, reactions, deletions, grouped speakers."""

from __future__ import annotations

import pytest
from client.test_screen_render import HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind, EntryState
from chatapp.client.reactions import LONGEST, MOST_VOTES, Count, Vote
from chatapp.client.redaction import Deletion
from chatapp.client.screen.attached import quote_row, reaction_rows
from chatapp.client.screen.cells import cells
from chatapp.client.screen.render import row_text
from chatapp.client.screen.timeline import Timeline

HEART, THUMB = "\u2764\ufe0f", "\U0001f44d"


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch):
    monkeypatch.setattr(
        "chatapp.client.screen.times.time.localtime", lambda _seconds=None: (2025, 1, 1, 12, 34, 0, 2, 1, 0)
    )


def say(room, text, nick="Ana", kind=EntryKind.MESSAGE, time=None, **more):
    number = len(room.entries) + 1
    entry = Entry(kind, time or 90_000.0 + 10 * number, text, nick, f"m{number}", **more)
    room.add(entry)
    return entry


def react(room, msgid, *votes):
    for time, (reaction, nick) in enumerate(votes):
        room.reactions.react(msgid, reaction, nick.lower(), Vote(nick, float(time), True))


def shown(room, width, height=40):
    timeline = Timeline()
    timeline.show(room, "bruno")
    rows = timeline.rows(width, height)
    assert all(cells(row_text(row)) <= width for row in rows)
    return [row_text(row).rstrip() for row in rows][1:]


@pytest.fixture
def room():
    room = Buffer("#tea", BufferKind.CHANNEL)
    say(room, "Shall we meet at the usual place, at four?")
    say(room, "Or would five be better for everyone who works?")
    say(room, "Five!", "Bruno", reply_to="m2", own=True)
    say(room, "um\n  dois\ntrês", "Bruno", own=True)
    say(room, "buy now", "Spam")
    say(room, "Yes", "Ana", reply_to="m99")
    react(room, "m2", (HEART, "Bruno"), (HEART, "Carla"), (THUMB, "Carla"))
    room.delete("m5", Deletion("op", "spam"))
    return room


def test_forty_columns(room):
    assert shown(room, 40) == [
        "12:34 <Ana> Shall we meet at the usual",
        "      place, at four?",
        "12:34       Or would five be better for",
        "            everyone who works?",
        f"      [{HEART} 2]  {THUMB}",
        "      ┌ Ana: Or would five be better fo…",
        "12:34 <Bruno> Five!",
        "12:34         um",
        "                dois",
        "              três",
        "12:34 <Spam> (message deleted by op:",
        "      spam)",
        "      ┌ an earlier message",
        "12:34 <Ana> Yes",
    ]


@pytest.mark.parametrize("width", [80, 120, 200])
def test_wider(room, width):
    assert shown(room, width) == [
        "12:34 <Ana> Shall we meet at the usual place, at four?",
        "12:34       Or would five be better for everyone who works?",
        f"      [{HEART} 2]  {THUMB}",
        "      ┌ Ana: Or would five be better for everyone who works?",
        "12:34 <Bruno> Five!",
        "12:34         um",
        "                dois",
        "              três",
        "12:34 <Spam> (message deleted by op: spam)",
        "      ┌ an earlier message",
        "12:34 <Ana> Yes",
    ]


def test_no_room_at_all_still_shows_the_words(room):
    assert "Five!" in " ".join(shown(room, 12))


def test_another_person_a_pause_an_action_or_an_answer_names_again():
    room = Buffer("#tea", BufferKind.CHANNEL)
    say(room, "a", time=90_000.0)
    say(room, "b", time=90_299.0)
    say(room, "c", time=90_600.0)
    say(room, "d", kind=EntryKind.ACTION, time=90_601.0)
    say(room, "e", time=90_602.0)
    say(room, "f", time=90_603.0, reply_to="m1")
    say(room, "g", "ana", time=90_604.0)
    assert shown(room, 80) == [
        "12:34 <Ana> a",
        "12:34       b",
        "12:34 <Ana> c",
        "12:34 * Ana d",
        "12:34 <Ana> e",
        "      ┌ Ana: a",
        "12:34 <Ana> f",
        "12:34 <ana> g",
    ]


def test_nobody_can_write_a_row_that_looks_like_anothers():
    room = Buffer("#tea", BufferKind.CHANNEL)
    say(room, "x", "Eve")
    say(room, "<Ana> I owe Eve\n12:34 <Ana> a lot\n      ┌ Ana: truly", "Eve")
    say(room, "[❤ 9]", "Eve")
    rows = shown(room, 80)
    assert not any(row.startswith(("12:34 <Ana>", "      ┌")) for row in rows)


def test_own_ones_say_how_far_they_have_come_also_in_several_lines():
    room = Buffer("#tea", BufferKind.CHANNEL)
    room.add_unconfirmed(
        Entry(EntryKind.MESSAGE, 90_000.0, "a\nb", "Ana", own=True, state=EntryState.SENDING)
    )
    assert shown(room, 80) == ["12:34 <Ana> a", "      b …"]


def test_an_answer_to_itself_or_in_a_circle_is_one_line_each():
    room = Buffer("#tea", BufferKind.CHANNEL)
    say(room, "myself", reply_to="m1")
    say(room, "two", "Bruno", reply_to="m3")
    say(room, "three", "Carla", reply_to="m2")
    assert shown(room, 80) == [
        "      ┌ an earlier message",
        "12:34 <Ana> myself",
        "      ┌ Carla: three",
        "12:34 <Bruno> two",
        "      ┌ Bruno: two",
        "12:34 <Carla> three",
    ]


def test_an_answer_to_what_was_deleted_says_so():
    room = Buffer("#tea", BufferKind.CHANNEL)
    say(room, "secret")
    say(room, "what?", "Bruno", reply_to="m1")
    timeline = Timeline()
    timeline.show(room)
    timeline.rows(80, 10)
    room.delete("m1", Deletion("Ana"))
    rows = [row_text(row).rstrip() for row in timeline.rows(80, 10)]
    assert rows[1:] == [
        "12:34 <Ana> (message deleted by Ana)",
        "      ┌ Ana: (deleted)",
        "12:34 <Bruno> what?",
    ]


def test_a_deletion_known_from_history_alone():
    room = Buffer("#tea", BufferKind.CHANNEL)
    room.add(Entry(EntryKind.EVENT, 90_000.0, "", "op", "m1", deletion=Deletion("op", "spam")))
    assert shown(room, 80) == ["12:34 · (op deleted a message: spam)"]


def test_many_and_long_reactions_take_few_rows():
    counts = [Count(f"r{number}", number + 1, False) for number in range(20)]
    rows = [row_text(row) for row in reaction_rows(counts, 40)]
    assert len(rows) <= 4
    assert "".join(rows).endswith("and 8 more")
    counts = [Count(THUMB * LONGEST, MOST_VOTES, True, True)]
    (row,) = [row_text(row) for row in reaction_rows(counts, 40)]
    assert row.strip() == f"[{THUMB * 6}… {MOST_VOTES}+] …"


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [1, 7, 40])
def test_no_field_lets_a_control_through(text, width):
    target = Entry(EntryKind.MESSAGE, 1.0, f"a{text}b", f"n{text}", "m1")
    rows = [quote_row(target, width), *reaction_rows([Count(f"r{text}", 2, True)], width)]
    room = Buffer("#tea", BufferKind.CHANNEL)
    say(room, f"a{text}b\n{text}", f"n{text}")
    room.delete("m1", Deletion(f"n{text}", text))
    timeline = Timeline()
    timeline.show(room)
    for row in [*rows, *timeline.rows(width, 50)]:
        for char in row_text(row):
            assert char.isprintable() or char in "\u2068\u2069\u200d\ufe0f \u200c", (text, char)


@given(
    text=st.text(max_size=60),
    nick=st.text(max_size=20),
    reaction=st.text(min_size=1, max_size=LONGEST),
    width=st.integers(1, 60),
)
def test_nothing_is_wider_than_the_screen(text, nick, reaction, width):
    room = Buffer("#tea", BufferKind.CHANNEL)
    say(room, text, nick)
    say(room, text, nick, reply_to="m1")
    react(room, "m1", (reaction, nick))
    timeline = Timeline()
    timeline.show(room)
    for row in timeline.rows(width, 50):
        assert cells(row_text(row)) <= max(width, 2)

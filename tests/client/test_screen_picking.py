"""Picking a message at the keyboard and by the mouse: the half-typed line stays, and all has a way back."""

from __future__ import annotations

import base64

import pytest
from client.desk import at_the_desk
from client.fake_server import parse_line

from chatapp.client.buffer import Entry, EntryKind
from chatapp.client.model import ConnectionState

ALT_K, ENTER, ESC, UP, DOWN = "\x1bk", "\r", "\x1b", "\x1b[A", "\x1b[B"


def fill(desk, *texts, nick="Bruno", **more):
    for text in texts:
        number = len(desk.lobby.entries)
        # Each five minutes after the other, so that everyone is named.
        entry = Entry(EntryKind.MESSAGE, 60_000.0 + 600 * number, text, nick, f"m{number}", **more)
        desk.lobby.add(entry)


def online(desk, caps="message-tags server-time echo-message batch labeled-response draft/message-redaction"):
    session = desk.session
    session.connected()
    for line in (f"CAP * ACK :{caps}", "001 Ana :hi", "422 Ana :no"):
        session.hear(parse_line(f":chat {line}"))
    session.hear(parse_line(":Ana!a@h JOIN #lobby"))
    session.take_lines()
    assert desk.model.state is ConnectionState.ONLINE


def sent(desk):
    return [line.partition(" ")[2] if "label=" in line else line for line in desk.session.take_lines()]


def picked(desk):
    entry = desk.screen.picking.entry
    return entry.text if entry else None


def row_of(desk, words):
    return next(number for number, line in enumerate(desk.lines) if words in line)


def test_the_keys_move_the_mark_and_the_line_stays():
    async def story(desk):
        fill(desk, "um", "dois", "três")
        await desk.press("h", "a", "l", "f")
        await desk.press(ALT_K)
        assert picked(desk) == "três"
        assert "▸<Bruno> três" in desk.text
        assert "r: answer, e: react" in desk.text
        await desk.press("k", UP)
        assert picked(desk) == "um"
        await desk.press("k")
        assert picked(desk) == "um"
        await desk.press("j", DOWN, "j")
        assert picked(desk) == "três"
        assert desk.typed == "half"
        await desk.press(ESC)
        assert picked(desk) is None
        assert "▸" not in desk.text
        assert desk.typed == "half"

    at_the_desk(story)


def test_events_and_words_of_the_client_are_passed_over():
    async def story(desk):
        fill(desk, "um")
        desk.lobby.add(Entry(EntryKind.EVENT, 61_000.0, "Carla joined"))
        fill(desk, "dois")
        desk.session.inform("something")
        await desk.press(ALT_K)
        assert picked(desk) == "dois"
        await desk.press("k")
        assert picked(desk) == "um"

    at_the_desk(story)


def test_another_letter_is_typed():
    async def story(desk):
        fill(desk, "um")
        await desk.press("a", ALT_K, "o", "i")
        assert desk.typed == "aoi"
        assert picked(desk) is None

    at_the_desk(story)


def test_a_reply_is_begun_shown_in_the_prompt_and_sent():
    async def story(desk):
        online(desk)
        fill(desk, "um", "dois")
        await desk.press("y", "e", "s", ALT_K, "k", "r")
        assert desk.lines[-1] == "[#lobby, answering Bruno] yes"
        await desk.press(ENTER)
        assert desk.lines[-1] == "[#lobby]"
        at = desk.lobby.entries[-1].reply_to
        assert desk.lobby.known(at).text == "um"
        assert "┌ Bruno: um" in desk.text

    at_the_desk(story)


def test_esc_takes_a_begun_reply_back():
    async def story(desk):
        online(desk)
        fill(desk, "um")
        await desk.press(ALT_K, "r", ESC)
        assert desk.lines[-1] == "[#lobby]"
        await desk.press("o", "i", ENTER)
        assert desk.lobby.entries[-1].reply_to == ""

    at_the_desk(story)


@pytest.mark.parametrize(
    ("keys", "reaction"),
    [
        ("1", "\U0001f44d"),
        ("cora\r", "\u2764"),
        ("corax\x7f2", None),
        ("lol\r", "lol"),
        ("\r", "\U0001f44d"),
    ],
)
def test_a_reaction_by_number_name_or_as_it_is(keys, reaction):
    async def story(desk):
        online(desk)
        fill(desk, "um")
        msgid = desk.lobby.entries[-1].msgid
        await desk.press("x", ALT_K, "e")
        assert "React with (number or name): 1 \U0001f44d" in desk.text
        await desk.press(*keys)
        (count,) = desk.lobby.reactions.of(msgid).counts("ana")
        assert reaction is None or count.reaction.startswith(reaction)
        assert count.is_own and count.is_waiting
        assert desk.typed == "x"
        assert picked(desk) is None

    at_the_desk(story)


def test_esc_leaves_the_question_and_then_the_message():
    async def story(desk):
        fill(desk, "um")
        await desk.press(ALT_K, "e", "a", ESC)
        assert picked(desk) == "um"
        assert "r: answer" in desk.text
        await desk.press(ESC)
        assert picked(desk) is None

    at_the_desk(story)


def test_deleting_asks_first():
    async def story(desk):
        online(desk)
        fill(desk, "um")
        msgid = desk.lobby.entries[-1].msgid
        await desk.press(ALT_K, "d")
        assert "Delete \u201cum\u201d for everyone?" in desk.text
        await desk.press("n")
        assert desk.session.take_lines() == []
        await desk.press("d", "y")
        assert sent(desk) == [f"REDACT #lobby {msgid}"]
        desk.session.hear(parse_line(f":op!o@h REDACT #lobby {msgid} :spam"))
        await desk.until(lambda: "(message deleted by op: spam)" in desk.text)

    at_the_desk(story)


def test_where_nothing_can_be_deleted_that_is_said():
    async def story(desk):
        fill(desk, "um")
        await desk.press(ALT_K, "d")
        assert "This server cannot delete messages." in desk.text

    at_the_desk(story)


def test_quoting_and_copying():
    async def story(desk):
        fill(desk, "um \x02dois\x02\x1b[2J")
        await desk.press("a", ALT_K, "q")
        assert desk.typed == "aBruno: \u201cum dois\u241b[2J\u201d "
        await desk.press(ALT_K, "y")
        data = desk.paper.getvalue().split("\x1b]52;c;")[1].split("\x07")[0]
        assert base64.b64decode(data).decode() == "um dois\u241b[2J"

    at_the_desk(story)


def test_enter_goes_to_what_is_answered_also_far_up():
    async def story(desk):
        fill(desk, *(f"text {number}" for number in range(100)))
        first = desk.lobby.entries[0]
        fill(desk, "an answer", reply_to=first.msgid)
        await desk.press(ALT_K)
        assert "Enter: to what it answers" in desk.text or "Enter" not in desk.lines[-2]
        await desk.press(ENTER)
        assert picked(desk) == first.text
        assert "▸<Bruno> text 0" in desk.text

    at_the_desk(story)


def test_moving_up_scrolls_and_the_picked_is_always_seen():
    async def story(desk):
        fill(desk, *(f"text {number}" for number in range(60)))
        await desk.press(ALT_K)
        for _turn in range(40):
            await desk.press("k")
            assert "▸" in desk.text
        assert picked(desk) == "text 19"
        for _turn in range(40):
            await desk.press("j")
            assert "▸" in desk.text
        assert picked(desk) == "text 59"

    at_the_desk(story)


def test_of_a_message_higher_than_the_screen_the_beginning_is_shown():
    async def story(desk):
        fill(desk, "\n".join(f"row {number}" for number in range(60)), *(f"text {n}" for n in range(20)))
        await desk.press(ALT_K, *"k" * 20)
        assert "▸<Bruno> row 0" in desk.text

    at_the_desk(story)


def test_where_nothing_in_view_can_be_picked_the_last_message_comes_into_view():
    async def story(desk):
        fill(desk, "um", "dois")
        for number in range(60):
            desk.lobby.add(Entry(EntryKind.EVENT, 90_000.0, f"Aluno{number} joined"))
        await desk.press(ALT_K)
        assert picked(desk) == "dois"
        assert "▸" in desk.text

    at_the_desk(story)


def test_a_click_picks_and_leaves_the_keys_alone():
    async def story(desk):
        fill(desk, "um", "dois")
        await desk.until(lambda: "<Bruno> um" in desk.text)
        y = row_of(desk, "<Bruno> um")
        await desk.press(f"\x1b[<0;10;{y + 1}M")
        assert picked(desk) == "um"
        await desk.press("r", "e")
        assert desk.typed == "re"
        await desk.press(f"\x1b[<0;10;{y + 1}M")
        assert picked(desk) is None

    at_the_desk(story)


def test_a_message_that_is_gone_gives_the_keys_back():
    async def story(desk):
        fill(desk, "um")
        await desk.press(ALT_K)
        desk.lobby.clear()
        await desk.press("k")
        assert desk.typed == "k"

    at_the_desk(story)


def test_an_empty_room_has_nothing_to_pick():
    async def story(desk):
        await desk.press(ALT_K, "k")
        assert desk.typed == "k"

    at_the_desk(story)


def test_what_is_asked_about_a_message_is_not_answered_in_another_room():
    async def story(desk):
        online(desk)
        fill(desk, "um", "dois")
        desk.session.hear(parse_line(":Ana!a@h JOIN #tea"))
        tea = desk.model.find("#tea")
        tea.add(Entry(EntryKind.MESSAGE, 60_000.0, "chá", "Bruno", "t0"))
        tea.picked = tea.entries[-1].key
        await desk.press(ALT_K, "d")
        assert "Delete “dois”" in desk.text
        desk.model.switch_to(tea)
        await desk.until(lambda: "[#tea]" in desk.text)
        desk.session.take_lines()

        await desk.press("y")

        assert not [line for line in sent(desk) if "REDACT" in line]

    at_the_desk(story)

"""Keys pressed in front of the real screen."""

from __future__ import annotations

import asyncio
import random
import time

import pytest
from client.desk import at_the_desk

from chatapp.client.buffer import BufferKind, Entry, EntryKind, Member
from chatapp.client.screen import pacing
from chatapp.client.shortcodes import matching
from chatapp.client.typed_history import TypedHistory
from chatapp.irc.line import parse_line

UP, DOWN, LEFT, TAB, ESC, ENTER = "\x1b[A", "\x1b[B", "\x1b[D", "\t", "\x1b", "\r"
ALT_ENTER, ALT_UP, ALT_DOWN, PAGE_UP, F1 = "\x1b\r", "\x1b[1;3A", "\x1b[1;3B", "\x1b[5~", "\x1bOP"
CTRL_C, CTRL_D, CTRL_N, CTRL_P, UNDO = "\x03", "\x04", "\x0e", "\x10", "\x1f"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def test_what_is_typed_offline_waits():
    async def story(desk):
        await desk.press("olá", ENTER)
        assert desk.said() == ["olá"]
        await desk.until(lambda: "<Ana> olá (waiting for the connection)" in desk.text)
        assert desk.typed == ""

    at_the_desk(story)


def test_the_row_and_the_cursor_after_an_emoji_family():
    async def story(desk):
        await desk.press(f"a{FAMILY}b")
        assert desk.screen.drawing.draw(80, 24).cursor_x == len("[#lobby] ") + 4
        await desk.press(LEFT, LEFT, "x")
        assert desk.typed == f"ax{FAMILY}b"
        await desk.press("\x1b[C", "\x7f")
        assert desk.typed == "axb"

    at_the_desk(story)


def test_each_room_keeps_its_draft():
    async def story(desk):
        tea = desk.model.buffer_named("#tea", BufferKind.CHANNEL)
        await desk.press("half a line", ALT_DOWN)
        assert desk.model.current is tea
        assert desk.typed == ""
        await desk.press("other", "\x1b1")
        assert desk.model.current is desk.lobby
        assert desk.typed == "half a line"
        assert tea.draft == "other"
        await desk.press(ALT_UP)
        assert desk.model.current is desk.model.server

    at_the_desk(story)


def test_what_arrives_touches_nothing_that_is_typed():
    async def story(desk):
        await desk.press("my words", LEFT)
        before = desk.screen.line.typed
        for number in range(5000):
            desk.lobby.add(Entry(EntryKind.MESSAGE, 0.0, f"m{number}", nick="Bruno"))
        desk.session.disconnected("gone", 5.0)
        await desk.until(lambda: "m4999" in desk.text)
        assert desk.screen.line.typed == before
        assert "[#lobby] my words" in desk.lines

    at_the_desk(story)


def test_redraws_are_joined():
    async def story(desk):
        drawn = desk.screen.application.render_counter
        began = time.monotonic()
        for number in range(300):
            desk.lobby.add(Entry(EntryKind.MESSAGE, 0.0, f"m{number}", nick="Bruno"))
            await asyncio.sleep(0)
        await desk.until(lambda: "m299" in desk.text)
        most = (time.monotonic() - began) * pacing.REDRAWS_PER_SECOND + 2
        assert desk.screen.application.render_counter - drawn <= most

    at_the_desk(story)


@pytest.mark.parametrize("yes", ["y", "s"])
def test_many_lines_are_asked_for_first(yes):
    async def story(desk):
        await desk.press("\x1b[200~" + "\r\n".join("abcdef") + "\r\n\x1b[201~")
        assert desk.typed == "a\nb\nc\nd\ne\nf"
        await desk.press(ENTER)
        assert "Send 6 lines to #lobby?" in desk.text
        assert desk.said() == []
        await desk.press("n")
        assert "Send 6 lines" not in desk.text
        assert desk.typed == "a\nb\nc\nd\ne\nf"
        await desk.press(ENTER, yes)
        assert "".join(desk.said()).replace("\n", "") == "abcdef"
        assert desk.typed == ""

    at_the_desk(story)


def test_five_lines_go_at_once():
    async def story(desk):
        await desk.press("a", ALT_ENTER, "b", ENTER)
        assert "".join(desk.said()).replace("\n", "") == "ab"

    at_the_desk(story)


def test_going_on_typing_takes_the_question_back():
    async def story(desk):
        await desk.press("\x1b[200~1\n2\n3\n4\n5\n6\x1b[201~", ENTER, "x")
        assert desk.screen.manner.question == 0
        assert desk.typed.endswith("6x")

    at_the_desk(story)


def test_walking_through_what_was_said():
    async def story(desk):
        await desk.press("one", ENTER, "two", ENTER, "half", UP)
        assert desk.typed == "two"
        await desk.press(UP)
        assert desk.typed == "one"
        await desk.press(DOWN, DOWN)
        assert desk.typed == "half"

    at_the_desk(story)


def test_completion():
    async def story(desk):
        for nick in ("Bruno", "Bia"):
            desk.lobby.members[nick.lower()] = Member(nick)
        await desk.press("bru", TAB, "oi")
        assert desk.typed == "Bruno: oi"
        await desk.press(CTRL_C, "b", TAB)
        assert desk.typed == "b"
        await desk.until(lambda: "Bia" in desk.text)
        await desk.press(TAB)
        assert desk.typed == "Bia: "
        await desk.press(ENTER)
        assert desk.said() == []
        await desk.press(ENTER)
        assert desk.said() == ["Bia: "]

    at_the_desk(story)


def test_a_slash_shows_the_commands():
    async def story(desk):
        await desk.press("/jo")
        await desk.until(lambda: "enter a room" in desk.text)
        assert "/join ROOM [KEY]" in desk.text

    at_the_desk(story)


def test_control_c_clears_and_undo_brings_back():
    async def story(desk):
        await desk.press("precious", CTRL_C)
        assert desk.typed == ""
        await desk.press(UNDO)
        assert desk.typed == "precious"

    at_the_desk(story)


def test_control_c_twice_on_an_empty_line_leaves(monkeypatch):
    monkeypatch.setattr("chatapp.client.screen.terminal._QUIT_WITHIN", 1000.0)

    async def story(desk):
        await desk.press(CTRL_C)
        assert "Press Ctrl-C again to leave" in desk.text
        assert desk.is_open
        await desk.press(CTRL_C)
        assert not desk.is_open

    at_the_desk(story)


def test_control_d_leaves_only_on_an_empty_line():
    async def story(desk):
        await desk.press("ab", "\x01", CTRL_D)
        assert desk.typed == "b"
        await desk.press(CTRL_D, CTRL_D)
        assert not desk.is_open

    at_the_desk(story)


@pytest.mark.parametrize("word", ["sair", "exit", "quit", "/quit"])
def test_words_that_leave(word):
    async def story(desk):
        await desk.press(word, ENTER)
        assert not desk.is_open

    at_the_desk(story)


def test_the_page_of_keys():
    async def story(desk):
        await desk.press("typed", F1)
        assert "begin a new line" in desk.text
        assert "[#lobby] typed" in desk.text
        await desk.press(F1)
        assert "begin a new line" not in desk.text

    at_the_desk(story)


def test_a_small_terminal_still_has_its_line():
    async def story(desk):
        await desk.press("hi")
        assert "[#lobby] hi" in desk.text

    at_the_desk(story, columns=30, rows=3)


KEYS = (
    *"ab /#@é漢\t\r\x01\x02\x05\x06\x08\x0b\x0c\x0e\x10\x15\x17\x19\x1f\x7f",
    *(
        UP,
        DOWN,
        LEFT,
        "\x1b[C",
        ALT_ENTER,
        ALT_UP,
        ALT_DOWN,
        PAGE_UP,
        "\x1b[6~",
        F1,
        "\x1b[1;5H",
        "\x1b[1;5F",
    ),
    *(
        FAMILY,
        "/join #x\r",
        "/close\r",
        "/help\r",
        "//a\r",
        "/me b\r",
        "\x1b[200~1\n2\n3\n4\n5\n6\x1b[201~",
        "\x1b3",
    ),
    *("\x1b[<64;5;5M", "\x1b[<0;70;3M", "\x1b[3~", "\x1bb", "\x1bd", "\x1b0", "\x1b1", "\x1b5"),
)


@pytest.mark.parametrize("seed", range(8))
def test_no_keys_break_it(seed):
    dice = random.Random(seed)

    async def story(desk):
        for _ in range(40):
            await desk.press("".join(dice.choices(KEYS, k=10)) + "x")
            desk.lobby.add(Entry(EntryKind.MESSAGE, 0.0, "m" * dice.randrange(200), nick="Bruno"))
            assert desk.is_open
            assert 0 <= desk.screen.line.typed.cursor <= len(desk.typed)

    at_the_desk(story, columns=dice.choice((10, 40, 80)), rows=dice.choice((2, 8, 24)))


def test_a_line_of_blanks_is_emptied():
    async def story(desk):
        await desk.press(*"   ", ENTER, *"x")
        assert desk.typed == "x"
        assert desk.said() == []

    at_the_desk(story)


def test_what_was_typed_in_each_room_is_there_at_the_next_start(tmp_path):
    path = tmp_path / "typed_history"

    async def today(desk):
        await desk.press("o", "i", ENTER)
        await desk.press(*"/login secret", ENTER)
        desk.model.switch_to(desk.model.server)
        await desk.press(*"/help", ENTER)

    async def tomorrow(desk):
        await desk.press(UP)
        assert desk.typed == "oi"
        await desk.press(UP)
        assert desk.typed == "oi"
        desk.model.switch_to(desk.model.server)
        await desk.press("\x03", UP)
        assert desk.typed == "/help"

    at_the_desk(today, history=TypedHistory(path))
    at_the_desk(tomorrow, history=TypedHistory(path))
    assert "secret" not in path.read_text()


def test_where_it_cannot_be_kept_that_is_said_and_the_message_goes_out(tmp_path):
    (tmp_path / "file").write_text("")

    async def story(desk):
        await desk.press("o", "i", ENTER)
        assert desk.said() == ["oi"]
        words = "What you type is not kept for the next time: a file is in the way"
        await desk.until(lambda: words in desk.text)
        await desk.press(UP)
        assert desk.typed == "oi"

    at_the_desk(story, history=TypedHistory(tmp_path / "file" / "typed_history"))


def test_an_invitation_is_a_key_away():
    async def story(desk):
        await desk.press("h", "i")
        desk.session.hear(parse_line(":bob!b@c INVITE Ana :#ops"))
        await desk.until(lambda: "Alt-J: enter #ops" in desk.lines[-2])
        await desk.press("\x1bj")
        await desk.until(lambda: desk.model.current.name == "#ops")
        assert (desk.typed, desk.lobby.draft) == ("", "hi")
        assert "Alt-J" not in desk.lines[-2]
        await desk.press("\x1bj")
        assert desk.model.current.name == "#ops"

    at_the_desk(story)


def test_an_invitation_goes_when_one_has_entered_or_long_ago():
    async def story(desk):
        desk.session.hear(parse_line(":bob!b@c INVITE Ana :#ops"))
        desk.session.hear(parse_line(":Ana!b@c JOIN #OPS"))
        assert desk.model.focus.invitation is None
        desk.session.hear(parse_line(":bob!b@c INVITE Ana :#\x1b[31mred"))
        await desk.until(lambda: "Alt-J: enter #\u241b[31mred" in desk.lines[-2])
        desk.model.focus.invitation = desk.model.focus.invitation._replace(time=-601.0)
        desk.model.touch()
        await desk.until(lambda: "Alt-J" not in desk.lines[-2])

    at_the_desk(story)


def test_go_offers_places_while_one_types_and_enter_goes_there():
    async def story(desk):
        desk.model.buffer_named("#tea-time", BufferKind.CHANNEL)
        desk.model.buffer_named("#steak", BufferKind.CHANNEL)
        await desk.press(*"/go te")
        await desk.until(lambda: any("#steak" in line and "│" in line for line in desk.lines[:-2]))
        await desk.press(ENTER)
        assert (desk.model.current.name, desk.typed) == ("#tea-time", "")

        await desk.press(*"/go te")
        await desk.until(lambda: desk.screen.line.menu is not None)
        await desk.press(DOWN, ENTER)
        assert desk.typed.startswith("/go #")
        await desk.press(ENTER)
        assert desk.model.current.name == "#steak"

    at_the_desk(story)


def test_an_emoji_by_its_name():
    async def story(desk):
        await desk.press(*"oi :foguet", TAB)
        assert desk.typed == "oi 🚀"
        await desk.press(*" :) :xyzzy", TAB)
        assert desk.typed == "oi 🚀 :) :xyzzy"

    at_the_desk(story)


def test_the_likeliest_emoji_of_many_is_picked_at_once():
    async def story(desk):
        first, second = [code.emoji for code in matching("cora")][:2]
        await desk.press(*"oi :cora", TAB)
        await desk.until(lambda: desk.typed == f"oi {first}")
        await desk.press(TAB)
        assert desk.typed == f"oi {second}"
        await desk.press(ENTER)
        assert (desk.typed, desk.said()) == (f"oi {second}", [])
        await desk.press(ENTER)
        assert desk.said() == [f"oi {second}"]

        await desk.press(*":cora", TAB)
        await desk.until(lambda: desk.typed == first)
        await desk.press(ESC)
        await desk.until(lambda: desk.typed == ":cora")

    at_the_desk(story)

"""Keys pressed in front of the real screen, on a terminal in memory; the session has no network."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Awaitable, Callable

import pyte
import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from chatapp.client.buffer import BufferKind, Entry, EntryKind, Member
from chatapp.client.model import ConnectionState, Model
from chatapp.client.screen import pacing
from chatapp.client.screen.terminal import TerminalScreen
from chatapp.client.session import Session

UP, DOWN, LEFT, TAB, ESC, ENTER = "\x1b[A", "\x1b[B", "\x1b[D", "\t", "\x1b", "\r"
ALT_ENTER, ALT_UP, ALT_DOWN, PAGE_UP, F1 = "\x1b\r", "\x1b[1;3A", "\x1b[1;3B", "\x1b[5~", "\x1bOP"
CTRL_C, CTRL_D, CTRL_N, CTRL_P, UNDO = "\x03", "\x04", "\x0e", "\x10", "\x1f"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


class Desk:
    """A person at a terminal of 80 x 24, offline, in #lobby."""

    def __init__(self, keyboard, columns=80, rows=24):
        self.keyboard = keyboard
        self.model = Model("Ana", "localhost")
        self.session = Session(self.model, "Ana", now=lambda: 0.0, rooms=["#lobby"])
        self.lobby = self.model.current
        self.paper = io.StringIO()
        self.read = 0
        self.screen_text = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen_text)
        output = Vt100_Output(self.paper, lambda: Size(rows, columns), term="xterm-256color")
        self.screen = TerminalScreen(self.model, self.session, keyboard, output, now=lambda: 0.0)
        self._pressed_at = None
        self.screen.application.key_processor.after_key_press += self._pressed

    @property
    def lines(self):
        data = self.paper.getvalue()
        self._stream.feed(data[self.read :])
        self.read = len(data)
        return [line.rstrip() for line in self.screen_text.display]

    @property
    def text(self):
        return "\n".join(self.lines)

    @property
    def typed(self):
        return self.screen.line.typed.text

    async def press(self, *keys):
        """Press the keys, and wait for the picture after each."""
        application = self.screen.application
        for key in keys:
            self._pressed_at = None
            self.keyboard.send_text(key)
            await self.until(
                lambda: self._pressed_at is not None and not application.key_processor.input_queue
            )
            await self.until(lambda: application.render_counter > self._pressed_at or not self.is_open)

    def _pressed(self, _processor):
        self._pressed_at = self.screen.application.render_counter

    async def until(self, condition: Callable[[], bool]):
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline, self.text
            await asyncio.sleep(0)

    @property
    def is_open(self):
        return self.screen.application.is_running

    def said(self, buffer=None):
        return [entry.text for entry in (buffer or self.lobby).entries if entry.own]


def at_the_desk(story: Callable[[Desk], Awaitable[None]], **size) -> Desk:
    async def run(keyboard):
        desk = Desk(keyboard, **size)
        async with asyncio.TaskGroup() as tasks:
            showing = tasks.create_task(desk.screen.run())
            await desk.until(lambda: "[#lobby]" in desk.text)
            await story(desk)
            desk.screen.close()
            await showing
        return desk

    with create_pipe_input() as keyboard:
        return asyncio.run(run(keyboard))


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
        assert desk.screen._draw(80, 24).cursor_x == len("[#lobby] ") + 4
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


def test_many_lines_are_asked_for_first():
    async def story(desk):
        await desk.press("\x1b[200~" + "\r\n".join("abcdef") + "\r\n\x1b[201~")
        assert desk.typed == "a\nb\nc\nd\ne\nf"
        await desk.press(ENTER)
        assert "Send 6 lines to #lobby?" in desk.text
        assert desk.said() == []
        await desk.press("n")
        assert "Send 6 lines" not in desk.text
        assert desk.typed == "a\nb\nc\nd\ne\nf"
        await desk.press(ENTER, "y")
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


def test_control_c_twice_on_an_empty_line_leaves():
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


def test_the_next_room_with_something_new():
    async def story(desk):
        names = ("#a", "#b", "#c")
        a, b, c = (desk.model.buffer_named(name, BufferKind.CHANNEL) for name in names)
        a.unread = b.unread = c.unread = 1
        c.mentions = 1
        await desk.press(CTRL_N)
        assert desk.model.current is c
        await desk.press(CTRL_P)
        assert desk.model.current is b

    at_the_desk(story)


def test_looking_back_and_saying_something_returns_to_the_end():
    async def story(desk):
        for number in range(100):
            desk.lobby.add(Entry(EntryKind.MESSAGE, 0.0, f"m{number}", nick="Bruno"))
        await desk.until(lambda: "m99" in desk.text)
        await desk.press(PAGE_UP)
        assert "m99" not in desk.text
        assert "more below" in desk.text
        await desk.press("x", ENTER)
        await desk.until(lambda: "<Ana> x" in desk.text)

    at_the_desk(story)


def test_older_messages_are_asked_for_in_time():
    async def story(desk):
        asked = []
        desk.session.load_older = asked.append
        desk.model.state = ConnectionState.ONLINE
        desk.lobby.has_older = True
        desk.lobby.add(Entry(EntryKind.MESSAGE, 0.0, "first", nick="Bruno"))
        await desk.until(lambda: bool(asked))
        assert asked[0] is desk.lobby

    at_the_desk(story)


def test_the_wheel_scrolls_and_a_click_goes_to_a_room():
    async def story(desk):
        for number in range(100):
            desk.lobby.add(Entry(EntryKind.MESSAGE, 0.0, f"m{number}", nick="Bruno"))
        await desk.until(lambda: "m99" in desk.text)
        await desk.press("\x1b[<64;5;5M")
        assert not desk.screen.timeline.is_following
        await desk.press("\x1b[<65;5;5M")
        assert desk.screen.timeline.is_following
        await desk.press("\x1b[<0;70;2M")
        assert desk.model.current is desk.model.server

    at_the_desk(story)


def test_a_small_terminal_still_has_its_line():
    async def story(desk):
        await desk.press("hi")
        assert "[#lobby] hi" in desk.text

    at_the_desk(story, columns=30, rows=3)

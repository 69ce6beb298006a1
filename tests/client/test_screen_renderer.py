"""The painter under prompt_toolkit's application, before a terminal that answers, or does not."""

from __future__ import annotations

import io
import random

import pyte
import pytest
from client.desk import Desk, at_the_desk
from prompt_toolkit.data_structures import Size
from prompt_toolkit.output.vt100 import Vt100_Output

from chatapp.client.buffer import Entry, EntryKind
from chatapp.client.screen.paper import Paper
from chatapp.client.screen.probe import QUESTION_COUNT
from chatapp.client.screen.render import row_text
from chatapp.client.screen.terminal import TerminalScreen

PAGE_UP, CTRL_L, ALT_0 = "\x1b[5~", "\x0c", "\x1b0"
ANSWER = "\x1b[1;3R"


class Sheet(Paper):
    """A terminal in memory that is as slow as the test wants."""

    def __init__(self, desk):
        self.encoding = "utf-8"
        self.on_drained = lambda: None
        self.is_slow = False
        self.settled = self.closed = 0
        self._desk = desk

    is_draining = property(lambda self: self.is_slow)

    def settle(self, seconds=1.0):
        self.settled += 1

    def close(self):
        self.closed += 1

    def _take(self, data):
        self._desk.paper.write(data.decode())

    def _size(self):
        return self._desk.size


class PacedDesk(Desk):
    """A person whose terminal may answer."""

    def sit_down(self, history):
        self.sheet = Sheet(self)
        return TerminalScreen(self.model, self.session, self.keyboard, now=lambda: 0.0, paper=self.sheet)

    def hears(self, count, word="m"):
        for number in range(count):
            self.lobby.add(Entry(EntryKind.MESSAGE, 0.0, f"{word}{number} " + "x" * 30, nick="Bruno"))

    @property
    def receipts(self):
        return self.screen.application.renderer.receipts

    async def answers_all(self):
        """The terminal answers what was asked until now."""
        while self.receipts._open:
            first = self.receipts._open[0]
            self.keyboard.send_text(ANSWER)
            await self.until(lambda first=first: first not in self.receipts._open)
        self.receipts._patience = 1000.0  # however slow this machine is, the next answer is waited for

    async def is_quiet(self):
        """Until nothing is to be drawn."""
        application, pace = self.screen.application, self.screen._pace
        await self.until(lambda: pace._due is None and not application.invalidated)


def test_the_next_picture_waits_for_the_receipt_and_keys_do_not():
    async def story(desk):
        await desk.answers_all()
        desk.hears(30, "a")
        await desk.until(lambda: "a29" in desk.text)
        assert desk.receipts._open
        desk.hears(30, "b")
        await desk.is_quiet()
        assert "b29" not in desk.text
        await desk.press("k")
        assert "[#lobby] k" in desk.text
        assert "b29" not in desk.text
        await desk.answers_all()
        await desk.until(lambda: "b29" in desk.text)
        assert "[#lobby] k" in desk.text

    at_the_desk(story, PacedDesk)


def test_a_terminal_that_never_answers_is_not_waited_for():
    async def story(desk):
        for word in "abc":
            desk.hears(30, word)
            await desk.until(lambda word=word: f"{word}29" in desk.text)

    at_the_desk(story, PacedDesk)


def test_while_a_frame_drains_none_is_made():
    async def story(desk):
        desk.sheet.is_slow = True
        drawn = []
        draw = desk.screen.drawing.draw
        desk.screen.drawing.draw = lambda *size: drawn.append(1) or draw(*size)
        for word in "abc":
            desk.hears(30, word)
            await desk.is_quiet()
        assert drawn == []
        desk.sheet.is_slow = False
        desk.sheet.on_drained()
        await desk.until(lambda: "c29" in desk.text)
        assert drawn == [1]

    at_the_desk(story, PacedDesk)


def test_a_picture_in_pieces_never_shows_what_was_typed_before():
    async def story(desk):
        await desk.answers_all()
        desk.receipts.budget = 600
        desk.hears(30, "a")
        await desk.until(lambda: bool(desk.receipts._open))
        await desk.press("k")
        await desk.press("l")
        while desk.receipts._open:
            await desk.answers_all()
            assert "[#lobby] kl" in desk.lines
        await desk.until(lambda: "a29" in desk.text)
        assert all(f"a{number} " in desk.text for number in range(12, 30))

    at_the_desk(story, PacedDesk)


def test_a_longer_and_a_shorter_line_are_painted_whole():
    async def story(desk):
        await desk.answers_all()
        desk.hears(30, "a")
        await desk.until(lambda: bool(desk.receipts._open))
        await desk.press("one\x1b\rtwo\x1b\rthree")
        assert [line for line in desk.lines if line][-3:] == [
            "[#lobby] one",
            "      2│ two",
            "      3│ three",
        ]
        await desk.press("\x15\x7f\x15\x7f")
        assert desk.lines[-1] == "[#lobby] one"
        assert not any("2│" in line for line in desk.lines)

    at_the_desk(story, PacedDesk)


def test_leaving_gives_the_terminal_back():
    async def story(desk):
        await desk.answers_all()
        assert "\x1b[?1049h" in desk.paper.getvalue()

    desk = at_the_desk(story, PacedDesk)
    written = desk.paper.getvalue()
    for mode in ("1049", "2004", "1000", "1006"):
        assert written.rindex(f"\x1b[?{mode}l") > written.rindex(f"\x1b[?{mode}h")
    for mode in ("7", "25"):
        assert written.rindex(f"\x1b[?{mode}h") > written.find(f"\x1b[?{mode}l")
    assert desk.sheet.settled
    assert desk.sheet.closed == 1


def test_what_breaks_gives_the_terminal_back_too():
    kept = []

    async def story(desk):
        kept.append(desk)
        desk.screen.close(RuntimeError("broken"))

    with pytest.raises(ExceptionGroup, match="unhandled errors"):
        at_the_desk(story, PacedDesk)
    assert kept[0].paper.getvalue().endswith("\x1b[?1049l")
    assert kept[0].sheet.closed == 1


def test_what_another_program_did_to_the_screen_is_repaired():
    async def story(desk):
        await desk.answers_all()
        desk.hears(3)
        await desk.until(lambda: "m2" in desk.text)
        desk.screen_text.reset()
        assert "m2" not in desk.text
        await desk.press(CTRL_L)
        await desk.answers_all()
        await desk.until(lambda: "m2" in desk.text)

    at_the_desk(story, PacedDesk)


def test_after_the_background_all_is_painted_again():
    async def story(desk):
        await desk.answers_all()
        renderer = desk.screen.application.renderer
        renderer.receipts.asked(0.0, 5000)
        renderer.erase()
        assert desk.paper.getvalue().endswith("\x1b[?1049l")
        asked = desk.paper.getvalue().count("\x1b[6n")
        desk.screen_text.reset()
        desk.screen.draw_soon()
        await desk.until(lambda: "[#lobby]" in desk.text)
        assert len(renderer.receipts._open) <= 1
        assert desk.paper.getvalue().count("\x1b[6n") <= asked + 1 < asked + QUESTION_COUNT

    at_the_desk(story, PacedDesk)


def test_a_storm_of_sizes_ends_in_the_last_one():
    async def story(desk):
        desk.hears(30)
        for columns, rows in ((40, 10), (120, 40), (1, 1), (30, 5), (80, 24)) * 5:
            desk.size = Size(rows, columns)
            desk.screen_text.resize(rows, columns)
            desk.screen.application._on_resize()
        await desk.answers_all()
        await desk.until(lambda: "m29" in desk.text)
        assert desk.lines[23] == "[#lobby]"

    at_the_desk(story, PacedDesk)


KEYS = (
    *("a", "b ", "é", "漢", "\x7f", "\x15", "\x1b\r", PAGE_UP, "\x1b[6~", CTRL_L),
    *("\x1b1", "\x1b0", "\x1bOP", "\x1b[D"),
)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_has_happened_the_terminal_shows_the_picture(seed):
    dice = random.Random(seed)

    async def story(desk):
        for _step in range(60):
            match dice.randrange(6):
                case 0 | 1:
                    desk.hears(dice.randrange(1, 30), dice.choice(("m", "ção ", "漢字 ", "👍 ")))
                case 2 | 3:
                    await desk.press("".join(dice.choices(KEYS, k=3)))
                case 4:
                    desk.size = Size(dice.choice((3, 10, 24, 40)), dice.choice((20, 79, 80, 130)))
                    assert desk.lines
                    desk.screen_text.resize(desk.size.rows, desk.size.columns)
                    desk.screen.application._on_resize()
                case 5:
                    desk.receipts.budget = dice.choice((512, 2000, 60_000))
                    await desk.answers_all()
        await desk.is_quiet()
        await desk.answers_all()
        await desk.until(lambda: desk.lines == picture_of(desk))

    at_the_desk(story, PacedDesk)


def picture_of(desk):
    """What the terminal should show, wide characters and all, as pyte has it."""
    wanted = pyte.Screen(desk.size.columns, desk.size.rows)
    stream = pyte.Stream(wanted)
    for y, row in enumerate(desk.screen.drawing.draw(desk.size.columns, desk.size.rows).rows):
        stream.feed(f"\x1b[{y + 1}H{row_text(row)}")
    return [line.rstrip() for line in wanted.display]


def test_the_wheel_and_a_click_reach_the_screen_but_movements_are_not_asked_for():
    async def story(desk):
        assert "\x1b[?1003h" not in desk.paper.getvalue()
        await desk.press("\x1b[<0;70;2M")
        assert desk.model.current is desk.model.server

    at_the_desk(story, PacedDesk)


def test_windows_paints_with_prompt_toolkits_own_renderer(monkeypatch):
    monkeypatch.setattr(TerminalScreen, "paints", False)

    async def story(desk):
        assert isinstance(desk.screen.application.output, Vt100_Output)
        await desk.press("typed")
        assert "[#lobby] typed" in desk.text
        desk.screen.redraw()
        await desk.press("/jo")
        assert desk.typed == "typed/jo"

    at_the_desk(story)


def test_a_size_that_is_not_known_is_a_usual_one():
    class Nothing(io.StringIO):
        def fileno(self):
            return 10_000

    class Plain(Sheet):
        def __init__(self, terminal):
            Paper.__init__(self, terminal)

        _size = Paper._size

    assert Plain(Nothing())._size() == Size(24, 80)

"""Our painter in the place of prompt_toolkit's renderer, under its keys and its application.

A key is drawn at once: first the person's own part, alone. What else has changed follows when the terminal
has taken what was drawn before; meanwhile nothing is drawn, so that frames are dropped and never queue.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from prompt_toolkit.application import Application
from prompt_toolkit.cursor_shapes import CursorShape
from prompt_toolkit.layout import Layout
from prompt_toolkit.layout.mouse_handlers import MouseHandlers
from prompt_toolkit.renderer import Renderer

from chatapp.client.screen.attention import FOCUS_OFF, FOCUS_ON
from chatapp.client.screen.layout import Scene
from chatapp.client.screen.pacing import Receipts
from chatapp.client.screen.painter import Cursor, Painter
from chatapp.client.screen.painter_looks import Looks
from chatapp.client.screen.paper import Paper
from chatapp.client.screen.picture import Own
from chatapp.client.screen.render import Row

#: No wrapping; bracketed paste; ordinary cursor keys; word of the focus.
MODES_ON = f"\x1b[?7l\x1b[?2004h\x1b[?1l{FOCUS_ON}"
MODES_OFF = f"\x1b[?2026l{FOCUS_OFF}\x1b[?2004l\x1b[?7h\x1b[m\x1b[?25h"
#: The alternate screen.
_ENTER, _LEAVE = f"\x1b[?1049h{MODES_ON}\x1b[2J\x1b[H", f"{MODES_OFF}\x1b[?1049l"
#: Buttons and the wheel, told as SGR; not every movement.
_MOUSE_ON, _MOUSE_OFF = "\x1b[?1000h\x1b[?1006h", "\x1b[?1006l\x1b[?1000l"
#: Asks where the cursor is: the answer says that everything before has been taken.
_QUESTION = "\x1b[6n"
#: A frame of fewer bytes needs no receipt.
_TINY_BYTES = 256


class PaintedScene(Scene, Protocol):
    """What is to be painted, at times without what is not the person's own."""

    def draw_own(self, width: int, height: int) -> Own:
        """The person's own part of the picture."""


class Preface(NamedTuple):
    """What is written before the first picture, how many answers that brings, and who hears them."""

    words: str = ""
    answers: int = 0
    hear: Callable[[str], None] = lambda _answer: None


class PaintingRenderer(Renderer):
    """Shows ``scene`` in the terminal of ``application``, through ``paper`` where there is one."""

    def __init__(
        self,
        application: Application[Any],
        scene: PaintedScene,
        paper: Paper | None = None,
        preface: Preface | None = None,
    ) -> None:
        self._application = application
        self._scene = scene
        self._paper = paper
        self._preface = preface or Preface()
        self._unanswered = 0
        self._is_open = self._has_mouse = self._has_key = self._is_wanted = self._is_partial = False
        self._shape: CursorShape | None = None
        self._rows: list[Row] = []
        self._own = 0
        self._cursor = Cursor(0, 0)
        self._timer: asyncio.TimerHandle | None = None
        self._has_answered = asyncio.Event()
        self._looks = Looks(application.renderer.style, application.color_depth)
        self._painter = Painter(lambda style: self._looks(style))
        self._may_ask = application.output.responds_to_cpr
        self.receipts = Receipts(may_ask=self._may_ask)
        super().__init__(application.renderer.style, application.output, full_screen=True)
        self.mouse_handlers = MouseHandlers()
        self.mouse_handlers.mouse_handlers = defaultdict(lambda: defaultdict(lambda: scene.mouse))
        if paper is not None:
            paper.on_drained = self._go_on
        application.key_processor.after_key_press += lambda _processor: self._key()

    # What prompt_toolkit's application asks of a renderer.

    def render(self, app: Application[Any], layout: Layout, is_done: bool = False) -> None:
        """Paint what may be painted now."""
        if is_done:
            self.reset()
            return
        width, height = self._prepare()
        if self._has_key:
            self._has_key = False
            self._show_own(width, height)
        if self._is_held():
            self._is_wanted = True
            return
        self._is_wanted = False
        self._show_all(width, height)

    def reset(self, _scroll: bool = False, leave_alternate_screen: bool = True) -> None:
        """Give the terminal back as it was; whoever comes next finds all of it written."""
        self._painter.forget()
        if not self._is_open or not leave_alternate_screen:
            return
        self._is_open = False
        self._switch_mouse(on=False)
        self.output.reset_cursor_shape()
        self._shape = None
        self._write(self._leave())
        if self._paper is not None:
            self._paper.settle()

    def erase(self, leave_alternate_screen: bool = True) -> None:
        """Take nothing on the screen for granted; leave it, if it is asked."""
        self.reset(leave_alternate_screen=leave_alternate_screen)

    def clear(self) -> None:
        """Set up the terminal anew, and paint all."""
        if self._is_open:
            self._has_mouse = False
            self._write(self._again())
        self._painter.forget()
        self._application.invalidate()

    def request_absolute_cursor_position(self) -> None:
        """Not needed: the screen is ours from its first row."""

    def report_absolute_cursor_row(self, row: int) -> None:
        """Not needed."""

    @property
    def height_is_known(self) -> bool:
        """All of the screen is ours."""
        return True

    @property
    def rows_above_layout(self) -> int:
        """None."""
        return 0

    @property
    def waiting_for_cpr(self) -> bool:
        """Whether an answer of the terminal may be on its way; it must not reach the shell."""
        return self.receipts.is_open(asyncio.get_running_loop().time())

    async def wait_for_cpr_responses(self, timeout: int = 1) -> None:  # noqa: ASYNC109 - prompt_toolkit's
        """Wait until no answer is on its way."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self.waiting_for_cpr:
                    self._has_answered.clear()
                    await self._has_answered.wait()

    # The terminal's answers.

    def answered(self, answer: str) -> None:
        """The terminal says where its cursor is, or was."""
        self._has_answered.set()
        self.receipts.heard(asyncio.get_running_loop().time())
        if self._unanswered:
            self._unanswered -= 1
            self._preface.hear(answer)
        self._go_on()

    def _go_on(self) -> None:
        """The terminal has taken something: paint what is left, or have a new picture drawn."""
        if not self._is_open or self._is_held():
            return
        if self._is_partial:
            self._paint()
        elif self._is_wanted:
            self._application.invalidate()

    def _is_held(self) -> bool:
        """Whether the terminal is still busy with what was painted; if so `_go_on` is called in time."""
        if self._paper is not None and self._paper.is_draining:
            return True
        loop = asyncio.get_running_loop()
        wait = self.receipts.wait(loop.time())
        if wait and self._timer is None:
            self._timer = loop.call_later(wait, self._waited)
        return wait > 0

    def _waited(self) -> None:
        self._timer = None
        self._go_on()

    # Painting.

    def _key(self) -> None:
        self._has_key = True

    def _prepare(self) -> tuple[int, int]:
        """See to it that the terminal is ours; its width and height."""
        if not self._is_open:
            self._open()
        self._switch_mouse(on=self._wants_mouse())
        if not self._looks.is_right_for(self._application.color_depth):
            self._looks = Looks(self.style, self._application.color_depth)
            self._painter.forget()
        shape = self._application.cursor.get_cursor_shape(self._application)
        if shape != self._shape:
            self._shape = shape
            self.output.set_cursor_shape(shape)
        size = self.output.get_size()
        if self._painter.resize(size.columns, size.rows):
            self._rows, self._is_partial = [], False
        return size.columns, size.rows

    def _open(self) -> None:
        self._is_open = True
        self._has_mouse = False
        self.receipts.forget()
        self._write(self._enter())
        if self._may_ask and self._preface.words:
            self._write(self._preface.words)
            self._unanswered = self._preface.answers
            for _question in range(self._unanswered):
                self.receipts.asked(asyncio.get_running_loop().time(), 0)
            self._preface = self._preface._replace(words="")

    def _enter(self) -> str:
        """What makes the terminal ours."""
        return _ENTER

    def _again(self) -> str:
        """What makes it ours once more, whatever has been done to it."""
        return self._enter()

    def _wants_mouse(self) -> bool:
        return self._application.mouse_support()

    def _leave(self) -> str:
        """What gives it back."""
        return _LEAVE

    def _show_all(self, width: int, height: int) -> None:
        """Have the picture drawn, and paint it."""
        picture = self._scene.draw(width, height)
        self._rows, self._own = picture.rows, picture.own
        self._cursor = Cursor(picture.cursor_x, picture.cursor_y)
        self._paint()

    def _show_own(self, width: int, height: int) -> None:
        """Paint the status and input lines alone, and remember them for the frames that follow."""
        own = self._scene.draw_own(width, height)
        if len(self._rows) != height:  # The rest comes with the next picture, which is of this size too.
            self._rows, self._own, self._is_partial = [()] * height, own.top, False
        first = min(own.top, self._own)
        self._rows = [*self._rows[:first], *[()] * (own.top - first), *own.rows]
        self._own = own.top
        self._cursor = Cursor(own.cursor_x, own.cursor_y)
        self._write(self._painter.paint_own(self._rows[first:], first, self._cursor).data)

    def _paint(self) -> None:
        frame = self._painter.paint(self._rows, self._cursor, self.receipts.budget, self._own)
        self._is_partial = not frame.is_whole
        if self._is_partial:
            asyncio.get_running_loop().call_soon(self._go_on)
        self._write_frame(frame.data)

    def _write_frame(self, data: str) -> None:
        """Write a frame, and ask for its receipt."""
        now = asyncio.get_running_loop().time()
        if len(data) >= _TINY_BYTES and self.receipts.wants_question(now):
            data += _QUESTION
            self.receipts.asked(now, len(data))
        self._write(data)

    def _switch_mouse(self, *, on: bool) -> None:
        if on != self._has_mouse:
            self._has_mouse = on
            self._write(_MOUSE_ON if on else _MOUSE_OFF)

    def _write(self, data: str) -> None:
        if data:
            self.output.write_raw(data)
            self.output.flush()

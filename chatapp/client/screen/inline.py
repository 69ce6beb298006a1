"""The screen that leaves the terminal its own: what is said is printed above bottom rows that stay.

The terminal's scroll region ends above the person's own part, which never moves; what leaves the region at
its top goes where the terminal keeps what has scrolled by.
"""

from __future__ import annotations

from typing import Any

from prompt_toolkit.application import Application

from chatapp.client.screen.drawing import Drawing
from chatapp.client.screen.menu import lie_over, menu_rows
from chatapp.client.screen.painter import Cursor, at_once
from chatapp.client.screen.painter_rows import Brush, strip_of, turn
from chatapp.client.screen.panels import help_rows
from chatapp.client.screen.paper import Paper
from chatapp.client.screen.picture import Own
from chatapp.client.screen.render import Row
from chatapp.client.screen.renderer import MODES_OFF, MODES_ON, PaintingRenderer, Preface
from chatapp.client.screen.transcript import Transcript, needs_full_screen

#: Bytes that a printed row may have, as a guess for how many rows a frame may print.
_ROW_BYTES = 128
#: Rows printed in a frame at most, and rows of own messages under way.
_MOST_ROWS, _MOST_PENDING = 60, 3


class InlineDrawing(Drawing):
    """What is to be printed, and the person's own part with what is on its way above it."""

    _can_look_back = False  # The terminal scrolls, and what it has not printed it does not have.

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self._transcript = Transcript(self._looking.timeline)

    def fresh(self, width: int, height: int, most: int) -> list[Row]:
        """The rows that are to be printed now."""
        self._show(width, height)
        rows = self._transcript.take(self._model.current, width, most)
        if self._transcript.has_more:
            self._draw_again()
        else:
            self._note_newest(width)
        rows += self._looking.results.printed(width)
        if self._manner.helping:
            self._manner.helping = False
            rows += help_rows(self._keys, width)
        if self._manner.inspecting or self._manner.members is not None:
            self._manner.inspecting, self._manner.members = False, None
            rows.append(needs_full_screen())
        return rows

    def draw_own(self, width: int, height: int) -> Own:
        """The status and input lines, what is on its way, and the menu over it."""
        own = super().draw_own(width, height)
        above = self._transcript.pending(self._model.current, width, min(_MOST_PENDING, own.top - 2))
        menu = self._line.menu
        if menu is not None:
            choices = menu_rows(menu, width, own.top - 2)
            room = [()] * max(0, len(choices) - len(above))
            above = lie_over([*room, *above], choices, 0, len(room) + len(above) - 1) if choices else above
        return Own([*above, *own.rows], own.top - len(above), own.cursor_x, own.cursor_y)

    def _show(self, width: int, height: int) -> None:
        super()._show(width, height)
        self._looking.timeline.to_end()


class InlineRenderer(PaintingRenderer):
    """Prints and paints on the main screen. The mouse stays the terminal's, which scrolls and selects."""

    def __init__(
        self,
        application: Application[Any],
        scene: InlineDrawing,
        paper: Paper | None = None,
        preface: Preface | None = None,
    ) -> None:
        super().__init__(application, scene, paper, preface)
        self._inline = scene
        self._top = 0
        self._height = 0
        self._free = 0

    def _enter(self) -> str:
        self._height = self.output.get_size().rows
        self._top = max(0, self._height - 2)
        self._free = 0
        return "\n\n" + self._again()

    def _again(self) -> str:
        return f"{MODES_ON}{self._region()}\x1b[{self._top + 1}H\x1b[J"

    def _leave(self) -> str:
        return f"{MODES_OFF}\x1b[r\x1b[{self._top + 1}H\x1b[J\x1b[?25h"

    def _wants_mouse(self) -> bool:
        return False

    def _show_own(self, width: int, height: int) -> None:
        own = self._inline.draw_own(width, height)
        brush = Brush()
        self._make_room(brush, own.top, height)
        self._write(self._frame(brush, own))

    def _show_all(self, width: int, height: int) -> None:
        most = min(_MOST_ROWS, self.receipts.budget // _ROW_BYTES)
        own = self._inline.draw_own(width, height)
        brush = Brush()
        self._make_room(brush, own.top, height)
        if self._top >= 2:
            for row in self._inline.fresh(width, height, most):
                self._print(brush, row, width)
            own = self._inline.draw_own(width, height)  # what was printed may not be on its way any more
            self._make_room(brush, own.top, height)
        self._write_frame(self._frame(brush, own))

    def _frame(self, brush: Brush, own: Own) -> str:
        """What ``brush`` has gathered, and the person's own part below it."""
        printed = brush.taken()
        if printed:
            self._painter.forget_rows(0, 0)
        painted = self._painter.paint_own(own.rows, own.top, Cursor(own.cursor_x, own.cursor_y)).data
        return at_once(printed + painted) if printed else painted

    def _make_room(self, brush: Brush, top: int, height: int) -> None:
        """Let the person's own part begin in the row ``top``: move what stands there, or leave rows free."""
        if height != self._height:
            self._height, self._top, self._free = height, top, 0
            brush.say(f"{self._region()}\x1b[{top + 1}H\x1b[J")
            self._painter.forget()
            return
        if top == self._top:
            return
        first = min(top, self._top)
        self._painter.forget_rows(first, max(top, self._top))
        if top < self._top:
            missing = self._top - top - self._free
            if missing > 0:
                brush.move(0, self._top - 1)
                brush.say("\n" * missing)
            self._free = max(0, -missing)
        else:
            for y in range(self._top, top):
                brush.move(0, y)
                brush.blank_rest()
            self._free += top - self._top
        self._top = top
        brush.say(self._region())

    def _print(self, brush: Brush, row: Row, width: int) -> None:
        """Print ``row`` in the next free row; where there is none the region scrolls."""
        if self._free:
            y = self._top - self._free
            self._free -= 1
        else:
            y = self._top - 1
            brush.move(0, y)
            brush.say("\n")
        turn(brush, y, None, strip_of(row, width, self._looks), width)

    def _region(self) -> str:
        """The scroll region: all above the person's own part, if that are two rows at least."""
        return f"\x1b[1;{self._top}r" if self._top >= 2 else "\x1b[r"


def painting(
    application: Application[Any], scene: Drawing, paper: Paper | None, preface: Preface
) -> PaintingRenderer:
    """The renderer for ``scene``: one that prints, or one that has the whole screen."""
    if isinstance(scene, InlineDrawing):
        return InlineRenderer(application, scene, paper, preface)
    return PaintingRenderer(application, scene, paper, preface)

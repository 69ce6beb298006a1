"""The painter: what has to be written to a terminal that shows one picture so that it shows another (pure).

Only rows that differ are written, one write a frame, in a synchronised update; the cursor is placed last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from chatapp.client.screen.painter_rows import BLANK, Brush, Look, Strip, strip_of, turn
from chatapp.client.screen.painter_scroll import Move, best_move
from chatapp.client.screen.render import Row

#: A synchronised update, with the cursor hidden: the terminal shows all of it at once, or as it comes.
_BEGIN, _END = "\x1b[?2026h\x1b[?25l", "\x1b[?25h\x1b[?2026l"
_NO_BUDGET = 1 << 30


class Cursor(NamedTuple):
    """The cell of the cursor."""

    x: int
    y: int


class Frame(NamedTuple):
    """What is to be written; ``is_whole``: nothing of the picture is left for another frame.

    ``rows`` is how many rows it changes.
    """

    data: str
    is_whole: bool
    rows: int


class Painter:
    """Knows what the terminal shows, as far as it was told; ``look_of`` says how a style looks."""

    def __init__(self, look_of: Callable[[str], Look]) -> None:
        self._look_of = look_of
        self._width = 0
        self._rows: list[Row | None] = []
        self._strips: list[Strip | None] = []
        self._cursor: Cursor | None = None
        self._from = 0

    def forget(self) -> None:
        """Anything may be on the terminal now."""
        self._from = 0
        self._rows = [None] * len(self._rows)
        self._strips = [None] * len(self._rows)
        self._cursor = None

    def forget_rows(self, first: int, end: int) -> None:
        """Anything may be in the rows from ``first`` to ``end``, and the cursor anywhere."""
        for y in range(first, end):
            self._rows[y] = self._strips[y] = None
        self._cursor = None

    def resize(self, width: int, height: int) -> bool:
        """Paint at this size, in cells, from now on; whether it is another, at which nothing is known."""
        if (width, height) == (self._width, len(self._rows)):
            return False
        self._width = width
        self._rows = [None] * height
        self.forget()
        return True

    def paint(self, rows: Sequence[Row], cursor: Cursor, budget: int = _NO_BUDGET, moving: int = 0) -> Frame:
        """Show ``rows``, a whole screen, in a frame of about ``budget`` bytes; the next goes on there.

        The first ``moving`` rows may be moved by the terminal.
        """
        move = best_move(self._rows[:moving], rows[:moving])
        codes = self._move(move) if move is not None else ""
        count = len(self._rows)
        order = [*range(self._from, count), *range(self._from)]
        self._from = 0
        return self._frame(((y, rows[y] if y < len(rows) else ()) for y in order), cursor, budget, codes)

    def paint_own(self, rows: Sequence[Row], y: int, cursor: Cursor) -> Frame:
        """Show only ``rows``, which begin at the row ``y``: what belongs to the person, at once."""
        return self._frame(((y + number, row) for number, row in enumerate(rows)), cursor, _NO_BUDGET)

    def _move(self, move: Move) -> str:
        """Let the terminal do ``move``; what has it do so."""
        top, bottom, by = move
        blank: tuple[Row | None, Strip | None] = ((), BLANK)
        known = list(zip(self._rows[top:bottom], self._strips[top:bottom], strict=True))
        moved = known[by:] + [blank] * by if by > 0 else [blank] * -by + known[:by]
        for y, (row, strip) in enumerate(moved, top):
            self._rows[y], self._strips[y] = row, strip
        self._cursor = None
        return move.codes()

    def _frame(self, rows: Iterable[tuple[int, Row]], cursor: Cursor, budget: int, codes: str = "") -> Frame:
        brush = Brush()
        changed = 2 if codes else 0
        brush.say(codes)
        is_whole = True
        for y, row in rows:
            shown = self._rows[y]
            if shown is row or shown == row:
                continue
            if brush.size >= budget:
                self._from = y
                is_whole = False
                break
            strip = strip_of(row, self._width, self._look_of)
            before = brush.size
            turn(brush, y, self._strips[y], strip, self._width)
            self._rows[y], self._strips[y] = row, strip
            changed += brush.size > before
        if not changed and cursor == self._cursor:
            return Frame("", is_whole, 0)
        self._cursor = cursor
        brush.move(*cursor)
        data = brush.taken()
        if changed > 1:
            data = at_once(data)
        return Frame(data, is_whole, changed)


def at_once(data: str) -> str:
    """``data`` as one update of the screen."""
    return f"{_BEGIN}{data}{_END}"

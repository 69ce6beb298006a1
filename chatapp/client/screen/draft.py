"""The input line as rows: its prompt, its lines with their numbers, and where the cursor is (pure)."""

from __future__ import annotations

from typing import NamedTuple

from chatapp.client.screen.cells import cells, cut, pieces
from chatapp.client.screen.render import Row, Span
from chatapp.irc.visible import visible


class DraftView(NamedTuple):
    """Rows of the input line, and the cell of the cursor among them."""

    rows: list[Row]
    cursor_x: int
    cursor_y: int


def draft_view(
    prompt: str, text: str, cursor: int, width: int, max_rows: int, selected: tuple[int, int] = (0, 0)
) -> DraftView:
    """Show ``text`` after ``prompt`` at ``width`` cells, in at most ``max_rows`` rows around the cursor.

    ``cursor``, and the ends of what is ``selected``, are offsets into ``text``. Only lines that can be in
    view are measured.
    """
    lines = text.split("\n")
    at = text.count("\n", 0, cursor)
    column = cursor - (text.rfind("\n", 0, cursor) + 1)
    if cells(prompt) > width // 2:
        prompt = "> "
    lead = max(cells(prompt), len(str(len(lines))) + 2) if len(lines) > 1 else cells(prompt)
    room = max(2, width - lead)
    first = max(0, at - max_rows)
    rows: list[Row] = []
    cursor_x = cursor_y = 0
    begun = sum(len(line) + 1 for line in lines[:first])
    for number in range(first, min(len(lines), at + max_rows + 1)):
        shown = pieces(visible(lines[number]), room)
        if number == at:
            x, y = _place(shown, cells(visible(lines[number][:column])), room)
            shown += [""] * (y - len(shown) + 1)
            cursor_x, cursor_y = lead + x, len(rows) + y
        marked = _marked(shown, lines[number], selected[0] - begun, selected[1] - begun)
        begun += len(lines[number]) + 1
        for part in range(len(shown)):
            mark = _line_mark(prompt, number, lead) if part == 0 else " " * lead
            rows.append((Span("class:prompt", mark), *marked[part]))
    top = max(0, min(cursor_y - max_rows + 1, len(rows) - max_rows))
    if first == 0 and cursor_y < max_rows:
        top = 0
    return DraftView(rows[top : top + max_rows], min(cursor_x, width - 1), cursor_y - top)


def _marked(shown: list[str], line: str, start: int, end: int) -> list[list[Span]]:
    """The pieces of ``line``, what is selected from ``start`` to ``end`` in it standing out."""
    if start >= end or end <= 0 or start >= len(line):
        return [[Span("", piece)] for piece in shown]
    from_cell = cells(visible(line[: max(0, start)]))
    to_cell = cells(visible(line[: max(0, end)]))
    found, at = [], 0
    for piece in shown:
        before = cut(piece, from_cell - at)
        inside = cut(piece[len(before) :], to_cell - at - cells(before))
        after = piece[len(before) + len(inside) :]
        spans = [Span("", before), Span("class:selected", inside), Span("", after)]
        found.append([span for span in spans if span.text] or [Span("", "")])
        at += cells(piece)
    return found


def _line_mark(prompt: str, number: int, lead: int) -> str:
    """What stands before a line: the prompt before the first, its number before each other."""
    if number == 0:
        return prompt + " " * (lead - cells(prompt))
    return f"{number + 1}│ ".rjust(lead)


def _place(shown: list[str], offset: int, room: int) -> tuple[int, int]:
    """The cell ``offset`` cells into the pieces of a line: how far right, how far down."""
    for y, piece in enumerate(shown):
        size = cells(piece)
        is_last = y == len(shown) - 1
        if offset < size or (is_last and offset < room):
            return min(offset, size), y
        offset -= size
    return 0, len(shown)

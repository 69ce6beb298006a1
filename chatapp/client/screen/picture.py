"""The whole screen as rows, for any size: what a painter has to put on the terminal (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext

from chatapp.client.model import Model
from chatapp.client.screen.cells import shorten
from chatapp.client.screen.draft import draft_view
from chatapp.client.screen.panels import (
    SIDEBAR_CELLS,
    SIDEBAR_FROM,
    help_rows,
    room_numbers,
    sidebar_rows,
    status_row,
    topic_row,
)
from chatapp.client.screen.render import Row, Span, isolate, pad
from chatapp.client.screen.timeline import Timeline
from chatapp.irc.text import visible


@dataclass(slots=True)
class Manner:
    """How the screen stands, beside the model: what it asks or says, and whether it shows the keys.

    ``question`` is the number of lines that wait for a yes, 0 for none; ``word`` is said in the status line.
    """

    question: int = 0
    word: str = ""
    helping: bool = False
    help_top: int = 0


@dataclass(slots=True, frozen=True)
class Picture:
    """Rows from the top, each at most as wide as the screen, and the cell of the cursor.

    ``rooms`` tells which room stands at the side of which row.
    """

    rows: list[Row]
    cursor_x: int
    cursor_y: int
    rooms: dict[int, int]


@dataclass(slots=True, frozen=True)
class Typed:
    """The text of the input line, and the offset of the cursor in it."""

    text: str
    cursor: int


def compose(
    model: Model,
    timeline: Timeline,
    manner: Manner,
    typed: Typed,
    size: tuple[int, int],
    now: float,
    keys: Sequence[tuple[str, str]] = (),
) -> Picture:
    """Draw the model at ``size``, columns and rows; ``now`` is in seconds since 1970.

    The input line is always there; where rows are few, first the topic goes, then the status line.
    """
    width, height = size
    draft = draft_view(prompt_of(model), typed.text, typed.cursor, width, max(1, min(10, height // 3)))
    left = height - len(draft.rows)
    rows: list[Row] = []
    if left >= 4:
        rows.append(topic_row(model.current, width))
    has_status = left >= 2
    middle = left - len(rows) - has_status
    rooms = {}
    if width >= SIDEBAR_FROM:
        rooms = {len(rows) + y: number for y, number in enumerate(room_numbers(model, middle))}
    rows += _middle(model, timeline, manner, width, middle, keys)
    if has_status:
        rows.append(_status(model, timeline, manner, width, now))
    return Picture(rows + draft.rows, draft.cursor_x, len(rows) + draft.cursor_y, rooms)


def prompt_of(model: Model) -> str:
    """What stands before the input: the room that one speaks to."""
    return f"[{shorten(isolate(visible(model.current.name)), 24)}] "


def _middle(
    model: Model,
    timeline: Timeline,
    manner: Manner,
    width: int,
    height: int,
    keys: Sequence[tuple[str, str]],
) -> list[Row]:
    """The timeline, or the page of keys, with the rooms at its side where there is space."""
    has_side = width >= SIDEBAR_FROM
    inner = width - SIDEBAR_CELLS - 1 if has_side else width
    if manner.helping:
        page = help_rows(keys, inner)
        manner.help_top = max(0, min(manner.help_top, len(page) - height))
        main = page[manner.help_top : manner.help_top + height]
        main += [()] * (height - len(main))
    else:
        main = timeline.rows(inner, height)
        main = [()] * (height - len(main)) + main
    if not has_side:
        return main
    side = sidebar_rows(model, SIDEBAR_CELLS, height)
    border = Span("class:border", "│")
    return [(*pad(row, inner), border, *room) for row, room in zip(main, side, strict=True)]


def _status(model: Model, timeline: Timeline, manner: Manner, width: int, now: float) -> Row:
    if manner.question:
        n = manner.question
        words = ngettext(
            "Send {n} line to {room}? Enter or y: send, Esc or n: keep editing",
            "Send {n} lines to {room}? Enter or y: send, Esc or n: keep editing",
            n,
        ).format(n=n, room=visible(model.current.name))
        return pad((Span("class:question", shorten(f" {words}", width)),), width, "class:question")
    word = manner.word
    if manner.helping:
        word = _("PageDown and PageUp: more keys, F1 or Esc: back to the room")
    if word:
        return pad((Span("class:question", shorten(f" {word}", width)),), width, "class:question")
    return status_row(model, timeline.below(), width, now)


def quit_word() -> str:
    """What Ctrl-C on an empty line says."""
    return _("Press Ctrl-C again to leave, or go on typing.")

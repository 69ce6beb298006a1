"""The whole screen as rows, for any size: what a painter has to put on the terminal (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from gettext import gettext as _
from itertools import chain
from typing import NamedTuple

from chatapp.client.model import Model
from chatapp.client.screen.cells import cells, cut, shorten
from chatapp.client.screen.draft import DraftView, draft_view
from chatapp.client.screen.inspection import FULL_WIDTH
from chatapp.client.screen.members_pane import MEMBERS_CELLS, MembersPane, has_members
from chatapp.client.screen.panels import (
    SIDEBAR_CELLS,
    SIDEBAR_FROM,
    help_rows,
    is_silent,
    room_numbers,
    sidebar_rows,
    topic_row,
    welcome_rows,
    wire_title,
)
from chatapp.client.screen.render import Row, Span, isolate, pad
from chatapp.client.screen.status import question_words, status_row
from chatapp.client.screen.timeline import Timeline
from chatapp.client.screen.view import View
from chatapp.client.typed_history import covered
from chatapp.irc.visible import visible

#: From this width on the inspector stands beside the conversation.
INSPECTOR_BESIDE_FROM = 120


@dataclass(slots=True)
class Manner:
    """How the screen stands, beside the model: what it asks or says, and whether it shows the keys.

    ``question`` is the number of lines that wait for a yes, 0 for none; ``word`` is said in the status line.
    ``seeking``: on the way to the oldest message. ``mode`` says what the keys are for while they are for
    something else than usual, else ""; ``editing`` is the mode of vi. ``members`` is the pane of members
    while it is shown, ``results`` gives the rows of a search that is open.
    """

    question: int = 0
    word: str = ""
    helping: bool = False
    inspecting: bool = False
    seeking: bool = False
    help_top: int = 0
    mode: Callable[[], str] = lambda: ""
    results: Callable[[int, int], list[Row] | None] = lambda _width, _height: None
    editing: Callable[[], str] = lambda: ""
    members: MembersPane | None = None


class People(NamedTuple):
    """Where the members stand: from the column ``left`` to before ``right``, and the nick in each row."""

    left: int = 0
    right: int = 0
    nicks: Mapping[int, str] = {}

    def nick_at(self, x: int, y: int) -> str:
        """Who stands in that cell; "" for nobody."""
        return self.nicks.get(y, "") if self.left <= x < self.right else ""


_NOBODY = People()


@dataclass(slots=True, frozen=True)
class Picture:
    """Rows from the top, each at most as wide as the screen, and the cell of the cursor.

    ``rooms`` tells which room stands at the side of which row, ``people`` which member stands where. ``own``
    is the first row of the person's own part: the status line, if there is one, and the input line.
    """

    rows: list[Row]
    cursor_x: int
    cursor_y: int
    rooms: dict[int, int]
    own: int = 0
    people: People = _NOBODY


class Own(NamedTuple):
    """The person's own part of a picture: its rows, the row it begins in, and the cell of the cursor."""

    rows: list[Row]
    top: int
    cursor_x: int
    cursor_y: int


@dataclass(slots=True, frozen=True)
class Typed:
    """The text of the input line, and the offset of the cursor in it; from where to where it is selected."""

    text: str
    cursor: int
    selected: tuple[int, int] = (0, 0)


class Columns(NamedTuple):
    """The cells of what stands beside each other: conversation, inspector, members, rooms; 0 for nothing.

    Between two of them is a border of one cell.
    """

    main: int
    wire: int
    side: int
    members: int = 0


def columns(width: int, is_inspecting: bool, has_members: bool = False) -> Columns:
    """Share ``width`` out. The inspector takes the place of the rooms and of the members.

    On a small screen the inspector, or the members, take all there is.
    """
    if is_inspecting and width < INSPECTOR_BESIDE_FROM:
        return Columns(0, width, 0)
    if has_members and not is_inspecting and width < SIDEBAR_FROM:
        return Columns(0, 0, 0, width)
    wire = FULL_WIDTH if is_inspecting else 0
    main = width - (wire + 1 if wire else 0)
    side = SIDEBAR_CELLS if main >= SIDEBAR_FROM else 0
    members = MEMBERS_CELLS if has_members and not wire else 0
    return Columns(main - (side and side + 1) - (members and members + 1), wire, side, members)


def compose(
    model: Model,
    timeline: Timeline,
    manner: Manner,
    typed: Typed,
    size: tuple[int, int],
    now: float,
    keys: Sequence[tuple[str, str]] = (),
    wire: View | None = None,
) -> Picture:
    """Draw the model at ``size``, columns and rows; ``now`` is in seconds since 1970.

    The input line is always there; where rows are few, first the topic goes, then the status line. ``wire``
    is the inspector.
    """
    width, height = size
    rows: list[Row] = []
    draft = _draft(model, typed, size)
    has_status = _has_status(draft, height)
    left = height - len(draft.rows)
    if left >= 4:
        rows.append(topic_row(model.current, width))
    middle = left - len(rows) - has_status
    pane = _pane(model, manner)
    parts = columns(width, wire is not None and not manner.helping, pane is not None)
    blocks = []
    if parts.main:
        found = manner.results(parts.main, middle)
        page = _help(manner, keys, parts.main, middle) if manner.helping else found
        blocks.append((page or _conversation(model, timeline, parts.main, middle), parts.main))
    if wire is not None and parts.wire:
        blocks.append((_inspector(wire, parts.wire, middle), parts.wire))
    people = _NOBODY
    if pane is not None and parts.members:
        blocks.append((pane.rows(model.current, parts.members, middle, now), parts.members))
        left = parts.main and parts.main + 1
        nicks = {len(rows) + y: nick for y in range(middle) if (nick := pane.nick_at(y))}
        people = People(left, left + parts.members, nicks)
    rooms = {}
    if parts.side:
        rooms = {len(rows) + y: number for y, number in enumerate(room_numbers(model, middle))}
        blocks.append((sidebar_rows(model, SIDEBAR_CELLS, middle), parts.side))
    rows += _beside(blocks)
    own = compose_own(model, timeline, manner, typed, size, now, wire)
    return Picture(rows + own.rows, own.cursor_x, own.cursor_y, rooms, own.top, people)


def _pane(model: Model, manner: Manner) -> MembersPane | None:
    """The pane of members, if it is to be shown and there can be any."""
    return manner.members if has_members(model.current) and not manner.helping else None


def compose_own(
    model: Model,
    timeline: Timeline,
    manner: Manner,
    typed: Typed,
    size: tuple[int, int],
    now: float,
    wire: View | None = None,
) -> Own:
    """Draw what belongs to the person alone, the status and input lines: a key shows there at once."""
    width, height = size
    draft = _draft(model, typed, size)
    rows = list(draft.rows)
    if _has_status(draft, height):
        view = wire if wire is not None else timeline
        rows.insert(0, _status(model, timeline, manner, view.below(), width, now))
    return Own(rows, height - len(rows), draft.cursor_x, height - len(draft.rows) + draft.cursor_y)


def _draft(model: Model, typed: Typed, size: tuple[int, int]) -> DraftView:
    width, height = size
    most = max(1, min(10, height // 3))
    return draft_view(prompt_of(model), covered(typed.text), typed.cursor, width, most, typed.selected)


def _has_status(draft: DraftView, height: int) -> bool:
    return height - len(draft.rows) >= 2


def prompt_of(model: Model) -> str:
    """What stands before the input: the room that one speaks to, and whom one answers."""
    name = shorten(isolate(visible(model.target.name)), 24)
    answered = model.target.known(model.target.replying_to)
    if answered is not None:
        return _("[{room}, answering {nick}] ").format(
            room=name, nick=shorten(isolate(visible(answered.nick)), 16)
        )
    return f"[{name}] "


def _conversation(model: Model, timeline: Timeline, width: int, height: int) -> list[Row]:
    """What was said; where nothing was yet, a word of welcome under it."""
    welcome = [(), *welcome_rows(width)] if is_silent(model.current) else []
    left = height - len(welcome)
    if left < 1:
        welcome, left = [], height
    return [*_to_the_bottom(timeline.rows(width, left), left), *welcome]


def _inspector(wire: View, width: int, height: int) -> list[Row]:
    """What went over the wire, under its title."""
    if height < 3:
        return _to_the_bottom(wire.rows(width, height), height)
    return [wire_title(width), *_to_the_bottom(wire.rows(width, height - 1), height - 1)]


def _help(manner: Manner, keys: Sequence[tuple[str, str]], width: int, height: int) -> list[Row]:
    page = help_rows(keys, width)
    manner.help_top = max(0, min(manner.help_top, len(page) - height))
    shown = page[manner.help_top : manner.help_top + height]
    return shown + [()] * (height - len(shown))


def _to_the_bottom(rows: list[Row], height: int) -> list[Row]:
    return [()] * (height - len(rows)) + rows


@lru_cache(maxsize=1024)
def padded_row(row: Row, width: int) -> Row:
    """``row`` cut or filled to ``width`` cells; most are the same from frame to frame."""
    return pad(row, width)


def _beside(blocks: list[tuple[list[Row], int]]) -> list[Row]:
    """Blocks of as many rows, each with its width, beside each other with borders between."""
    *lefts, (last, _width) = blocks
    if not lefts:
        return last
    border = Span("class:border", "│")
    padded = [[(*padded_row(row, width), border) for row in rows] for rows, width in lefts]
    return [tuple(chain.from_iterable(parts)) for parts in zip(*padded, last, strict=True)]


def _status(model: Model, timeline: Timeline, manner: Manner, below: int, width: int, now: float) -> Row:
    if manner.question:
        words = question_words(manner.question, model.target)
        return pad((Span("class:question", shorten(f" {words}", width)),), width, "class:question")
    word = manner.mode() or manner.word
    if manner.helping:
        word = _("PageDown and PageUp: more keys, F1 or Esc: back to the room")
    if word:
        return pad((Span("class:question", shorten(f" {word}", width)),), width, "class:question")
    is_loading = timeline.is_waiting or manner.seeking
    editing = manner.editing()
    lead = (Span("class:status.mention class:status", cut(f" {editing} ·", width)),) if editing else ()
    left = width - sum(cells(span.text) for span in lead)
    return (*lead, *status_row(model, below, left, now, is_loading=is_loading))


def quit_word() -> str:
    """What Ctrl-C on an empty line says."""
    return _("Press Ctrl-C again to leave, or go on typing.")

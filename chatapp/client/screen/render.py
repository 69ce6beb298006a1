"""One entry of a conversation as rows of styled text at a width (pure: no screen, no clock).

Whatever came from a peer passes `visible` here, field by field, before it becomes a span. Every row begins
with the time or with as many blanks, so that no text can pass for another person's row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from gettext import gettext as _
from typing import NamedTuple

from chatapp.client.buffer import Entry, EntryKind, EntryState
from chatapp.client.redaction import Deletion
from chatapp.client.screen.cells import cells, cut, shorten, wrap
from chatapp.client.screen.markup import styled_lines
from chatapp.client.screen.style import nick_class
from chatapp.client.screen.times import clock, day_words, gutter_cells
from chatapp.irc.visible import RIGHT_TO_LEFT, visible

#: A text is wrapped at this many cells at most before its rest is left out: a wall of text has an end.
_MAX_ROWS = 400
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


class Span(NamedTuple):
    """Text of one style: prompt_toolkit's style string, and what is shown."""

    style: str
    text: str


Row = tuple[Span, ...]


def render_entry(
    entry: Entry, width: int, *, is_continued: bool = False, is_revealed: bool = False
) -> list[Row]:
    """``entry`` as rows of at most ``width`` cells; at least one.

    ``is_continued``: the one above is by the same person, who need not be named again. ``is_revealed``: what
    is covered is shown.
    """
    if entry.kind is EntryKind.GAP:
        return [(Span("class:day", rule(_("more messages, not loaded yet"), width)),)]
    gutter = gutter_cells() if width >= 3 * gutter_cells() else 0
    head = _head(entry, width)
    indent = 0
    if is_continued and gutter:
        indent = min(sum(cells(span.text) for span in head), width // 5)
        head = []
    flows = _flows(head, _body(entry, is_revealed), _mark(entry))
    rows = [_isolate_row(row) for flow in flows for row in flow_rows(flow, width - gutter - indent)]
    del rows[_MAX_ROWS:]
    if not gutter:
        return rows
    when = clock(entry.time)
    first = Span("class:time", when + " " * (gutter + indent - cells(when)))
    blank = Span("", " " * (gutter + indent))
    return [(first if number == 0 else blank, *row) for number, row in enumerate(rows)]


def _flows(head: list[Span], body: list[list[Span]], mark: list[Span]) -> list[list[Span]]:
    """The lines of a message with what stands before the first and after the last."""
    first, *others = body
    if head and others and first and "class:code.block" in first[0].style:
        # A block of code begins under the name, so that its lines stand in one column.
        first, others = [], body
    lines = [[*head, *first], *others]
    return [*lines[:-1], [*lines[-1], *mark]]


def flow_rows(spans: Iterable[Span], width: int) -> list[Row]:
    """Wrap a run of spans at ``width`` cells, each keeping its style."""
    flow = list(spans)
    text = "".join(span.text for span in flow)
    return [_slice(flow, start, end) for start, end in wrap(text, width)[:_MAX_ROWS]]


def day_line(day: date, width: int) -> Row:
    """The line between two days."""
    return (Span("class:day", rule(day_words(day), width)),)


def unread_line(width: int) -> Row:
    """The line above what has come since one looked."""
    return (Span("class:unread", rule(_("new messages"), width)),)


def beginning_line(name: str, width: int) -> Row:
    """The line above the first message that a room has."""
    return (Span("class:day", rule(_("the beginning of {room}").format(room=isolate(visible(name))), width)),)


def rule(words: str, width: int) -> str:
    """``words`` in the middle of a line of ``width`` cells."""
    words = cut(f" {words} ", width)
    room = width - cells(words)
    return "─" * (room // 2) + words + "─" * (room - room // 2)


def day_of(seconds: float) -> date | None:
    """The day in the reader's time zone, None for a time that no calendar has."""
    try:
        return date.fromtimestamp(seconds)
    except (OverflowError, ValueError, OSError):
        return None


def isolate(text: str) -> str:
    """Keep a right-to-left ``text`` from turning its neighbours around (UAX 9, "isolates")."""
    if text.isascii() or not RIGHT_TO_LEFT.search(text):
        return text
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"


def row_text(row: Row) -> str:
    """The words of ``row`` without their styles."""
    return "".join(span.text for span in row)


def pad(row: Row, width: int, style: str = "") -> Row:
    """Cut or fill ``row`` to exactly ``width`` cells."""
    spans, left = [], width
    for span in row:
        text = cut(span.text, left)
        left -= cells(text)
        spans.append(Span(span.style, text))
        if text != span.text:
            break
    if left > 0:
        spans.append(Span(style, " " * left))
    return tuple(spans)


def _head(entry: Entry, width: int) -> list[Span]:
    """Where it was said, if that is not clear, and who it is from, or a mark of what it is."""
    if not entry.place:
        return _from(entry, width)
    place = isolate(shorten(visible(entry.place), max(6, width // 4)))
    return [Span("class:event", f"{place} "), *_from(entry, width)]


def _from(entry: Entry, width: int) -> list[Span]:
    nick = isolate(shorten(visible(entry.nick), max(6, width // 3)))
    colour = nick_class(entry.nick) + (" class:own" if entry.own else "")
    match entry.kind:
        case EntryKind.MESSAGE:
            return [Span("class:bracket", "<"), Span(colour, nick), Span("class:bracket", "> ")]
        case EntryKind.ACTION:
            return [Span(colour, f"* {nick} ")]
        case EntryKind.NOTICE:
            return [Span("class:notice", f"-{nick}- " if nick else "- ")]
        case EntryKind.ERROR:
            return [Span("class:error", "! ")]
        case _:
            return [Span(_base_style(entry), "· ")]


def _body(entry: Entry, is_revealed: bool) -> list[list[Span]]:
    """The lines of what was said."""
    if entry.deletion is not None:
        return [[Span("class:deleted", deleted_words(entry, entry.deletion))]]
    lines = styled_lines(entry.text, _base_style(entry), is_revealed=is_revealed)
    return [[Span(*part) for part in line] for line in lines] or [[]]


def deleted_words(entry: Entry, deletion: Deletion) -> str:
    """What stands in the place of a message that was deleted."""
    nick = isolate(visible(deletion.nick))
    if entry.kind is EntryKind.EVENT:
        words = _("{nick} deleted a message").format(nick=nick)
    else:
        words = _("message deleted by {nick}").format(nick=nick)
    reason = visible(deletion.reason)
    return f"({words}: {isolate(reason)})" if reason else f"({words})"


def _mark(entry: Entry) -> list[Span]:
    """The state of what one said oneself, in words where they matter."""
    if not entry.own:
        return []
    match entry.state:
        case EntryState.SENDING:
            return [Span("class:pending", " …")]
        case EntryState.WAITING:
            return [Span("class:pending", " " + _("(waiting for the connection)"))]
        case EntryState.FAILED:
            return [Span("class:failed", " " + _("(not sent)"))]
        case _:
            return []


def _base_style(entry: Entry) -> str:
    if entry.mention:
        return "class:mention"
    if entry.own and entry.state in (EntryState.SENDING, EntryState.WAITING):
        return "class:pending"
    return {
        EntryKind.EVENT: "class:event",
        EntryKind.INFO: "class:info",
        EntryKind.ERROR: "class:error",
        EntryKind.NOTICE: "class:notice",
    }.get(entry.kind, "")


def _slice(flow: list[Span], start: int, end: int) -> Row:
    """The part of ``flow`` between two offsets into its text."""
    parts, at = [], 0
    for style, text in flow:
        begin, stop = max(start - at, 0), min(end - at, len(text))
        if begin < stop:
            parts.append(Span(style, text[begin:stop]))
        at += len(text)
        if at >= end:
            break
    return tuple(parts)


def _isolate_row(row: Row) -> Row:
    """Isolate the last span of a row: the text, of which a row shows a part."""
    if not row or row[-1].text.isascii():
        return row
    return (*row[:-1], Span(row[-1].style, isolate(row[-1].text)))

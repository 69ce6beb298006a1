"""The rows of a conversation that are in view, with all that stands around its messages (pure)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind
from chatapp.client.screen.attached import quote_row, reaction_rows
from chatapp.client.screen.render import (
    Row,
    Span,
    beginning_line,
    day_line,
    day_of,
    pad,
    render_entry,
    unread_line,
)
from chatapp.client.screen.times import gutter_cells
from chatapp.client.screen.view import View

#: Rows of so many entries are kept; then the cache begins anew.
CACHED_ENTRIES = 500
#: Seconds within which one who speaks again is not named again.
GROUPED_WITHIN = 300.0


class Timeline(View):
    """The view onto the current conversation."""

    def __init__(self, render: Callable[..., list[Row]] = render_entry) -> None:
        super().__init__()
        self._render = render
        self._cache: dict[tuple[int, int, int, bool, bool], list[Row]] = {}
        self._buffer: Buffer | None = None
        self._own = ""
        #: The ids of messages that are answered in view, and not here.
        self.missing: set[str] = set()

    def show(self, buffer: Buffer, own: str = "") -> None:
        """Look at the end of ``buffer``, unless it is the one in view already; ``own`` is our folded nick."""
        self._own = own
        if buffer is not self._buffer:
            self._buffer = buffer
            self.to_end()

    @property
    def is_waiting(self) -> bool:
        """Whether older messages are on their way to where one looks."""
        return self._buffer is not None and self._buffer.is_loading and self._top < self._height

    def wants_older(self) -> bool:
        """Whether the beginning of what is loaded is less than a screen away, and there is more to load."""
        buffer = self._buffer
        if buffer is None or not buffer.has_older or buffer.is_loading or buffer.is_cleared:
            return False
        return self._top < self._height

    def side_of_gap(self) -> int:
        """From where to fill a gap less than a screen away: +1 from below, -1 from above, 0 for none."""
        island = self._buffer.island if self._buffer else None
        if self._buffer is None or island is None or not island.can_fill or self._buffer.is_loading:
            return 0
        lowest = self._position()[0]
        near = range(max(0, self._top - self._height), min(lowest + self._height, self._last()) + 1)
        at = next((index for index in near if self._buffer.entries[index] is island.gap), None)
        if at is None:
            return 0
        return +1 if lowest > at else -1

    def forget_rows(self) -> None:
        """Format anew what is in view: text is measured differently now."""
        self._cache.clear()

    def _items(self) -> Sequence[Entry]:
        return self._buffer.entries if self._buffer else ()

    def _block(self, index: int) -> list[Row]:
        """The rows of one entry, with the lines that stand above it."""
        assert self._buffer is not None
        entries = self._buffer.entries
        entry = entries[index]
        before = entries[index - 1] if index else None
        above = []
        if before is None and _is_beginning(self._buffer):
            above.append(beginning_line(self._buffer.name, self._width))
        day = day_of(entry.time)
        if day is not None and (before is None or day_of(before.time) != day):
            above.append(day_line(day, self._width))
        if before is not None and before.key == self._buffer.read_up_to:
            above.append(unread_line(self._width))
        quote = self._quote(entry)
        is_continued = before is not None and not above and not quote and continues(before, entry)
        rows = self._entry_rows(entry, is_continued) + self._reactions(entry)
        if entry.key == self._buffer.picked:
            rows = [picked_row(row, number, self._width) for number, row in enumerate(rows)]
        return above + quote + rows

    def _quote(self, entry: Entry) -> list[Row]:
        """The line of the message that ``entry`` answers."""
        assert self._buffer is not None
        if not entry.reply_to or entry.deletion is not None:
            return []
        target = self._buffer.known(entry.reply_to) or self._buffer.quoted.get(entry.reply_to)
        if target is None and len(self.missing) < self._height:
            self.missing.add(entry.reply_to)
        return [quote_row(None if target is entry else target, self._width)]

    def _reactions(self, entry: Entry) -> list[Row]:
        assert self._buffer is not None
        tally = self._buffer.reactions.of(entry.msgid)
        counts = tally.counts(self._own) if tally is not None else []
        return reaction_rows(counts, self._width) if counts else []

    def _entry_rows(self, entry: Entry, is_continued: bool) -> list[Row]:
        is_revealed = self._buffer is not None and entry.key == self._buffer.picked
        key = (entry.key, entry.version, self._width, is_continued, is_revealed)
        rows = self._cache.get(key)
        if rows is None:
            if len(self._cache) >= CACHED_ENTRIES:
                self._cache.clear()
            rows = self._cache[key] = self._render(
                entry, self._width, is_continued=is_continued, is_revealed=is_revealed
            )
        return rows


def continues(before: Entry, entry: Entry) -> bool:
    """Whether ``entry`` goes on where the same person has spoken a moment before, and needs no name."""
    return (
        entry.kind is EntryKind.MESSAGE is before.kind
        and entry.nick == before.nick
        and entry.own == before.own
        and entry.place == before.place
        and abs(entry.time - before.time) < GROUPED_WITHIN
        and day_of(entry.time) == day_of(before.time)
    )


def picked_row(row: Row, number: int, width: int) -> Row:
    """A row of the picked message; a sign in its margin says so where there are no colours."""
    spans = [Span(f"{span.style} class:picked".strip(), span.text) for span in row]
    if number == 0 and spans and spans[0].text.endswith(" "):
        gutter = gutter_cells()
        spans[0] = Span(spans[0].style, spans[0].text[: gutter - 1] + "▸" + spans[0].text[gutter:])
    return pad(tuple(spans), width, "class:picked")


def _is_beginning(buffer: Buffer) -> bool:
    """Whether history has nothing older than what is here."""
    return buffer.kind is BufferKind.CHANNEL and buffer.is_whole and not buffer.has_older

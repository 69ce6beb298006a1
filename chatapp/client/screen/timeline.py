"""Which rows of a conversation are in view: scrolling, and formatting of nothing but what is seen (pure).

The view hangs on the entry at its lower edge, by key: what arrives below and what is loaded above leave it
where it is. At the end of the conversation it hangs on nothing and follows.
"""

from __future__ import annotations

from collections.abc import Callable

from chatapp.client.buffer import Buffer, Entry
from chatapp.client.screen.render import Row, day_line, day_of, render_entry, unread_line

#: Rows of so many entries are kept; then the cache begins anew.
CACHED_ENTRIES = 2000


class Timeline:
    """The view onto the current conversation."""

    def __init__(self, render: Callable[[Entry, int], list[Row]] = render_entry) -> None:
        self._render = render
        self._cache: dict[tuple[int, int, int], list[Row]] = {}
        self._buffer: Buffer | None = None
        self._anchor: int | None = None
        self._hidden = 0
        self._index = 0
        self._top = 0
        self._width = 80
        self._height = 24

    @property
    def is_following(self) -> bool:
        """Whether the view is at the end, where new messages appear."""
        return self._anchor is None

    def show(self, buffer: Buffer) -> None:
        """Look at the end of ``buffer``, unless it is the one in view already."""
        if buffer is not self._buffer:
            self._buffer = buffer
            self.to_end()

    def rows(self, width: int, height: int) -> list[Row]:
        """What is in view, at most ``height`` rows, the oldest first."""
        self._width, self._height = width, height
        rows = self._rows_upward(*self._position(), height)
        if len(rows) < height and self._anchor is not None:
            self.scroll(len(rows) - height)
            rows = self._rows_upward(*self._position(), height)
        rows.reverse()
        return rows

    def below(self) -> int:
        """How many entries are further down than the view."""
        if self._buffer is None or self._anchor is None:
            return 0
        return len(self._buffer.entries) - 1 - self._position()[0]

    def wants_older(self) -> bool:
        """Whether the beginning of what is loaded is less than a screen away, and there is more to load."""
        buffer = self._buffer
        if buffer is None or not buffer.has_older or buffer.is_loading:
            return False
        return self._top < self._height

    def scroll(self, rows: int) -> None:
        """Move the view up by ``rows``, or down by as many where it is negative."""
        index, hidden = self._position()
        if index < 0:
            return
        hidden += rows
        while hidden < 0 and index < self._last():
            index += 1
            hidden += len(self._block(index))
        while hidden >= (size := len(self._block(index))) and index > 0:
            hidden -= size
            index -= 1
        self._hang_on(index, max(0, min(hidden, len(self._block(index)) - 1)))
        if rows > 0:
            missing = self._height - len(self._rows_upward(*self._position(), self._height))
            if missing > 0:
                self.scroll(-missing)

    def to_start(self) -> None:
        """Go to the oldest entry that is loaded."""
        if self._last() >= 0:
            self._hang_on(0, 0)
            missing = self._height - len(self._block(0))
            if missing > 0:
                self.scroll(-missing)

    def to_end(self) -> None:
        """Go to the newest entry, and follow."""
        self._anchor = None
        self._hidden = 0

    def forget_rows(self) -> None:
        """Format anew what is in view: text is measured differently now."""
        self._cache.clear()

    def _hang_on(self, index: int, hidden: int) -> None:
        assert self._buffer is not None
        if index >= self._last() and hidden == 0:
            self.to_end()
        else:
            self._anchor, self._hidden, self._index = self._buffer.entries[index].key, hidden, index

    def _position(self) -> tuple[int, int]:
        """The index of the entry at the lower edge, and how many of its rows are hidden below it."""
        if self._buffer is None or self._anchor is None:
            return self._last(), 0
        entries = self._buffer.entries
        if self._index < len(entries) and entries[self._index].key == self._anchor:
            return self._index, self._hidden
        for index, entry in enumerate(entries):
            if entry.key == self._anchor:
                self._index = index
                return index, self._hidden
        self.to_end()
        return self._last(), 0

    def _last(self) -> int:
        return len(self._buffer.entries) - 1 if self._buffer else -1

    def _rows_upward(self, index: int, hidden: int, height: int) -> list[Row]:
        """At most ``height`` rows from the lower edge up, the lowest first."""
        rows: list[Row] = []
        while index >= 0 and len(rows) < height:
            block = self._block(index)
            rows.extend(reversed(block[: len(block) - hidden]))
            hidden = 0
            index -= 1
        self._top = index + 1
        return rows[:height]

    def _block(self, index: int) -> list[Row]:
        """The rows of one entry, with the lines that stand above it."""
        assert self._buffer is not None
        entries = self._buffer.entries
        entry = entries[index]
        before = entries[index - 1] if index else None
        above = []
        day = day_of(entry.time)
        if day is not None and (before is None or day_of(before.time) != day):
            above.append(day_line(day, self._width))
        if before is not None and before.key == self._buffer.read_up_to:
            above.append(unread_line(self._width))
        rows = self._entry_rows(entry)
        return above + rows if above else rows

    def _entry_rows(self, entry: Entry) -> list[Row]:
        key = (entry.key, entry.version, self._width)
        rows = self._cache.get(key)
        if rows is None:
            if len(self._cache) >= CACHED_ENTRIES:
                self._cache.clear()
            rows = self._cache[key] = self._render(entry, self._width)
        return rows

"""The rows of a conversation that are in view, with the lines between days and above what is new (pure)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chatapp.client.buffer import Buffer, BufferKind, Entry
from chatapp.client.screen.render import Row, beginning_line, day_line, day_of, render_entry, unread_line
from chatapp.client.screen.view import View

#: Rows of so many entries are kept; then the cache begins anew.
CACHED_ENTRIES = 2000


class Timeline(View):
    """The view onto the current conversation."""

    def __init__(self, render: Callable[[Entry, int], list[Row]] = render_entry) -> None:
        super().__init__()
        self._render = render
        self._cache: dict[tuple[int, int, int], list[Row]] = {}
        self._buffer: Buffer | None = None

    def show(self, buffer: Buffer) -> None:
        """Look at the end of ``buffer``, unless it is the one in view already."""
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


def _is_beginning(buffer: Buffer) -> bool:
    """Whether history has nothing older than what is here."""
    return buffer.kind is BufferKind.CHANNEL and buffer.is_whole and not buffer.has_older

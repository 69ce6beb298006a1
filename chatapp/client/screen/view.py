"""Which rows of a long list are in view: scrolling, and formatting of nothing but what is seen (pure).

The view hangs on the item at its lower edge, by key: what arrives below and what is loaded above leave it
where it is. At the end of the list it hangs on nothing and follows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

from chatapp.client.screen.render import Row


class Item(Protocol):
    """What is shown; its key never changes and no other has it."""

    @property
    def key(self) -> int:
        """The key."""


class View(ABC):
    """A window onto items, each of which takes some rows."""

    def __init__(self) -> None:
        self._anchor: int | None = None
        self._hidden = 0
        self._index = 0
        self._top = 0
        self._width = 80
        self._height = 24
        self._keys_upward: list[int] = []

    @abstractmethod
    def _items(self) -> Sequence[Item]:
        """What is looked at, from old to new."""

    @abstractmethod
    def _block(self, index: int) -> list[Row]:
        """The rows of the item at ``index``, at least one, for the width of now."""

    @property
    def is_following(self) -> bool:
        """Whether the view is at the end, where what is new appears."""
        return self._anchor is None

    def rows(self, width: int, height: int) -> list[Row]:
        """What is in view, at most ``height`` rows, the oldest first."""
        self._width, self._height = width, height
        rows = self._rows_upward(*self._position(), height)
        if len(rows) < height and self._anchor is not None:
            self.scroll(len(rows) - height)
            rows = self._rows_upward(*self._position(), height)
        rows.reverse()
        return rows

    @property
    def height(self) -> int:
        """How many rows were asked for last."""
        return self._height

    def block(self, index: int, width: int) -> list[Row]:
        """The rows of the item at ``index`` at ``width`` cells."""
        self._width = width
        return self._block(index)

    def below(self) -> int:
        """How many entries are further down than the view."""
        if self._anchor is None:
            return 0
        return self._last() - self._position()[0]

    def key_at(self, row: int) -> int:
        """The key of the item in ``row``, counted from the lower edge up from 0; 0 for none."""
        return self._keys_upward[row] if 0 <= row < len(self._keys_upward) else 0

    def shows(self, key: int) -> bool:
        """Whether something of the item with ``key`` is in the view."""
        return key in self._keys_upward

    def reveal(self, index: int) -> None:
        """Move the view as little as needed to have all of the item at ``index`` in it, or its first rows."""
        lowest, hidden = self._position()
        size = len(self._block(index))
        if size > self._height:
            self._hang_on(index, size - self._height)
            return
        if index > lowest or (index == lowest and hidden):
            self._hang_on(index, 0)
            return
        above = (
            sum(len(self._block(at)) for at in range(index, min(lowest, index + self._height) + 1)) - hidden
        )
        if above > self._height:
            self._hang_on(index, 0)
            self.scroll(size - self._height)

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
        """Go to the oldest item that is loaded."""
        if self._last() >= 0:
            self._hang_on(0, 0)
            missing = self._height - len(self._block(0))
            if missing > 0:
                self.scroll(-missing)

    def to_end(self) -> None:
        """Go to the newest item, and follow."""
        self._anchor = None
        self._hidden = 0

    def _hang_on(self, index: int, hidden: int) -> None:
        if index >= self._last() and hidden == 0:
            self.to_end()
        else:
            self._anchor, self._hidden, self._index = self._items()[index].key, hidden, index

    def _position(self) -> tuple[int, int]:
        """The index of the item at the lower edge, and how many of its rows are hidden below it."""
        if self._anchor is None:
            return self._last(), 0
        items = self._items()
        if self._index < len(items) and items[self._index].key == self._anchor:
            return self._index, self._hidden
        for index, item in enumerate(items):
            if item.key == self._anchor:
                self._index = index
                return index, self._hidden
        self._lost()
        return (self._last(), 0) if self._anchor is None else (self._index, self._hidden)

    def _lost(self) -> None:
        """The item at the lower edge is gone."""
        self.to_end()

    def _last(self) -> int:
        return len(self._items()) - 1

    def _rows_upward(self, index: int, hidden: int, height: int) -> list[Row]:
        """At most ``height`` rows from the lower edge up, the lowest first."""
        rows: list[Row] = []
        keys: list[int] = []
        items = self._items()
        while index >= 0 and len(rows) < height:
            block = self._block(index)
            rows.extend(reversed(block[: len(block) - hidden]))
            keys += [items[index].key] * (len(rows) - len(keys))
            hidden = 0
            index -= 1
        self._top = index + 1
        self._keys_upward = keys[:height]
        return rows[:height]

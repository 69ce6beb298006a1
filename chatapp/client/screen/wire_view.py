"""The rows of the inspector that are in view (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from chatapp.client.inspector.recorder import Record, Recorder
from chatapp.client.screen.inspection import record_rows
from chatapp.client.screen.render import Row
from chatapp.client.screen.view import View

#: Rows of so many records are kept; then the cache begins anew. A record may have hundreds of rows.
CACHED_RECORDS = 64


class WireView(View):
    """The view onto what went over the wire, the newest at the lower end."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._records = recorder.records
        self._cache: dict[tuple[int, int], list[Row]] = {}

    def forget_rows(self) -> None:
        """Format anew what is in view: text is measured differently now."""
        self._cache.clear()

    def _items(self) -> Sequence[Record]:
        return self._records

    def _block(self, index: int) -> list[Row]:
        record = self._records[index]
        key = (record.key, self._width)
        rows = self._cache.get(key)
        if rows is None:
            if len(self._cache) >= CACHED_RECORDS:
                self._cache.clear()
            rows = self._cache[key] = record_rows(record, self._width)
        return rows

    def _lost(self) -> None:
        """What was in view is too old to be kept: stay at the oldest there is."""
        self._anchor = self._records[0].key
        self._hidden = self._index = 0

"""Ridding the disk of what was taken back: the index of words, until its pages are written anew, and the WAL.

That is done a little at a time, so that nobody who speaks waits for it, and before the store closes.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import suppress
from functools import partial

from chatapp.core.ports import StoreError
from chatapp.store.database import Database

log = logging.getLogger(__name__)

#: Seconds from the first message taken back, so that many are got rid of together.
PAUSE = 5.0
#: Pages written in one step: some 10 ms.
_STEP = 500
#: Seconds until the WAL is tried again, where somebody was reading.
_BETWEEN = 1.0
#: Seconds that the store waits for the rest of it when it closes.
_AT_THE_END = 1.0


class Cleansing:
    """Begun anew by each message that is taken back."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._task: asyncio.Task[None] | None = None
        self._is_wanted = False
        self._hurry = asyncio.Event()

    def begin(self) -> None:
        """Something was taken back."""
        self._is_wanted = True
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def finish(self) -> None:
        """Do at once what is still to be done; of a very large index as much as there is time for."""
        self._hurry.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=_AT_THE_END)
            self._task.cancel()

    async def _run(self) -> None:
        while self._is_wanted:
            await self._rest(PAUSE)
            self._is_wanted = False
            try:
                pages = -_STEP  # a negative number has all of the index merged into one piece
                while await self._database.write(partial(_merge, pages)):
                    pages = _STEP
                while not await self._database.empty_log() and not self._hurry.is_set():
                    await self._rest(_BETWEEN)
            except StoreError as why:
                log.warning("words that were taken back are still on the disk: %s", why)

    async def _rest(self, seconds: float) -> None:
        """Wait for so long, or until there is no more time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), seconds)


def _merge(pages: int, connection: sqlite3.Connection) -> bool:
    """Write about so many pages of the index anew; tell whether there is more to do."""
    before = connection.total_changes
    connection.execute("INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)", (pages,))
    return connection.total_changes - before >= 2

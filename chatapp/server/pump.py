"""The heartbeat: cut a tick, keep what it says, then send what it sends.

While one tick is being kept the next one fills, so ticks grow by themselves under load and no timer is set.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from itertools import chain, repeat

from chatapp.core.delivery import Delivery, Tick
from chatapp.core.ports import Keeper, StoreError

log = logging.getLogger(__name__)

#: Lines that may be carried out in one tick before nobody is read from until it is out.
FULL_LINES = 4096
#: The same, in bytes to be written to all who hear them: a line for a thousand is the work of a thousand.
FULL_BYTES = 32 << 20
#: Seconds between the tries to keep a tick; after the last it is an outage, or the house stops.
PATIENCE = (0.1, 0.5, 1.0)
#: Seconds between the tries in an outage. Nothing is heard meanwhile, and nothing lost.
LONG_PATIENCE = 1.0


class Pump:
    """Beats for one `Delivery`. The listeners' `Backlog`.

    ``fault`` is why the last try to keep the present tick failed, ``None`` if none did; ``outage`` the same,
    once that lasts.

    Raises (from `run`):
        StoreError: A tick could not be kept, and never will be; nothing of it was heard.
    """

    def __init__(
        self, keeper: Keeper, patience: tuple[float, ...] = PATIENCE, long_patience: float = LONG_PATIENCE
    ) -> None:
        self._keeper = keeper
        self._patience = patience
        self._long_patience = long_patience
        self._keeping_since: float | None = None
        self.fault: StoreError | None = None
        self.outage: StoreError | None = None
        self._stirred = asyncio.Event()
        self._readers: list[asyncio.Future[None]] = []
        self._relieved: list[Callable[[], None]] = []
        self._lines = 0
        self._delivery: Delivery | None = None
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    def wake(self) -> None:
        """There is something in this tick."""
        self._stirred.set()
        self._is_idle.clear()

    async def settled(self) -> None:
        """Wait until all that has been said so far is kept."""
        reader = asyncio.get_running_loop().create_future()
        self._readers.append(reader)
        self.wake()
        await reader

    async def drained(self) -> None:
        """Wait until there is nothing to keep or send."""
        await self._is_idle.wait()

    def kept_waiting(self, now: float) -> float:
        """For how many seconds the store has had the present tick at ``now``, of the loop's time."""
        return now - self._keeping_since if self._keeping_since is not None else 0.0

    @property
    def is_full(self) -> bool:
        return self._lines >= FULL_LINES or (
            self._delivery is not None and self._delivery.bytes_to_groups >= FULL_BYTES
        )

    def took(self, lines: int) -> None:
        self._lines += lines

    def on_relief(self, callback: Callable[[], None]) -> None:
        self._relieved.append(callback)
        self.wake()

    async def run(self, delivery: Delivery) -> None:
        """Beat until cancelled."""
        loop = asyncio.get_running_loop()
        self._delivery = delivery
        vitals = delivery.vitals
        while True:
            await self._stirred.wait()
            await asyncio.sleep(0)  # one more look at the network: who has spoken meanwhile is in this tick
            self._stirred.clear()
            tick = delivery.cut()
            vitals.ticks += 1
            readers, self._readers = self._readers, []
            self._lines = 0
            relieved, self._relieved = self._relieved, []
            for callback in relieved:
                loop.call_soon(callback)
            if any(tick.changes):
                self._keeping_since = loop.time()
                began = time.perf_counter()  # the loop's time may be of whole milliseconds
                await self._keep(tick)
                self._keeping_since = None
                vitals.kept(len(tick.changes.messages), time.perf_counter() - began)
            for reader in readers:
                if not reader.done():
                    reader.set_result(None)
            tick.release()
            if not self._stirred.is_set():
                self._is_idle.set()

    async def _keep(self, tick: Tick) -> None:
        """Return once ``tick`` is kept, however long that takes while there is hope."""
        pauses = chain(self._patience, repeat(self._long_patience))
        for tries, pause in enumerate(pauses):
            try:
                await self._keeper.keep(tick.changes)
            except StoreError as why:
                self.fault = why
                if tries >= len(self._patience):
                    if not why.may_pass:
                        raise
                    self.outage = why
                else:
                    log.error("could not keep %d messages, trying again: %s", len(tick.changes.messages), why)
                await asyncio.sleep(pause)
            else:
                self.fault = self.outage = None
                return

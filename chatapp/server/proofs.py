"""Passwords: the slow arithmetic in threads, as many at once as there is room for, and the dice."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

from chatapp.core.ports import Busy
from chatapp.irc.scram import LEAST_ITERATIONS, Verifier, derive

Cost = Literal["minimum", "normal"]

#: Rounds of hashing for each cost. "normal" takes some hundredths of a second.
ITERATIONS: dict[Cost, int] = {"minimum": LEAST_ITERATIONS, "normal": 120_000}
#: How many are worked on at once; the chat has the other processors.
THREADS = 2
#: How many may wait, such as a school that comes back at once: at the normal cost about seven seconds.
MOST_WAITING = 512
_SALT_BYTES = 16
_NONCE_BYTES = 24


def new_verifier(password: str, cost: Cost) -> Verifier:
    """What is kept of ``password``, with a new salt. Takes its time; where others wait it is for a thread."""
    return derive(password, secrets.token_bytes(_SALT_BYTES), ITERATIONS[cost])


class ThreadedProofs:
    """The core's port `Proofs`. ``secret`` is this server's own (see `chatapp.store.accounts`)."""

    def __init__(self, secret: bytes, cost: Cost) -> None:
        self._secret = secret
        self._iterations = ITERATIONS[cost]
        self._threads = ThreadPoolExecutor(THREADS, "passwords")
        self._turns = asyncio.Semaphore(THREADS)
        self._waiting = 0

    async def derive(
        self, password: str, salt: bytes, iterations: int, check: Callable[[], object] = bool
    ) -> Verifier:
        """As `Proofs.derive`."""
        if self._waiting >= MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._turns:
                check()
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, derive, password, salt, iterations)
        finally:
            self._waiting -= 1

    async def create(self, password: str) -> Verifier:
        """As `Proofs.create`."""
        return await self.derive(password, secrets.token_bytes(_SALT_BYTES), self._iterations)

    def unknown(self, folded: str) -> Verifier:
        """As `Proofs.unknown`."""
        salt, stored, server = (self.digest(use + folded) for use in ("salt ", "stored ", "server "))
        return Verifier(salt[:_SALT_BYTES], self._iterations, stored, server)

    def digest(self, text: str) -> bytes:
        """As `Proofs.digest`."""
        return hmac.digest(self._secret, text.encode(), "sha256")

    def nonce(self) -> str:
        """As `Proofs.nonce`."""
        return secrets.token_urlsafe(_NONCE_BYTES)

    def close(self) -> None:
        """Begin nothing more; whoever waits is not answered."""
        self._threads.shutdown(wait=False, cancel_futures=True)

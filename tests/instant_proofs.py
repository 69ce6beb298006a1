"""Proofs of passwords that take no time and throw no dice: the core's port, for tests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from itertools import count

from chatapp.core.ports import Busy
from chatapp.irc import scram
from chatapp.irc.scram import Verifier

SALT = b"salt of the tests"


class InstantProofs:
    """Each password has few rounds; while ``is_busy`` nobody is answered. ``derived`` are those asked for."""

    def __init__(self) -> None:
        self.is_busy = False
        self.derived: list[str] = []
        self._nonces = count(1)

    async def derive(
        self, password: str, salt: bytes, iterations: int, check: Callable[[], object] = bool
    ) -> Verifier:
        if self.is_busy:
            raise Busy
        check()
        self.derived.append(password)
        return verifier_of(password, salt, iterations)

    async def create(self, password: str) -> Verifier:
        return await self.derive(password, SALT, 4096)

    def unknown(self, folded: str) -> Verifier:
        return Verifier(folded.encode().ljust(16, b"?"), 4096, bytes(32), bytes(32))

    def digest(self, text: str) -> bytes:
        return hashlib.sha256(text.encode()).digest()

    def nonce(self) -> str:
        return f"nonce{next(self._nonces)}"


@lru_cache
def verifier_of(password: str, salt: bytes = SALT, iterations: int = 4096) -> Verifier:
    return scram.derive(password, salt, iterations)

"""Cookies: how an address proves that it hears what is sent to it, without our remembering that it asked.

A token is a keyed digest of the address and of the id that was asked with. The key changes with time, so a
token is good for a while; those of ended conversations are void at once, so that a datagram which comes late
cannot begin its conversation anew.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from chatapp.irc.datagram import TOKEN_DIGITS

#: A token begins a conversation for one to two of these, in seconds.
_KEY_LIFETIME = 60.0
#: Ended conversations remembered with one key; when there are more, all tokens are void.
_MOST_ENDED = 8192

Address = tuple[str, int] | tuple[str, int, int, int]


class Cookies:
    """Gives and checks tokens. ``new_key`` gives 32 random bytes; times are seconds, never going back."""

    def __init__(self, new_key: Callable[[], bytes], now: float) -> None:
        self._new_key = new_key
        self._keys = [new_key(), new_key()]
        self._ended: list[set[str]] = [set(), set()]
        self._turned = now

    def token(self, address: Address, id_: str, now: float) -> str:
        """The token that ``address`` is to send back."""
        self._turn(now)
        return _digest(self._keys[0], address, id_)

    def is_good(self, token: str, address: Address, id_: str, now: float) -> bool:
        """Whether ``address`` was given ``token`` a short while ago, and has not ended with it."""
        self._turn(now)
        if any(token in ended for ended in self._ended):
            return False
        return any(hmac.compare_digest(token, _digest(key, address, id_)) for key in self._keys)

    def end(self, token: str) -> None:
        """Let ``token`` begin no conversation any more."""
        if len(self._ended[0]) >= _MOST_ENDED:
            self._keys = [self._new_key(), self._new_key()]
            self._ended = [set(), set()]
        self._ended[0].add(token)

    def _turn(self, now: float) -> None:
        for _key in range(min(int((now - self._turned) // _KEY_LIFETIME), 2)):
            self._keys = [self._new_key(), self._keys[0]]
            self._ended = [set(), self._ended[0]]
            self._turned = now


def _digest(key: bytes, address: Address, id_: str) -> str:
    about = f"{address[0]} {address[1]} {id_}".encode()
    return hmac.new(key, about, hashlib.sha256).hexdigest()[:TOKEN_DIGITS]

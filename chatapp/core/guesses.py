"""How often one may guess a secret: so many wrong tries an hour from one address."""

from __future__ import annotations

import ipaddress

#: Wrong tries that one address has within `WINDOW` seconds.
MOST = 5
WINDOW = 3600
#: Addresses remembered at once; beyond it the one that has not guessed for longest is forgotten.
ADDRESSES = 10_000


class Guesses:
    """The wrong tries of each address, an IPv6 /64 (one household) being one. Times are in seconds."""

    __slots__ = ("_missed",)

    def __init__(self) -> None:
        self._missed: dict[str, tuple[int, int]] = {}

    def may_guess(self, address: str, now: int) -> bool:
        """Whether ``address`` has a try left."""
        since, count = self._missed.get(_household(address), (now, 0))
        return count < MOST or now - since >= WINDOW

    def missed(self, address: str, now: int) -> None:
        """``address`` has guessed wrong."""
        address = _household(address)
        since, count = self._missed.pop(address, (now, 0))
        if now - since >= WINDOW:
            since, count = now, 0
        while len(self._missed) >= ADDRESSES:
            del self._missed[next(iter(self._missed))]
        self._missed[address] = (since, count + 1)

    def forget(self, address: str) -> None:
        """``address`` has guessed right."""
        self._missed.pop(_household(address), None)


def _household(address: str) -> str:
    try:
        ip = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ip.ipv4_mapped or ipaddress.IPv6Network((ip, 64), strict=False))

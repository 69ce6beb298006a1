"""How often one may guess a secret: so many wrong tries an hour from one address."""

from __future__ import annotations

from chatapp.core.addresses import household, is_local
from chatapp.core.settings import AccountSettings

#: Wrong tries that one address has within `WINDOW` seconds.
MOST = 5
WINDOW = 3600
#: Addresses remembered at once; beyond it the one that has not guessed for longest is forgotten.
ADDRESSES = 10_000


class Guesses:
    """The wrong tries of each address, an IPv6 /64 (one household) being one. Times are in seconds."""

    __slots__ = ("_missed", "_most", "_window")

    def __init__(self, most: int = MOST, window: int = WINDOW) -> None:
        self._most = most
        self._window = window
        self._missed: dict[str, tuple[int, int]] = {}

    def may_guess(self, address: str, now: int) -> bool:
        """Whether ``address`` has a try left."""
        since, count = self._missed.get(household(address), (now, 0))
        return count < self._most or now - since >= self._window

    def missed(self, address: str, now: int) -> None:
        """``address`` has guessed wrong."""
        address = household(address)
        since, count = self._missed.pop(address, (now, 0))
        if now - since >= self._window:
            since, count = now, 0
        while len(self._missed) >= ADDRESSES:
            del self._missed[next(iter(self._missed))]
        self._missed[address] = (since, count + 1)

    def forget(self, address: str) -> None:
        """``address`` has guessed right."""
        self._missed.pop(household(address), None)


class Logins:
    """The wrong passwords of each address and of each account in a minute, and the new accounts of an hour.

    A limit of 0 is none. This machine's own addresses are not counted. Where an account has logged in from
    before, others cannot lock it out by guessing.
    """

    __slots__ = ("_accounts", "_addresses", "_homes", "_made", "_most", "_most_made")

    def __init__(self, settings: AccountSettings) -> None:
        self._most = most = settings.login_throttle
        self._addresses = Guesses(most, 60)
        self._accounts = Guesses(most, 60)
        self._most_made = settings.registration_throttle
        self._made = Guesses(self._most_made, WINDOW)
        self._homes: dict[tuple[str, str], None] = {}

    def may_try(self, address: str, account: str, now: int) -> bool:
        """Whether ``address`` may try a password of ``account`` (folded)."""
        if not self._most:
            return True
        is_home = (household(address), account) in self._homes
        return (is_local(address) or self._addresses.may_guess(address, now)) and (
            is_home or self._accounts.may_guess(account, now)
        )

    def may_make(self, address: str, now: int) -> bool:
        """Whether ``address`` may make one more account."""
        return not self._most_made or is_local(address) or self._made.may_guess(address, now)

    def made(self, address: str, now: int) -> None:
        """``address`` has made an account."""
        self._made.missed(address, now)

    def missed(self, address: str, account: str, now: int) -> None:
        """A password of ``account`` was wrong."""
        self._addresses.missed(address, now)
        self._accounts.missed(account, now)

    def succeeded(self, address: str, account: str) -> None:
        """A password of ``account`` was right: ``address`` is one of its homes."""
        while len(self._homes) >= ADDRESSES:
            del self._homes[next(iter(self._homes))]
        self._homes[household(address), account] = None

"""An account: a name that is somebody's, the proof of it, and what it keeps while they are away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from chatapp.core.ports import AccountState, Presence
from chatapp.irc.confusables import skeleton
from chatapp.irc.scram import Verifier

if TYPE_CHECKING:
    from chatapp.core.user import User

#: Nicks that are nobody's, and names that no account has: services, and who speaks for the server.
RESERVED = frozenset({"nickserv", "chanserv", "operator"})


def is_like(name: str, folded: str) -> bool:
    """Whether ``name`` could be taken for ``folded``, an ASCII name in small letters (UTS 39)."""
    return skeleton(name) == folded


def is_reserved(name: str) -> bool:
    """Whether ``name`` is, or looks like, one that nobody may have."""
    return skeleton(name) in RESERVED


class Account:
    """A registered name. ``owner`` is the key of its direct messages, given once and never again.

    ``multiclient`` and ``always_on`` are what its holder chose; ``None`` leaves it to the settings. ``user``
    is who stays in their channels while nobody is connected, if the account is always on. ``certificates``
    log in to it as the password does; `Accounts` adds and takes them. Nobody has shown the ``unseen`` yet.
    """

    __slots__ = (
        "always_on",
        "certificates",
        "created",
        "email",
        "folded",
        "is_gone",
        "multiclient",
        "name",
        "owner",
        "presence",
        "unseen",
        "user",
        "verifier",
    )

    def __init__(self, state: AccountState, folded: str) -> None:
        self.name = state.name
        self.folded = folded
        self.created = state.created
        self.verifier: Verifier = state.verifier
        self.owner = state.owner
        self.email = state.email
        self.multiclient = state.multiclient
        self.always_on = state.always_on
        self.certificates = state.certificates
        self.unseen = state.unseen
        self.presence: Presence | None = state.presence
        self.user: User | None = None
        self.is_gone = False

    def state(self) -> AccountState | None:
        """What the store keeps of it; ``None`` once it is removed."""
        if self.is_gone:
            return None
        return AccountState(
            self.name,
            self.created,
            self.verifier,
            self.owner,
            self.email,
            self.multiclient,
            self.always_on,
            self.user.presence() if self.user is not None else None,
            self.certificates,
            self.unseen,
        )


class Accounts:
    """Every account, by its folded name."""

    __slots__ = ("_by_certificate", "_by_folded", "_by_look", "_fold")

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._by_folded: dict[str, Account] = {}
        self._by_look: dict[str, Account] = {}
        self._by_certificate: dict[str, Account] = {}

    def remember(self, states: Iterable[AccountState]) -> None:
        """Take in those that outlived a restart."""
        for state in states:
            self.add(state)

    def add(self, state: AccountState) -> Account:
        account = Account(state, self._fold(state.name))
        self._by_folded[account.folded] = account
        self._by_look[skeleton(account.name)] = account
        self._by_certificate |= dict.fromkeys(account.certificates, account)
        return account

    def remove(self, account: Account) -> None:
        """It is nobody's from now on; the caller has that kept."""
        account.is_gone = True
        del self._by_folded[account.folded]
        self._by_look.pop(skeleton(account.name), None)
        for certificate in account.certificates:
            del self._by_certificate[certificate]

    def find(self, name: str) -> Account | None:
        return self._by_folded.get(self._fold(name))

    def alike(self, name: str) -> Account | None:
        """The account whose name looks like ``name`` (UTS 39), which may be the same."""
        return self._by_look.get(skeleton(name))

    def holder_of(self, certificate: str) -> Account | None:
        """The account that ``certificate`` (the SHA-256 of one) logs in to."""
        return self._by_certificate.get(certificate)

    def add_certificate(self, account: Account, certificate: str, is_seen: bool) -> None:
        """``certificate``, which is nobody's, is the account's; the caller has that kept."""
        account.certificates += (certificate,)
        if not is_seen:
            account.unseen |= {certificate}
        self._by_certificate[certificate] = account

    def take_certificate(self, account: Account, certificate: str) -> None:
        """``certificate`` is the account's no more; the caller has that kept."""
        account.certificates = tuple(each for each in account.certificates if each != certificate)
        account.unseen -= {certificate}
        del self._by_certificate[certificate]

    def of(self, user: User) -> Account | None:
        """The account that ``user`` is logged in to."""
        return self.find(user.account) if user.account else None

    def __iter__(self) -> Iterator[Account]:
        return iter(self._by_folded.values())

    def __len__(self) -> int:
        return len(self._by_folded)

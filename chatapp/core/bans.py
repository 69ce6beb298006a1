"""Who may not come to this server: bans by address, mask and account, each for a time or for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from chatapp.core.addresses import is_within, parse_network
from chatapp.core.ports import ServerBan
from chatapp.irc.names import complete_mask, matches

#: Before the name of an account.
ACCOUNT = "a:"


class Caller(NamedTuple):
    """Someone who is here or comes in: ``nick!user@host``, the address as text, the account or ""."""

    source: str
    address: str
    account: str


def complete_ban(text: str) -> str:
    """``text`` as a ban is kept: ``a:account``, an address or network, or a whole ``nick!user@host`` mask.

    Raises:
        ValueError: It bans nobody, or has more in it than a mask.
    """
    if not text or any(char in " ,:" for char in text[:1]) or " " in text:
        raise ValueError(f"{text!r} is no mask")
    if text.lower().startswith(ACCOUNT):
        if text.lower() == ACCOUNT:
            raise ValueError("an account has a name")
        return ACCOUNT + text[len(ACCOUNT) :]
    network = parse_network(text)
    return str(network) if network is not None else complete_mask(text)


def words_of(ban: ServerBan) -> str:
    """What somebody whom ``ban`` keeps out is told."""
    words = "You are banned from this server"
    return f"{words}: {ban.reason}" if ban.reason else words


def stranger_at(host: str, address: str) -> Caller:
    """Somebody at ``address`` of whom nothing more is known."""
    return Caller(f"*!*@{host}", address, "")


class ServerBans:
    """All bans, by their folded masks. They are few, and asked for when somebody comes in."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._bans: dict[str, ServerBan] = {}

    def add(self, ban: ServerBan) -> None:
        """Have ``ban`` from now on, instead of one of the same mask."""
        self._bans[self._fold(ban.mask)] = ban

    def remove(self, mask: str) -> ServerBan | None:
        """Take the ban of ``mask`` out, in whatever case, and give it back."""
        return self._bans.pop(self._fold(mask), None)

    def find(self, caller: Caller) -> ServerBan | None:
        """The ban that keeps ``caller`` out, if any."""
        return next((ban for ban in self._bans.values() if self.strikes(ban, caller)), None)

    def strikes(self, ban: ServerBan, caller: Caller) -> bool:
        """Whether ``ban`` is about ``caller``."""
        mask = self._fold(ban.mask)
        if mask.startswith(ACCOUNT):
            return bool(caller.account) and matches(mask[len(ACCOUNT) :], self._fold(caller.account))
        network = parse_network(mask)
        if network is not None:
            return is_within(caller.address, network)
        mask = mask.replace("!~", "!", 1)  # as in `masks.parse_mask`
        before, _, host = mask.rpartition("@")
        network = parse_network(host)
        if network is None:
            return matches(mask, self._fold(caller.source))
        name = self._fold(caller.source.rpartition("@")[0])
        return matches(before, name) and is_within(caller.address, network)

    def expired(self, now: int) -> list[ServerBan]:
        """Those whose time is over."""
        return [ban for ban in self._bans.values() if 0 < ban.expires <= now]

    def __iter__(self) -> Iterator[ServerBan]:
        return iter(self._bans.values())

    def __len__(self) -> int:
        return len(self._bans)

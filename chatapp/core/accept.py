"""Whom those accept who take messages from accounts alone (+R)."""

from __future__ import annotations

from chatapp.core.user import User


class Accepts:
    """Pairs of users, the one who accepts first. They end with either of the two."""

    def __init__(self) -> None:
        self._accepted: dict[User, dict[User, None]] = {}
        self._accepting: dict[User, dict[User, None]] = {}

    def add(self, user: User, other: User) -> None:
        """Let ``other`` write to ``user``."""
        self._accepted.setdefault(user, {})[other] = None
        self._accepting.setdefault(other, {})[user] = None

    def remove(self, user: User, other: User) -> bool:
        """Let ``other`` write no more; tell whether they could."""
        if other not in self._accepted.get(user, ()):
            return False
        _drop(self._accepted, user, other)
        _drop(self._accepting, other, user)
        return True

    def accepts(self, user: User, other: User) -> bool:
        return other in self._accepted.get(user, ())

    def of(self, user: User) -> list[User]:
        """Whom ``user`` accepts, in the order in which they did."""
        return list(self._accepted.get(user, ()))

    def forget(self, user: User) -> None:
        """``user`` is gone."""
        for other in self._accepted.pop(user, ()):
            _drop(self._accepting, other, user)
        for other in self._accepting.pop(user, ()):
            _drop(self._accepted, other, user)


def _drop(pairs: dict[User, dict[User, None]], user: User, other: User) -> None:
    del pairs[user][other]
    if not pairs[user]:
        del pairs[user]

"""Who is here: every user by folded nick, and by how the nick looks."""

from __future__ import annotations

from collections.abc import Callable

from chatapp.core.user import User
from chatapp.irc.confusables import skeleton


class Roster(dict[str, User]):
    """Users by folded nick; put in and taken out with the nick that they have at that moment.

    With ``confusable`` nicks (the ``unicode`` mapping) two that look alike are found (UTS 39).
    """

    __slots__ = ("_look_of", "_looks")

    def __init__(self, confusable: bool) -> None:
        super().__init__()
        self._look_of: Callable[[str], str] | None = skeleton if confusable else None
        self._looks: dict[str, User] = {}

    def alike(self, nick: str) -> User | None:
        """The user whose nick looks like ``nick``, which may be the same."""
        return self._looks.get(self._look_of(nick)) if self._look_of else None

    def __setitem__(self, folded: str, user: User) -> None:
        super().__setitem__(folded, user)
        if self._look_of:
            self._looks[self._look_of(user.nick)] = user

    def __delitem__(self, folded: str) -> None:
        user = self[folded]
        super().__delitem__(folded)
        if self._look_of and self._looks.get(look := self._look_of(user.nick)) is user:
            del self._looks[look]

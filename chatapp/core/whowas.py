"""Who was here: the last users that left or gave up a nick."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from chatapp.core.user import User


class Departed(NamedTuple):
    """A user as they were when they went; ``time`` is seconds since 1970."""

    folded: str
    nick: str
    user_name: str
    host: str
    realname: str
    time: int


class Whowas:
    """The last ``entries`` departures."""

    def __init__(self, entries: int) -> None:
        self._departed: deque[Departed] = deque(maxlen=max(entries, 0))

    def remember(self, user: User, now: int) -> None:
        self._departed.appendleft(
            Departed(user.folded, user.nick, user.user_name, user.host, user.realname, now)
        )

    def find(self, folded: str) -> list[Departed]:
        """Everyone who had the nick, the latest first."""
        return [departed for departed in self._departed if departed.folded == folded]

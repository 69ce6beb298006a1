"""Who watches which nicks, and is told when they come and go (IRCv3 Monitor, extended-monitor)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chatapp.core.audience import Audience
from chatapp.core.delivery import Delivery
from chatapp.core.session import Session
from chatapp.core.user import User
from chatapp.irc.caps import EXTENDED_MONITOR
from chatapp.irc.line import format_body
from chatapp.irc.numerics import RPL_MONOFFLINE, RPL_MONONLINE, Numeric


class Monitor:
    """The watched nicks, folded, and how each watcher spelled them. A session's list ends with it.

    ``server`` is the name in what watchers are told.
    """

    def __init__(self, fold: Callable[[str], str], delivery: Delivery, server: str) -> None:
        self._fold = fold
        self._delivery = delivery
        self._server = server
        self._watchers: dict[str, dict[Session, None]] = {}
        self._lists: dict[Session, dict[str, str]] = {}

    def add(self, session: Session, nick: str) -> None:
        """Have ``session`` watch ``nick``; it keeps the spelling it gave first."""
        folded = self._fold(nick)
        self._lists.setdefault(session, {}).setdefault(folded, nick)
        self._watchers.setdefault(folded, {})[session] = None

    def remove(self, session: Session, nick: str) -> None:
        """Have ``session`` watch ``nick`` no more, if it did."""
        folded = self._fold(nick)
        if self._lists.get(session, {}).pop(folded, None) is not None:
            self._unwatch(session, folded)

    def clear(self, session: Session) -> None:
        """Have ``session`` watch nobody."""
        for folded in self._lists.pop(session, ()):
            self._unwatch(session, folded)

    def watched_by(self, session: Session) -> list[str]:
        """The nicks that ``session`` watches, as it spelled them."""
        return list(self._lists.get(session, {}).values())

    def watches(self, session: Session, nick: str) -> bool:
        return self._fold(nick) in self._lists.get(session, {})

    def appeared(self, user: User) -> None:
        """Tell those who watch the nick of ``user`` that they are here."""
        self._tell(user, RPL_MONONLINE, user.source)

    def vanished(self, user: User) -> None:
        """Tell those who watch the nick of ``user`` that it is nobody's now."""
        self._tell(user, RPL_MONOFFLINE, user.nick)

    def onlookers(self, user: User) -> Audience:
        """Who hears of changes of ``user``: those who see them in a channel, and who watches their nick with
        extended-monitor; each hears only what their capabilities let through.
        """
        watchers = [s for s in self._watchers_of(user) if EXTENDED_MONITOR in s.caps]
        return Audience([*user.peers(), *watchers]) if watchers else user.peers()

    def watchers(self, user: User) -> list[Session]:
        """Who watches the nick of ``user``."""
        return list(self._watchers_of(user))

    def _watchers_of(self, user: User) -> Iterator[Session]:
        return iter(self._watchers.get(user.folded, ()))

    def _tell(self, user: User, numeric: Numeric, about: str) -> None:
        for session in self._watchers_of(user):
            self._delivery.send(session, format_body(self._server, numeric.code, [session.nick, about], True))

    def _unwatch(self, session: Session, folded: str) -> None:
        sessions = self._watchers[folded]
        del sessions[session]
        if not sessions:
            del self._watchers[folded]

"""Everyone who hears, grouped by how they hear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from chatapp.core.dialect import Dialect, dialect_of
from chatapp.core.session import Session


class Group:
    """Those who hear alike, and what they hear in the present tick: ``lines``.

    Who hears exactly that in this tick *follows* the group, so that its lines are joined once for all of
    them. Who hears anything more or less is *apart*, with an outbox of their own.
    """

    __slots__ = ("apart", "dialect", "lines", "parted", "sessions")

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.sessions: dict[Session, None] = {}
        self.lines: list[bytes] = []
        self.apart: dict[Session, list[bytes]] = {}
        self.parted: list[Session] = []  # went apart in this tick, some of them out of the group

    def gather(self) -> None:
        """Before the first line of a tick: have all who have heard nothing else in it follow."""
        apart = self.apart
        for session in self.sessions:  # for each of thousands, and in each tick
            follows = session.follows
            if follows is None:
                session.follows = self
            else:
                if follows is not APART:
                    follows.part(session)
                apart[session] = session.outbox

    def part(self, session: Session) -> None:
        """From here on ``session``, which follows, has an outbox of its own in this tick."""
        session.follows = APART
        session.outbox += self.lines
        self.apart[session] = session.outbox
        self.parted.append(session)


#: What those follow who are apart.
APART: Final = Group(dialect_of(frozenset()))


class Audience:
    """A set of sessions, kept in groups so that a line is encoded once for each and not once for all."""

    __slots__ = ("_groups",)

    def __init__(self, sessions: Iterable[Session] = ()) -> None:
        self._groups: dict[Dialect, Group] = {}
        for session in sessions:
            self.add(session)

    def add(self, session: Session) -> None:
        group = self._groups.get(session.dialect)
        if group is None:
            group = self._groups[session.dialect] = Group(session.dialect)
        group.sessions[session] = None
        if group.lines:
            if session.follows is None:
                session.follows = APART
                group.parted.append(session)
            elif session.follows is not APART:
                session.follows.part(session)
            group.apart[session] = session.outbox

    def remove(self, session: Session) -> None:
        """Take ``session`` out; what it was told in this tick still reaches it."""
        group = self._groups[session.dialect]
        if group.lines:
            if session.follows is group:
                group.part(session)
            del group.apart[session]
        del group.sessions[session]
        if not group.sessions:
            del self._groups[session.dialect]

    def groups(self) -> Iterable[Group]:
        return self._groups.values()

    def __contains__(self, session: Session) -> bool:
        group = self._groups.get(session.dialect)
        return group is not None and session in group.sessions

    def __iter__(self) -> Iterator[Session]:
        for group in self._groups.values():
            yield from group.sessions

    def __len__(self) -> int:
        return sum(len(group.sessions) for group in self._groups.values())

"""Everyone who hears, grouped by how they hear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatapp.core.dialect import Dialect
from chatapp.core.session import Session


class Group:
    """Those who hear alike. ``stirred`` while the present tick holds something for them."""

    __slots__ = ("dialect", "leavers", "outboxes", "stirred")

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.outboxes: dict[Session, list[bytes]] = {}
        self.stirred = False
        self.leavers: list[Session] = []  # heard something in this tick and left within it


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
        group.outboxes[session] = session.outbox

    def remove(self, session: Session) -> None:
        """Take ``session`` out; what it was told in this tick still reaches it."""
        group = self._groups[session.dialect]
        del group.outboxes[session]
        if group.stirred:
            group.leavers.append(session)
        if not group.outboxes:
            del self._groups[session.dialect]

    def groups(self) -> Iterable[Group]:
        return self._groups.values()

    def __contains__(self, session: Session) -> bool:
        group = self._groups.get(session.dialect)
        return group is not None and session in group.outboxes

    def __iter__(self) -> Iterator[Session]:
        for group in self._groups.values():
            yield from group.outboxes

    def __len__(self) -> int:
        return sum(len(group.outboxes) for group in self._groups.values())

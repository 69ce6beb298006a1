"""Who is away in a room that one looks at: asked for once a connection, then heard of (away-notify)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatapp.client.buffer import Buffer, BufferKind
from chatapp.client.model import ConnectionState
from chatapp.irc import caps
from chatapp.irc.line import Line

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: Of rooms with more members it is not asked: the answer has a line for each of them.
MOST_MEMBERS = 300


class Presence:
    """What of it was asked for on this connection, and what is still awaited."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: set[Buffer] = set()
        self._awaited: set[str] = set()

    def look_at(self, room: Buffer) -> None:
        """Somebody looks at who is in ``room``: ask who of them is away, unless we know."""
        session = self._session
        is_open = room.kind is BufferKind.CHANNEL and room.joined and 0 < len(room.members) <= MOST_MEMBERS
        is_told = session.model.state is ConnectionState.ONLINE and caps.AWAY_NOTIFY in session.caps.enabled
        if room in self._asked or not is_open or not is_told:
            return
        self._asked.add(room)
        self._awaited.add(session.model.fold(room.name))
        session.send("WHO", room.name)

    def forget(self, room: Buffer) -> None:
        """We have entered ``room`` anew, and know nothing of who is there."""
        self._asked.discard(room)

    def hear(self, line: Line) -> bool:
        """Take in a line of an answer, RPL_WHOREPLY or RPL_ENDOFWHO; false if we have not asked for it."""
        session = self._session
        name = session.model.fold(line.param(1))
        if name not in self._awaited or session.origin is not None:
            return False
        room = session.model.find(line.param(1))
        if line.command == "315":
            self._awaited.discard(name)
        elif room is not None:
            member = room.members.get(session.model.fold(line.param(5)))
            if member is not None and member.away != (line.param(6)[:1] == "G"):
                member.away = not member.away
                room.touch()
        return True

"""What we have asked of the server that is no message, until it has happened: reactions and deletions.

Nothing of it is lost by a cut and nothing happens twice. A wish is *queued*, then *written*; what the server
tells everyone confirms it. When the connection is cut, what was written is *uncertain* until the history of
its conversation has been read: what has not happened by then is written once more. Since a wish is for a
state (a reaction is there, a message is gone), writing it twice would change nothing either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from chatapp.client.buffer import Buffer
from chatapp.client.outbox import Stage

#: Wishes that may be open at once.
MOST = 200


@dataclass(slots=True, eq=False)
class Wish:
    """A state that we want: of the message ``msgid``, and of one ``reaction`` to it or "" for its deletion.

    ``out`` has the labels under which it, or the opposite before it, was written without an answer yet, ""
    for a line without one. ``is_again``: something of it was written on a connection that was cut.
    """

    buffer: Buffer
    msgid: str
    reaction: str = ""
    is_on: bool = True
    reason: str = ""
    stage: Stage = Stage.QUEUED
    out: list[str] = field(default_factory=list)
    is_again: bool = False


class Wishes:
    """The open wishes, one for each state."""

    def __init__(self) -> None:
        self._open: dict[tuple[Buffer, str, str], Wish] = {}

    def __iter__(self) -> Iterator[Wish]:
        return iter(list(self._open.values()))

    def __len__(self) -> int:
        return len(self._open)

    def put(self, wish: Wish) -> bool:
        """Take in ``wish`` in place of an open one for the same; false if too many are open."""
        key = (wish.buffer, wish.msgid, wish.reaction)
        before = self._open.get(key)
        if before is None and len(self._open) >= MOST:
            return False
        if before is not None:
            wish.out, wish.is_again = before.out, before.is_again
            if before.stage is Stage.UNCERTAIN:
                wish.stage = Stage.UNCERTAIN
        self._open[key] = wish
        return True

    def of(self, buffer: Buffer, msgid: str, reaction: str = "") -> Wish | None:
        """The open wish for this state."""
        return self._open.get((buffer, msgid, reaction))

    def labelled(self, label: str) -> Wish | None:
        """The wish that was written with ``label``."""
        return next((wish for wish in self._open.values() if label and label in wish.out), None)

    def settle(self, wish: Wish) -> None:
        """It has happened, or will not."""
        key = (wish.buffer, wish.msgid, wish.reaction)
        if self._open.get(key) is wish:
            del self._open[key]

    def forget(self, buffer: Buffer) -> None:
        """The conversation was closed."""
        for wish in self:
            if wish.buffer is buffer:
                self.settle(wish)

    def absent(self, buffer: Buffer) -> None:
        """History has shown what has happened there: what is uncertain has not, and is written again."""
        for wish in self:
            if wish.buffer is buffer and wish.stage is Stage.UNCERTAIN:
                wish.stage = Stage.QUEUED

    def cut(self) -> None:
        """The connection has ended."""
        for wish in self:
            if wish.out:
                wish.stage, wish.is_again = Stage.UNCERTAIN, True
                wish.out.clear()

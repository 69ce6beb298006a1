"""Deleted messages of a conversation: who deleted what, with bounds (IRCv3 draft/message-redaction)."""

from __future__ import annotations

from typing import NamedTuple

#: Deletions remembered for messages that are not here, or may come again.
MOST = 10_000


class Deletion(NamedTuple):
    """Who deleted a message, and why, "" for no reason."""

    nick: str
    reason: str = ""


class Deletions:
    """Deletions by msgid; of more than `MOST` the first are forgotten."""

    def __init__(self) -> None:
        self._found: dict[str, Deletion] = {}

    def __len__(self) -> int:
        return len(self._found)

    def add(self, msgid: str, deletion: Deletion) -> None:
        """Remember that the message was deleted; who did it first did it."""
        if msgid not in self._found and len(self._found) >= MOST:
            del self._found[next(iter(self._found))]
        self._found.setdefault(msgid, deletion)

    def of(self, msgid: str) -> Deletion | None:
        """Who deleted this message, if anyone."""
        return self._found.get(msgid)

"""What is new in a conversation since one looked, for those who tell it line by line and cannot go back."""

from __future__ import annotations

from chatapp.client.buffer import Buffer, Entry, EntryState

_OPEN = frozenset({EntryState.SENDING, EntryState.WAITING})


class News:
    """Gives each entry once, in the order of the conversation: own messages when their fate is known.

    While history is being fetched nothing is given, since what was missed belongs before what has come since.
    """

    def __init__(self) -> None:
        self._seen: dict[Buffer, int] = {}
        self._open: dict[Buffer, set[Entry]] = {}
        self._is_unsure: set[Buffer] = set()

    def of(self, buffer: Buffer) -> list[Entry]:
        """What is new in ``buffer``, the oldest first."""
        if buffer.is_loading:
            self._is_unsure.add(buffer)
            return []
        fresh = self._everything(buffer) if buffer in self._is_unsure else self._at_the_end(buffer)
        self._is_unsure.discard(buffer)
        waiting = self._open.setdefault(buffer, set())
        given = []
        for entry in fresh:
            if entry.state in _OPEN:
                waiting.add(entry)
            else:
                waiting.discard(entry)
                given.append(entry)
        self._seen[buffer] = max([self._seen.get(buffer, 0), *(entry.key for entry in fresh)])
        return given

    def forget(self, buffer: Buffer) -> None:
        """``buffer`` was closed."""
        self._seen.pop(buffer, None)
        self._open.pop(buffer, None)
        self._is_unsure.discard(buffer)

    def _is_new(self, buffer: Buffer, entry: Entry) -> bool:
        return entry.key > self._seen.get(buffer, 0) or entry in self._open.get(buffer, ())

    def _everything(self, buffer: Buffer) -> list[Entry]:
        return [entry for entry in buffer.entries if self._is_new(buffer, entry)]

    def _at_the_end(self, buffer: Buffer) -> list[Entry]:
        """As `_everything`, where nothing was put among what is old: all that is new is at the end."""
        fresh = []
        for entry in reversed(buffer.entries):
            if self._is_new(buffer, entry):
                fresh.append(entry)
            elif entry.state not in _OPEN:
                break
        return fresh[::-1]

"""What is new in a conversation since one looked, for those who tell it line by line and cannot go back."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from chatapp.client.buffer import Buffer, Entry, EntryState

_OPEN = frozenset({EntryState.SENDING, EntryState.WAITING})


class News:
    """Gives each entry once, in the order of the conversation: own messages when their fate is known.

    While history is being fetched nothing is given, since what was missed belongs before what has come since;
    and of what the server told nothing as long as something is missing before it, also where there is no
    connection.
    """

    def __init__(self) -> None:
        # A conversation that is closed is not kept alive by what was seen of it.
        self._seen: WeakKeyDictionary[Buffer, int] = WeakKeyDictionary()
        self._open: WeakKeyDictionary[Buffer, set[Entry]] = WeakKeyDictionary()
        self._merged: WeakKeyDictionary[Buffer, int] = WeakKeyDictionary()

    def of(self, buffer: Buffer) -> list[Entry]:
        """What is new in ``buffer``, the oldest first."""
        if buffer.is_loading:
            return []
        waiting = self._open.setdefault(buffer, set())
        is_as_before = self._merged.get(buffer, 0) == buffer.merged
        is_as_before = is_as_before and all(entry.state in _OPEN for entry in waiting)
        fresh = self._at_the_end(buffer) if is_as_before else self._everything(buffer)
        self._merged[buffer] = buffer.merged
        given = []
        for entry in fresh:
            if entry.state in _OPEN or (buffer.is_behind and entry.msgid):
                waiting.add(entry)
            else:
                waiting.discard(entry)
                given.append(entry)
        self._seen[buffer] = max([self._seen.get(buffer, 0), *(entry.key for entry in fresh)])
        return given

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

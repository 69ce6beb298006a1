"""What one member has heard of every sender: how much, and what was lost, doubled or out of order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chatapp.bench.text import NUMBERS, SPAN


class Tally:
    """Checks that each sender's numbers rise by one. Messages of senders it was not told of do not count."""

    __slots__ = ("_awaited", "_missing", "disordered", "doubled", "received")

    def __init__(self, senders: Iterable[int]) -> None:
        self._awaited = {sender: sender * SPAN + 1 for sender in senders}
        self._missing: set[int] = set()
        self.received = 0
        self.doubled = 0
        self.disordered = 0

    def copy(self) -> Tally:
        """Another tally that stands where this one stands."""
        twin = Tally(())
        twin._awaited = self._awaited.copy()
        twin._missing = self._missing.copy()
        twin.received, twin.doubled, twin.disordered = self.received, self.doubled, self.disordered
        return twin

    def read(self, data: bytes | bytearray, start: int, end: int) -> None:
        """Take in every message of ``data[start:end]``, which holds whole lines."""
        found = NUMBERS.findall(data, start, end)
        awaited = self._awaited
        for key in map(int, found):
            sender = key // SPAN
            if awaited.get(sender) == key:
                awaited[sender] = key + 1
            else:
                self._note_surprise(sender, key)
        self.received += len(found)

    def _note_surprise(self, sender: int, key: int) -> None:
        awaited = self._awaited.get(sender)
        if awaited is None:
            self.received -= 1
        elif key > awaited:
            self._missing.update(range(awaited, key))
            self._awaited[sender] = key + 1
        elif key in self._missing:
            self._missing.remove(key)
            self.disordered += 1
        else:
            self.doubled += 1

    def heard(self, sender: int) -> int:
        """The highest number heard from ``sender``."""
        return self._awaited[sender] % SPAN - 1

    def lost(self, sent: Mapping[int, int]) -> int:
        """How many messages never came, when each sender has sent so many."""
        unheard = sum(number - self.heard(sender) for sender, number in sent.items())
        return unheard + sum(1 for key in self._missing if key // SPAN in sent)

"""What is taken back: out of the history, and out of what somebody is reading of it at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from chatapp.core.delivery import Delivery
from chatapp.core.ports import Redaction


class Redactions:
    """Who reads the history may have been given by the store what is taken back before they are told it."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._readers: dict[object, set[int]] = {}

    def redact(self, redaction: Redaction) -> None:
        """Have a message that was kept, in this tick or before, be there no more, and be told no more."""
        for gone in self._readers.values():
            gone.add(redaction.stamp)
        self._delivery.redact(redaction)

    @contextmanager
    def noted(self) -> Iterator[set[int]]:
        """The stamps of what is taken back while somebody reads, who does not tell that."""
        reader = object()
        gone = self._readers[reader] = set()
        try:
            yield gone
        finally:
            del self._readers[reader]

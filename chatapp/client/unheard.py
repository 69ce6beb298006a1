"""What was said where the server sends no echo: the answer to a PING behind it tells that it has arrived."""

from __future__ import annotations

from itertools import count

from chatapp.client.outbox import Outbox, Pending


class Unheard:
    """Messages that were written, by the word of the PING that was written behind them."""

    def __init__(self) -> None:
        self._words = count(1)
        self._written: dict[str, list[Pending]] = {}

    def wrote(self, pendings: list[Pending]) -> str:
        """``pendings`` are on the wire: the word of the PING that is to follow them."""
        word = f"said-{next(self._words)}"
        self._written[word] = pendings
        return word

    def arrived(self, word: str, outbox: Outbox) -> list[Pending]:
        """The PING with ``word`` was answered: what has arrived, without what was refused before."""
        written = self._written.pop(word, [])
        waiting = set(outbox) if written else set()
        return [pending for pending in written if pending in waiting]

    def cut(self) -> None:
        """The connection has ended: no answer comes any more."""
        self._written.clear()

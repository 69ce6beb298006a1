"""The table of what the server can say: where a line or a batch meets the function that understands it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chatapp.irc.batch import Batch
from chatapp.irc.line import Line

if TYPE_CHECKING:
    from chatapp.client.session import Session

Hearer = Callable[["Session", Line], None]
BatchHearer = Callable[["Session", Batch], None]

HEARERS: dict[str, Hearer] = {}

#: Batches that are heard as a whole: pages of history, messages of several lines, results of a search.
GATHERED: dict[str, BatchHearer] = {}


def hears(*commands: str) -> Callable[[Hearer], Hearer]:
    """Let the function below hear lines with these commands or numerics.

    Raises:
        ValueError: Another one hears one of them; which of the two did would hang on the order of imports.
    """
    taken = HEARERS.keys() & set(commands)
    if taken:
        raise ValueError(f"heard twice: {', '.join(sorted(taken))}")

    def enter(hearer: Hearer) -> Hearer:
        HEARERS.update(dict.fromkeys(commands, hearer))
        return hearer

    return enter


def gathers(kind: str) -> Callable[[BatchHearer], BatchHearer]:
    """Let the function below hear whole batches of this kind."""

    def enter(hearer: BatchHearer) -> BatchHearer:
        GATHERED[kind] = hearer
        return hearer

    return enter


def hear_batch(session: Session, batch: Batch) -> None:
    """Take in a batch: as a whole where that means something, else line by line."""
    hearer = GATHERED.get(batch.kind)
    if hearer is not None:
        hearer(session, batch)
        return
    for line in batch.lines():
        session.heard(line)

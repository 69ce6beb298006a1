"""Asking the terminal how wide it shows clusters, since terminals differ and a wrong guess spoils the rows.

Each sample is written at the beginning of a row and followed by the question where the cursor is now (DSR 6);
the answers come as key presses, in order. A terminal that does not answer is taken for a modern one.
"""

from __future__ import annotations

from chatapp.client.screen.cells import Traits

#: What is tried, and the cells that it takes where the terminal has the trait, in the order of `Traits`.
_SAMPLES = (
    ("\U0001f468\u200d\U0001f469\u200d\U0001f467", 2),
    ("\U0001f44d\U0001f3fd", 2),
    ("\U0001f1e7\U0001f1f7", 2),
    ("\u2764\ufe0f", 2),
    ("\u2615\ufe0e", 1),
)
#: To be written with the cursor in a row that may get dirty.
QUESTIONS = "".join(f"\r{sample}\x1b[6n" for sample, _cells in _SAMPLES) + "\r"
#: How many answers they bring.
QUESTION_COUNT = len(_SAMPLES)


class Probe:
    """Gathers the answers."""

    def __init__(self) -> None:
        self._columns: list[int] = []

    def hear(self, answer: str) -> Traits | None:
        """Take ``answer``, as ``ESC [ row ; column R``; the traits once all have come."""
        _row, _semicolon, column = answer[2:-1].partition(";")
        if not column.isdecimal() or len(self._columns) == len(_SAMPLES):
            return None
        self._columns.append(int(column) - 1)
        if len(self._columns) < len(_SAMPLES):
            return None
        return Traits(
            *(found == cells for found, (_text, cells) in zip(self._columns, _SAMPLES, strict=True))
        )

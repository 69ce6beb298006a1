"""What is fuzzed: a name, what to do with some bytes, and the words that such bytes are made of."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

#: Inputs that are always tried; each file is one, in the folder of its target.
CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Target:
    """``run`` raises if an input does harm. ``words`` are what its language is made of.

    The first byte of an input says how the network cuts the rest: see `pieces`.
    """

    name: str
    run: Callable[[bytes], None]
    words: tuple[bytes, ...]

    def seeds(self) -> list[Path]:
        """The files of its corpus."""
        return sorted((CORPUS / self.name).glob("*.bin"))


def pieces(data: bytes) -> Iterator[tuple[bytes, float]]:
    """What is behind the first byte of ``data``, cut as that byte says, and the silence after each piece.

    A ``0`` stands for the whole at once, a ``1`` for one byte at a time; any other for a cut by chance.
    """
    manner, text = data[:1], data[1:]
    dice = random.Random(manner)
    if manner == b"0":
        yield text, 0.0
        return
    while text:
        size = 1 if manner == b"1" else dice.choice((1, 2, 3, 7, 40, 200, 1460, 16384))
        yield text[:size], 0.0 if dice.random() < 0.9 else dice.choice((0.05, 0.3, 2.0))
        text = text[size:]

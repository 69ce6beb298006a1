"""Where inputs come from: what is known is changed a little, or put together anew from words. Seeded."""

from __future__ import annotations

import random
from collections.abc import Sequence

#: Longer inputs tell nothing new, and take long.
MOST_BYTES = 40_000
_NUMBERS = (b"0", b"-1", b"1", b"255", b"65535", b"4294967296", b"9" * 30, b"1e999", b"0x10")
_BYTES = b"\0\x01\x1b\r\n \t:@!,;=*\x7f\x80\x9b\xc3\xff"
_TEXTS = (
    "é".encode(),
    "\u202e".encode(),
    "\U0001f389".encode(),
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x1b[2J",
    b"\x1b]0;x\x07",
    b"%s",
    b"{0}",
    b"\r\n",
    b"\r\n\r\n",
)


class Generator:
    """Makes inputs from ``seeds`` and ``words``; the same ``dice`` make the same."""

    def __init__(self, seeds: Sequence[bytes], words: Sequence[bytes], dice: random.Random) -> None:
        self._seeds = list(seeds) or [b"0"]
        self._words = list(words)
        self._dice = dice

    def next(self) -> bytes:
        """One more input."""
        dice = self._dice
        data = bytearray(self._sentences() if dice.random() < 0.4 else dice.choice(self._seeds))
        for _ in range(dice.choice((0, 1, 1, 2, 3, 5, 9))):
            dice.choice(_CHANGES)(self, data)
        if dice.random() < 0.5:
            data[:1] = bytes([dice.choice(b"01") if dice.random() < 0.6 else dice.randrange(256)])
        return bytes(data[:MOST_BYTES])

    def _sentences(self) -> bytes:
        dice = self._dice
        rows = [
            b" ".join(dice.choices(self._words, k=dice.choice((1, 2, 3, 4, 6))))
            for _ in range(dice.choice((1, 2, 5, 20)))
        ]
        return b"0" + dice.choice((b"\r\n", b"\n")).join(rows) + dice.choice((b"\r\n", b"\n", b""))

    def _place(self, data: bytearray) -> int:
        return self._dice.randrange(len(data) + 1)

    def _span(self, data: bytearray) -> slice:
        start = self._place(data)
        return slice(start, start + self._dice.choice((1, 2, 5, 20, 200)))

    def _set(self, data: bytearray) -> None:
        if data:
            data[self._dice.randrange(len(data))] = self._dice.randrange(256)

    def _flip(self, data: bytearray) -> None:
        if data:
            data[self._dice.randrange(len(data))] ^= 1 << self._dice.randrange(8)

    def _put_word(self, data: bytearray) -> None:
        at = self._place(data)
        data[at:at] = self._dice.choice((b"", b" ")) + self._dice.choice(self._words)

    def _put_odd(self, data: bytearray) -> None:
        at = self._place(data)
        odd = self._dice.choice((*_NUMBERS, *_TEXTS, bytes([self._dice.choice(_BYTES)])))
        data[at:at] = odd

    def _cut_out(self, data: bytearray) -> None:
        del data[self._span(data)]

    def _double(self, data: bytearray) -> None:
        span = self._span(data)
        times = self._dice.choice((1, 2, 5, 60, 600))
        at = self._place(data)
        data[at:at] = (bytes(data[span]) * times)[:MOST_BYTES]

    def _splice(self, data: bytearray) -> None:
        other = self._dice.choice(self._seeds)
        data[self._place(data) :] = other[self._dice.randrange(len(other) + 1) :]

    def _truncate(self, data: bytearray) -> None:
        del data[self._place(data) :]

    def _noise(self, data: bytearray) -> None:
        at = self._place(data)
        data[at:at] = self._dice.randbytes(self._dice.choice((1, 2, 4, 16, 100)))


_CHANGES = (
    Generator._set,
    Generator._flip,
    Generator._put_word,
    Generator._put_word,
    Generator._put_odd,
    Generator._put_odd,
    Generator._cut_out,
    Generator._double,
    Generator._splice,
    Generator._truncate,
    Generator._noise,
)

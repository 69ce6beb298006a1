"""Somebody who types at random moments, and an eye on the input row: how soon, and is it ever wrong."""

from __future__ import annotations

import random
import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass, field

from bench.terminal_glass import Glass
from bench.terminal_pty import Pty

#: Keys after which the line is cleared with Ctrl-U.
_LINE = 40
_CLEAR = "\x15"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NUMBER = re.compile(r"\bm([0-9]{7})\b")


class InputRow:
    """What the input row has to show: the prompt and one of the states that were typed, never an older one.

    A row is *late* as long as it shows an earlier state; it is *wrong* when it shows none, or one that had
    been followed by another already.
    """

    def __init__(self, prompt: str) -> None:
        self.delays: list[float] = []
        self._prompt = prompt
        self._states = [prompt]
        self._pressed = [0.0]
        self._shown = 0

    def pressed(self, moment: float, typed: str) -> None:
        """A key was typed, and the line is ``typed`` now."""
        self._states.append(f"{self._prompt} {typed}".rstrip())
        self._pressed.append(moment)

    def is_right(self, row: str) -> bool:
        """Whether ``row`` may be seen now."""
        return row in self._states[self._shown :]

    def saw(self, moment: float, row: str) -> bool:
        """``row`` was on the screen at ``moment``; whether it is right."""
        if row == self._states[self._shown] and row != self._states[-1]:
            return True
        try:
            found = self._states.index(row, self._shown)
        except ValueError:
            return False
        for number in range(self._shown + 1, found + 1):
            self.delays.append(moment - self._pressed[number])
        self._shown = found
        return True

    @property
    def is_late(self) -> bool:
        """Whether something typed has not been seen yet."""
        return self._shown < len(self._states) - 1

    def give_up(self, moment: float) -> int:
        """Count what has never been seen as seen only now; how many keys those are."""
        missing = self._pressed[self._shown + 1 :]
        self.delays += [moment - pressed for pressed in missing]
        self._shown = len(self._states) - 1
        return len(missing)


@dataclass
class Emitted:
    """When each message was sent: ``lasts`` is the last number of each write, ``moments`` its time."""

    lasts: array[int] = field(default_factory=lambda: array("q"))
    moments: array[float] = field(default_factory=lambda: array("d"))

    def add(self, last: int, moment: float) -> None:
        """A write ended with the message ``last``."""
        self.lasts.append(last)
        self.moments.append(moment)

    def moment(self, number: int) -> float:
        """When the message ``number`` was sent."""
        return self.moments[bisect_left(self.lasts, number)]


class Watcher:
    """Looks at every picture: the input row, and the newest message that can be read."""

    def __init__(self, pty: Pty, prompt: str) -> None:
        self.row = InputRow(prompt)
        self.samples = self.wrong = self.torn = 0
        #: (number, moment) of each message that was the newest when it was first seen.
        self.seen: list[tuple[int, float]] = []
        self.newest = 0
        self.wrong_rows: list[str] = []
        pty.on_look = self._look

    def _look(self, moment: float, glass: Glass) -> None:
        row = glass.row(-1)
        self.samples += 1
        if glass.is_held:
            self.torn += not self.row.is_right(row)
            return
        if not self.row.saw(moment, row):
            self.torn += 1
            self.wrong += 1
            self.wrong_rows.append(row)
        for number in range(glass.lines - 2, -1, -1):
            found = _NUMBER.search(glass.row(number))
            if found is None:
                continue
            if int(found[1]) > self.newest:
                self.newest = int(found[1])
                self.seen.append((self.newest, moment))
            return


class Typist:
    """Types letters at random moments, ``keys_per_second`` on average; the same for the same ``seed``."""

    def __init__(self, pty: Pty, row: InputRow, keys_per_second: float, seed: int) -> None:
        self._pty = pty
        self._row = row
        self._rate = keys_per_second
        self._dice = random.Random(seed)
        self._typed = ""

    def type_until(self, begin: float, end: float) -> None:
        """Type from ``begin`` to ``end`` of the monotonic clock, and read all the while."""
        moment = begin
        while True:
            moment += min(self._dice.expovariate(self._rate), 0.25)
            self._pty.read_until(min(moment, end))
            if moment >= end or self._pty.has_ended:
                return
            self._press()

    def _press(self) -> None:
        if len(self._typed) >= _LINE:
            key, self._typed = _CLEAR, ""
        else:
            key = self._dice.choice(_LETTERS)
            self._typed += key
        typed = self._typed
        moment = self._pty.press(key)
        self._pty.note(lambda: self._row.pressed(moment, typed))

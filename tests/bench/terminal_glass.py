"""A terminal's screen for the harness: bytes in, rows of text out; as quick as Python can be about it.

It knows what terminal programs write (the tests hold it to `pyte`), and looks at text only: colours are read
over. `pyte` spends ten times as long, which would be felt in what is measured.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from wcwidth import iter_graphemes, wcswidth, wcwidth

_PIECE = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[(?P<private>[<=>?]?)(?P<numbers>[0-9;:]*)(?P<middle>[ -/]*)(?P<final>[@-~])"
    r"|\x1b[\]PX^_](?:[^\x07\x1b]|\x1b(?!\\))*?(?:\x07|\x1b\\)"
    r"|\x1b[ #%()*+./-].|\x1b(?P<escape>[0-Z\\`-~])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f-\x9f])",
    re.DOTALL,
)


def _pieces(text: str) -> Iterator[re.Match[str]]:
    """What follows each other in ``text``, up to a sequence that has no end yet."""
    at = 0
    while piece := _PIECE.match(text, at):
        yield piece
        at = piece.end()


class Glass:
    """``columns`` x ``lines`` cells. ``x`` and ``y`` are the cursor's, from 0.

    ``is_held`` is true within a synchronised update (``CSI ? 2026 h``): a terminal that knows it shows the
    picture of before. With ``joins`` it is a terminal of today, which gives a grapheme cluster its place as a
    whole; without, each code point has its own, as in older ones.
    """

    def __init__(self, columns: int, lines: int, joins: bool = False) -> None:
        self.columns, self.lines = columns, lines
        self._joins = joins
        self.is_held = False
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""
        self._last = " "
        self._clear()

    def feed(self, data: bytes) -> None:
        """Take in what a program has written, cut anywhere."""
        text = self._rest + self._decode(data)
        at = 0
        for piece in _pieces(text):
            at = piece.end()
            kind = piece.lastgroup
            if kind == "text":
                self._write(piece[0])
            elif kind == "final":
                self._sequence(piece["private"], piece["numbers"], piece["middle"], piece["final"])
            elif kind == "escape":
                self._escape(piece[0][-1])
            elif kind == "control":
                self._control(piece[0])
        self._rest = text[at:]

    def row(self, number: int) -> str:
        """The text of a row; -1 is the last. Without the blanks at its end."""
        return "".join(self._rows[number]).rstrip()

    def column_of(self, char: str, row: int = -1) -> int:
        """The cell in which ``char`` stands last in a row, -1 if it is not there."""
        return max((x for x, cell in enumerate(self._rows[row]) if cell == char), default=-1)

    @property
    def text(self) -> str:
        """All rows."""
        return "\n".join(self.row(number) for number in range(self.lines))

    def _clear(self) -> None:
        self._rows = [[" "] * self.columns for _line in range(self.lines)]
        self.x = self.y = self._top = 0
        self._bottom = self.lines - 1
        self._saved = (0, 0)
        self._inserts = False

    def _write(self, text: str) -> None:
        if not text.isascii():
            self._write_wide(text)
            return
        while text:
            if self.x >= self.columns:
                self.x = 0
                self._down()
            part = text[: self.columns - self.x]
            self._put(list(part))
            text = text[len(part) :]

    def _write_wide(self, text: str) -> None:
        for char in iter_graphemes(text) if self._joins else text:
            width = wcswidth(char) if self._joins else wcwidth(char)
            if width < 1:
                self._add_mark(char)
                continue
            if self.x + width > self.columns:
                self.x = 0
                self._down()
            self._put([char] + [""] * (width - 1))

    def _put(self, cells: list[str]) -> None:
        row, end = self._rows[self.y], self.x + len(cells)
        row[self.x : self.x if self._inserts else end] = cells
        del row[self.columns :]
        self._last = cells[0] if len(cells) == 1 else cells[-1]
        self.x = end

    def _add_mark(self, mark: str) -> None:
        """Put what takes no place of its own onto what stands before the cursor."""
        row = self._rows[self.y]
        before = next((x for x in range(self.x - 1, -1, -1) if row[x]), None)
        if before is not None:
            row[before] += mark

    def _down(self) -> None:
        if self.y == self._bottom:
            self._scroll(self._top, 1)
        elif self.y < self.lines - 1:
            self.y += 1

    def _up(self) -> None:
        if self.y == self._top:
            self._scroll(self._top, -1)
        elif self.y:
            self.y -= 1

    def _scroll(self, top: int, count: int) -> None:
        """Move the rows from ``top`` to the region's end up by ``count``, or down if that is negative."""
        for _line in range(min(abs(count), self.lines)):
            blank = [" "] * self.columns
            if count > 0:
                del self._rows[top]
                self._rows.insert(self._bottom, blank)
            else:
                del self._rows[self._bottom]
                self._rows.insert(top, blank)

    def _control(self, char: str) -> None:
        if char == "\r":
            self.x = 0
        elif char in "\n\x0b\x0c":
            self._down()
        elif char == "\b":
            self.x = max(min(self.x, self.columns - 1) - 1, 0)
        elif char == "\t":
            self.x = min(self.x // 8 * 8 + 8, self.columns - 1)

    def _escape(self, final: str) -> None:
        if final == "D":
            self._down()
        elif final == "M":
            self._up()
        elif final == "E":
            self.x = 0
            self._down()
        elif final == "7":
            self._saved = (self.x, self.y)
        elif final == "8":
            self.x, self.y = self._saved
        elif final == "c":
            self._clear()

    def _sequence(self, private: str, words: str, middle: str, final: str) -> None:
        if middle:
            return
        if private:
            if private == "?" and final in "hl":
                self._mode(words.split(";"), final == "h")
            return
        if final in "mnctq":
            return
        numbers = [int(word) if word.isdecimal() else 0 for word in words.split(";")]
        first = max(numbers[0], 1)
        if final in "Hf":
            self.y = min(first, self.lines) - 1
            self.x = min(max(numbers[1], 1) if len(numbers) > 1 else 1, self.columns) - 1
        elif final in "ABCDEFGd`ae":
            self._move(final, first)
        elif final in "JK":
            self._erase(final, numbers[0])
        elif final in "@PXLMSTb":
            self._edit(final, first)
        elif final == "r":
            last = numbers[1] if len(numbers) > 1 and numbers[1] else self.lines
            self._top, self._bottom = first - 1, min(last, self.lines) - 1
            self.x = self.y = 0
        elif final in "hl":
            self._inserts = (final == "h") if 4 in numbers else self._inserts

    def _mode(self, modes: list[str], is_set: bool) -> None:
        if "2026" in modes:
            self.is_held = is_set
        if "1049" in modes or "47" in modes or "1047" in modes:
            self._clear()

    def _move(self, final: str, count: int) -> None:
        x, y = min(self.x, self.columns - 1), self.y
        if final in "AF":
            y = max(y - count, self._top if y >= self._top else 0)
        elif final in "BEe":
            y = min(y + count, self._bottom if y <= self._bottom else self.lines)
        elif final in "Ca":
            x += count
        elif final == "D":
            x -= count
        elif final in "G`":
            x = count - 1
        elif final == "d":
            y = count - 1
        if final in "EF":
            x = 0
        self.x, self.y = max(0, min(x, self.columns - 1)), max(0, min(y, self.lines - 1))

    def _erase(self, final: str, how: int) -> None:
        row, x = self._rows[self.y], min(self.x, self.columns - 1)
        start, end = (x if how == 0 else 0), (x + 1 if how == 1 else self.columns)
        row[start:end] = [" "] * (end - start)
        if final == "J":
            for y in range(self.y + 1 if how == 0 else 0, self.y if how == 1 else self.lines):
                self._rows[y] = [" "] * self.columns

    def _edit(self, final: str, count: int) -> None:
        row, x = self._rows[self.y], min(self.x, self.columns - 1)
        count = min(count, 10_000)
        if final == "@":
            row[x:x] = [" "] * min(count, self.columns)
            del row[self.columns :]
        elif final == "P":
            del row[x : x + count]
            row += [" "] * (self.columns - len(row))
        elif final == "X":
            row[x : x + count] = [" "] * len(row[x : x + count])
        elif final in "LM":
            if self._top <= self.y <= self._bottom:
                self._scroll(self.y, count if final == "M" else -count)
                self.x = 0
        elif final in "ST":
            self._scroll(self._top, count if final == "S" else -count)
        elif final == "b":
            self._write(self._last * min(count, self.columns * self.lines))

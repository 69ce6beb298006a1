"""How far long work is: one calm line on a terminal that is gone in the end, nothing elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
import time
from gettext import gettext as _
from typing import TextIO

_MEGABYTE = 1_000_000
#: Seconds between two looks of the line.
_INTERVAL = 0.2


class ProgressLine:
    """Tells on ``out`` (stderr), if that is a terminal, what is being done; leaves an empty line behind."""

    def __init__(self, out: TextIO | None = None, *, is_wanted: bool = True) -> None:
        self._out = sys.stderr if out is None else out
        self._is_shown = is_wanted and self._out.isatty() and os.environ.get("TERM") != "dumb"
        self._words = ""
        self._next = 0.0

    def show(self, words: str, done: int = 0, whole: int = 0) -> None:
        """Tell that ``words`` goes on, and how much of it is done, in bytes. May be called very often."""
        if not self._is_shown or (words == self._words and time.monotonic() < self._next):
            return
        self._words, self._next = words, time.monotonic() + _INTERVAL
        row = f"{words} ..."
        if whole:
            row = _("{work} ... {share} of {size} MB").format(
                work=words, share=f"{100 * done // whole} %", size=-(-whole // _MEGABYTE)
            )
        self._write(row)

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._is_shown and self._words:
            self._write("")

    def _write(self, row: str) -> None:
        columns = shutil.get_terminal_size().columns - 1
        self._out.write(f"\r\x1b[K{row[:columns]}")
        self._out.flush()

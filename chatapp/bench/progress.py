"""How far a run is, in one calm line on the terminal; where there is no terminal, nothing."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from types import TracebackType
from typing import Self, TextIO

_REDRAWN_EVERY = 0.25
_BAR = 20


def draw(about: str, doing: str, elapsed: float, seconds: float, width: int) -> str:
    """The line: what is measured, what it is doing, and a bar where it is known to take ``seconds``."""
    words = " · ".join(part for part in (about, doing) if part)
    if seconds:
        full = min(_BAR, int(_BAR * elapsed / seconds))
        words += f"  [{'#' * full}{'-' * (_BAR - full)}] {min(elapsed, seconds):.0f}/{seconds:g} s"
    elif elapsed >= 1:
        words += f"  {elapsed:.0f} s"
    return words[: max(0, width - 1)]


class Progress:
    """Shows what has begun last, and how long ago, on ``stream`` while the ``with`` lasts.

    It looks ``every`` so many seconds, and writes when there is something new to show.
    """

    def __init__(self, stream: TextIO | None = None, every: float = _REDRAWN_EVERY) -> None:
        self._every = every
        self._stream = stream if stream and stream.isatty() else None
        self._about = self._doing = self._shown = ""
        self._seconds = 0.0
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def announce(self, about: str) -> None:
        """Say what is measured from here on: which of several runs, say."""
        self._about = about

    def begin(self, doing: str, seconds: float = 0) -> None:
        """Say what is done from here on, and how many ``seconds`` it will take if that is known."""
        self._doing, self._seconds, self._began = doing, seconds, time.monotonic()

    def __enter__(self) -> Self:
        if self._stream:
            self._thread = threading.Thread(target=self._redraw, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()
            self._show("")

    def _redraw(self) -> None:
        while not self._ended.wait(self._every):
            elapsed = time.monotonic() - self._began
            width = shutil.get_terminal_size().columns
            self._show(draw(self._about, self._doing, elapsed, self._seconds, width))

    def _show(self, line: str) -> None:
        if self._stream and line != self._shown:
            self._shown = line
            self._stream.write(f"\r{line}\x1b[K")
            self._stream.flush()


#: Shows nothing.
SILENT = Progress()


def on_terminal() -> Progress:
    """A progress line beside what is printed, if somebody is there to read it."""
    return Progress(sys.stderr)

"""Walking through what was said before in a room, without losing what is half typed (pure)."""

from __future__ import annotations

#: What about fits into a line beside its command and source.
_LINE_BYTES = 400


class HistoryWalk:
    """A place in a room's input history; each line keeps what was changed in it until something is sent."""

    def __init__(self) -> None:
        self._changed: dict[int, str] = {}
        self._at: int | None = None

    def older(self, history: list[str], text: str) -> str | None:
        """The line before, ``text`` being what stands in the input now; None at the beginning."""
        return self._go(history, text, -1)

    def newer(self, history: list[str], text: str) -> str | None:
        """The line after; after the last comes what was typed before the walk began. None at the end."""
        return self._go(history, text, +1)

    def _go(self, history: list[str], text: str, step: int) -> str | None:
        at = len(history) if self._at is None else min(self._at, len(history))
        if not 0 <= at + step <= len(history):
            return None
        self._changed[at] = text
        self._at = at + step
        if self._at in self._changed:
            return self._changed[self._at]
        return history[self._at] if self._at < len(history) else ""


def count_lines(text: str) -> int:
    """About how many lines would be sent: those that hold something, long ones cut as the protocol asks."""
    lines = [line for line in text.split("\n") if line.strip()]
    return sum(1 + len(line.encode("utf-8", "replace")) // _LINE_BYTES for line in lines)


def sendable(text: str) -> str:
    """``text`` as it may be sent: line feeds between lines, no NUL, nothing empty at its end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").rstrip("\n")

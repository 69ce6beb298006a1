"""Messages of several lines: cut for the wire, and put together again (IRCv3 draft/multiline)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from chatapp.irc import caps
from chatapp.irc.batch import Batch
from chatapp.irc.line import Line
from chatapp.irc.text import split_message

#: Lines and bytes in one message where the server names no limit.
_MOST_LINES, _MOST_BYTES = 100, 4096


class Limits(NamedTuple):
    """What one message may hold at most: bytes of UTF-8, line feeds included, and lines of the protocol."""

    bytes: int
    lines: int


def parse_limits(value: str) -> Limits | None:
    """Read the value of the capability, ``max-bytes=4096,max-lines=32``; ``None`` where it allows nothing."""
    found = dict(token.partition("=")[::2] for token in value.split(","))
    limits = Limits(
        _number(found.get("max-bytes", ""), _MOST_BYTES), _number(found.get("max-lines", ""), _MOST_LINES)
    )
    return limits if limits.bytes >= 4 and limits.lines >= 1 else None


def divide(text: str, room: int, limits: Limits | None) -> list[str]:
    """Cut ``text`` into messages that can be sent: with ``limits`` as few as possible, else a line each.

    ``room`` is how many bytes a line of the protocol has for a text. Together the messages say all that is
    not blank, in order; each of them divided again is itself.
    """
    if limits is None or "\n" not in text:
        lines = [line for line in text.split("\n") if line.strip()]
        if limits is None or not lines:
            return [part for line in lines for part in split_message(line, room) if part.strip()]
    messages: list[str] = []
    open_lines: list[str] = []
    count = size = 0
    for line in text.split("\n"):
        length, parts = len(line.encode()), len(split_message(line, room)) or 1
        if open_lines and (count + parts > limits.lines or size + 1 + length > limits.bytes):
            messages.append("\n".join(open_lines))
            open_lines, count, size = [], 0, 0
        if parts > limits.lines or length > limits.bytes:
            messages += _pieces(line, room, limits)
            continue
        size += length + (1 if open_lines else 0)
        count += parts
        open_lines.append(line)
    messages.append("\n".join(open_lines))
    return [trimmed for message in messages if (trimmed := _without_blank_ends(message))]


def wire_lines(text: str, room: int) -> Iterator[tuple[str, bool]]:
    """The lines of a batch that say ``text``, and whether each goes on in the line before."""
    for line in text.split("\n"):
        for number, part in enumerate(split_message(line, room) or [""]):
            yield part, number > 0


def is_one_line(text: str, room: int) -> bool:
    """Whether ``text`` needs no batch."""
    return "\n" not in text and len(text.encode()) <= room


def whole_message(batch: Batch) -> Line | None:
    """The message that a batch is, as one line with line feeds in its text; ``None`` if nothing is in it."""
    lines = list(batch.lines())
    if not lines:
        return None
    text = ""
    for number, line in enumerate(lines):
        text += ("\n" if number and caps.MULTILINE_CONCAT not in line.tags else "") + line.param(1)
    first = lines[0]
    target = batch.params[0] if batch.params else first.param(0)
    return Line(first.command, [target, text], batch.source or first.source, {**first.tags, **batch.tags})


def _pieces(line: str, room: int, limits: Limits) -> list[str]:
    """A line that is too long for one message, as several."""
    pieces = [""]
    count = 0
    for part in split_message(line, min(room, limits.bytes)):
        if count == limits.lines or len((pieces[-1] + part).encode()) > limits.bytes:
            pieces.append("")
            count = 0
        pieces[-1] += part
        count += 1
    return pieces


def _without_blank_ends(text: str) -> str:
    """``text`` without the blank lines before and after it."""
    lines = text.split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    while lines and not lines[-1].strip():
        del lines[-1]
    return "\n".join(lines)


def _number(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else default

"""A message of several lines: said, kept and told as one (IRCv3 draft/multiline).

Its body is the whole first line, as for any message, and behind it the texts of the others, each after a line
feed and a mark: a blank for a line of its own, ``>`` for one that goes on where the line before it ends. No
other body holds a line feed, so whoever reads a body back knows which kind it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from chatapp.core.errors import Failed, Refused
from chatapp.irc.caps import MULTILINE_CONCAT
from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import Line
from chatapp.irc.numerics import ERR_INPUTTOOLONG

NEW, CONCAT = " ", ">"


class Limits(NamedTuple):
    """How much one message may hold: bytes of text, the line feeds between lines counted, and lines."""

    max_bytes: int
    max_lines: int


class Part(NamedTuple):
    """One line of a message, whole, and whether it goes on where the one before it ends."""

    body: str
    is_concat: bool


class ClientBatch:
    """What a client has said of a message so far. ``texts`` are marked, the first one too.

    Once ``is_void`` the rest of it is passed over: the client was told why, once.
    """

    __slots__ = ("command", "is_void", "label", "reference", "size", "tags", "target", "texts")

    def __init__(self, reference: str, target: str, tags: Mapping[str, str], label: str) -> None:
        self.reference = reference
        self.target = target
        self.tags = tags
        self.label = label
        self.command = ""
        self.texts: list[str] = []
        self.size = 0
        self.is_void = False

    def take(self, line: Line, limits: Limits, fold: Callable[[str], str]) -> None:
        """Add ``line``.

        Raises:
            Failed: It does not belong here, or makes the message too long.
        """
        self._check(line, fold)
        text = line.param(1)
        is_concat = MULTILINE_CONCAT in line.tags
        if is_concat and not text:
            raise invalid("A blank line goes on with nothing")
        self.command = line.command
        self.size += len(text.encode()) + (bool(self.texts) and not is_concat)
        self.texts.append((CONCAT if is_concat else NEW) + text)
        if len(self.texts) > limits.max_lines:
            raise Failed("BATCH", "MULTILINE_MAX_LINES", str(limits.max_lines), text="Too many lines")
        if self.size > limits.max_bytes:
            raise Failed("BATCH", "MULTILINE_MAX_BYTES", str(limits.max_bytes), text="Too many bytes")

    def finish(self) -> tuple[str, ...]:
        """The lines to say: the first without a mark, the others with theirs.

        Raises:
            Failed: There is nothing to say.
        """
        if not any(text[1:] for text in self.texts):
            raise invalid("A message has text")
        return (self.texts[0][1:], *self.texts[1:])

    def _check(self, line: Line, fold: Callable[[str], str]) -> None:
        if line.tags.get("batch") != self.reference:
            raise invalid("There is no such batch open")
        if line.command not in ("PRIVMSG", "NOTICE") or self.command not in ("", line.command):
            raise invalid("A message is of PRIVMSG alone, or of NOTICE alone")
        if fold(line.param(0)) != fold(self.target):
            about = (self.target or "*", line.param(0) or "*")
            raise Failed("BATCH", "MULTILINE_INVALID_TARGET", *about, text="The batch has another target")


def invalid(text: str) -> Failed:
    """``FAIL BATCH MULTILINE_INVALID``: what is wrong with a client's batch, in words."""
    return Failed("BATCH", "MULTILINE_INVALID", text=text)


def add_lines(body: str, marked: Sequence[str]) -> str:
    """``body``, a line with a text, with more lines behind it.

    Raises:
        Refused: One of them would not fit in a line when it is relayed.
    """
    room = BODY_BYTES - 2 - len(_head(body).encode())
    if any(len(text.encode()) - 1 > room for text in marked):
        raise Refused(ERR_INPUTTOOLONG)
    return "\n".join((body, *marked))


def parts(body: str) -> list[Part]:
    """The lines of a body that `add_lines` made, each with source, command and target."""
    first, *marked = body.split("\n")
    head = _head(first)
    return [Part(first, False), *(Part(head + text[1:], text[0] == CONCAT) for text in marked)]


def is_blank(part: Part) -> bool:
    """Whether there is no text in it."""
    return part.body.endswith(" :") and part.body == _head(part.body)


def text_of(body: str) -> str:
    """What is said in a PRIVMSG or NOTICE, as one text with line feeds."""
    first, *marked = body.split("\n")
    joined = (text[1:] if text[0] == CONCAT else f"\n{text[1:]}" for text in marked)
    return first.partition(" :")[2] + "".join(joined)


def _head(line: str) -> str:
    """What stands before the text of a line."""
    return line.partition(" :")[0] + " :"

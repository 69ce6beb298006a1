"""The parts of a line as places in its bytes, so that one can point at them (Modern IRC "Message format").

It reads as `chatapp.irc.line.parse_line` does, and goes on where that refuses: nothing here raises.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

_WORD = re.compile(rb"[^ ]+")
_TAG = re.compile(rb"[^;]+")


class Part(Enum):
    """What a field of a line is."""

    TAG = auto()
    SOURCE = auto()
    COMMAND = auto()
    PARAM = auto()


class Field(NamedTuple):
    """A field is ``line[start:end]``, without the ``@``, ``:`` or blank before it."""

    part: Part
    start: int
    end: int


def body_of(line: bytes) -> bytes:
    """``line`` without its ending."""
    return line.removesuffix(b"\n").rstrip(b"\r")


def dissect(line: bytes) -> list[Field]:
    """Find the fields of ``line`` in their order; there is no COMMAND where the line has none."""
    body = body_of(line)
    fields = []
    at = 0
    if body[:1] == b"@":
        end = body.find(b" ")
        at = len(body) if end < 0 else end
        fields += [Field(Part.TAG, *tag.span()) for tag in _TAG.finditer(body, 1, at)]
    while body[at : at + 1] == b" ":
        at += 1
    colon = body.find(b" :", at)
    head = len(body) if colon < 0 else colon
    words = [word.span() for word in _WORD.finditer(body, at, head)]
    if words and body[words[0][0]] == ord(":"):
        start, end = words.pop(0)
        fields.append(Field(Part.SOURCE, start + 1, end))
    if not words:
        return fields
    fields.append(Field(Part.COMMAND, *words[0]))
    fields += [Field(Part.PARAM, *word) for word in words[1:]]
    if colon >= 0:
        fields.append(Field(Part.PARAM, colon + 2, len(body)))
    return fields


def command_of(line: bytes, fields: list[Field]) -> str:
    """The command in capitals, "" where there is none."""
    word = next((line[field.start : field.end] for field in fields if field.part is Part.COMMAND), b"")
    text = word.decode("utf-8", "replace")
    return text.upper() if text.isascii() else text


def params_of(fields: list[Field]) -> list[Field]:
    """The parameters alone."""
    return [field for field in fields if field.part is Part.PARAM]

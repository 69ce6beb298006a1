"""Which bytes make which character (UTF-8, RFC 3629), and a face for those that have none."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from chatapp.irc.visible import visible

_FACES = {
    "\r": "CR",
    "\n": "LF",
    "\t": "TAB",
    " ": "␣",
    "\x00": "NUL",
    "\x1b": "ESC",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\ufe0e": "VS15",
    "\ufe0f": "VS16",
    "\ufeff": "BOM",
}
_DOTTED_CIRCLE = "\u25cc"
_FLAG_LETTERS = 0x1F1E6


class Character(NamedTuple):
    """The bytes ``data[start:end]``; ``char`` is "" for a byte that belongs to no character."""

    start: int
    end: int
    char: str


def characters(data: bytes) -> list[Character]:
    """Every byte of ``data`` in exactly one character, in their order."""
    found = []
    at = 0
    while at < len(data):
        end = at + _length(data[at])
        try:
            found.append(Character(at, end, data[at:end].decode()))
        except UnicodeDecodeError:
            end = at + 1
            found.append(Character(at, end, ""))
        at = end
    return found


def lead_bits(byte: int) -> int:
    """How many bits at the beginning of ``byte`` say what part of a character it is."""
    if byte < 0x80:
        return 1
    return 2 if byte < 0xC0 else 3 if byte < 0xE0 else 4 if byte < 0xF0 else 5


def face(char: str) -> str:
    """``char`` as it can stand alone in a table: short, safe and seen."""
    if not char:
        return "?"
    if char in _FACES:
        return _FACES[char]
    if 0 <= ord(char) - _FLAG_LETTERS < 26:
        return f"[{chr(ord('A') + ord(char) - _FLAG_LETTERS)}]"
    if unicodedata.category(char) in ("Mn", "Me", "Mc"):
        return _DOTTED_CIRCLE + char
    shown = visible(char)
    return shown if shown and shown.isprintable() else code_point(char)


def code_point(char: str) -> str:
    """``U+00E1``."""
    return f"U+{ord(char):04X}"


def name_of(char: str) -> str:
    """What Unicode calls ``char``, "" where it has no name."""
    return unicodedata.name(char, "")


def _length(lead: int) -> int:
    """How many bytes a character takes that begins with the byte ``lead``."""
    return 1 if lead < 0xC0 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4

"""What is said: cut at a byte limit, CTCP, formatting codes, accents."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from chatapp.irc.line import UnsafeLine

CTCP = "\x01"

#: How far back a cut looks for the beginning of what is shown as one character.
_LONGEST_CLUSTER = 32
_ZWJ = "\u200d"
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
#: What continues an emoji though it is no mark: skin tones, and the letters within some flags.
_EMOJI_PARTS = frozenset(map(chr, [0x200D, *range(0x1F3FB, 0x1F400), *range(0xE0020, 0xE0080)]))

_CODE = re.compile(
    "\x03(?:([0-9]{1,2})(?:,([0-9]{1,2}))?)?"
    "|\x04(?:([0-9A-Fa-f]{6})(?:,([0-9A-Fa-f]{6}))?)?"
    "|[\x02\x0f\x11\x16\x1d\x1e\x1f]"
)
_TOGGLES = {
    "\x02": "bold",
    "\x1d": "italic",
    "\x1f": "underline",
    "\x1e": "strike",
    "\x11": "monospace",
    "\x16": "reverse",
}
_DEFAULT_COLOR = 99


def cut_bytes(text: str, limit: int) -> str:
    """The longest beginning of ``text`` with at most ``limit`` bytes of UTF-8, whole characters only.

    A letter keeps its marks and an emoji its parts, unless these alone are longer than 32 characters.
    """
    at = _fitting(text, limit)
    if at == len(text):
        return text
    for start in range(at, max(at - _LONGEST_CLUSTER, -1), -1):
        if not _is_inside_cluster(text, start):
            return text[:start]
    return text[:at]


def split_message(text: str, limit: int) -> list[str]:
    """Cut ``text`` into parts of 1 to ``limit`` bytes of UTF-8, after a blank where a part has one.

    The parts put together are ``text`` again, blank for blank; no text gives no parts.

    Raises:
        ValueError: ``limit`` is under 4, the longest that a character can be.
    """
    if limit < 4:
        raise ValueError("a part must have room for any character: 4 bytes")
    parts = []
    start = 0
    while start < len(text):
        rest = text[start : start + limit + 1]
        # What is shown as one character may be longer than a part; then it is cut in the middle.
        part = cut_bytes(rest, limit) or rest[: _fitting(rest, limit)]
        if len(part) < len(rest) and (blank := part.rfind(" ")) >= 0:
            part = part[: blank + 1]
        parts.append(part)
        start += len(part)
    return parts


def parse_ctcp(text: str) -> tuple[str, str] | None:
    """The command, in capitals, and the text of a CTCP message; ``None`` if it is not one.

    The closing delimiter may be missing (draft-oakley-irc-ctcp-02, section 2).
    """
    if text[:1] != CTCP:
        return None
    command, _, rest = text[1:].removesuffix(CTCP).partition(" ")
    return (command.upper(), rest) if command else None


def format_ctcp(command: str, text: str = "") -> str:
    """Write a CTCP message.

    Raises:
        UnsafeLine: A delimiter is in it, or the command is not one word.
    """
    if not command or " " in command or CTCP in command + text:
        raise UnsafeLine(f"{command!r} with this text cannot be a CTCP message")
    return f"{CTCP}{command} {text}{CTCP}" if text else f"{CTCP}{command}{CTCP}"


@dataclass(frozen=True, slots=True)
class Span:
    """Text of one look. Colours are mIRC's 0 to 98, ``#rrggbb``, or ``None`` for the terminal's own."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    monospace: bool = False
    reverse: bool = False
    fg: int | str | None = None
    bg: int | str | None = None


_PLAIN = Span("")


def without_accents(text: str) -> str:
    """``text`` with no mark on any letter: ``coracao`` for ``coração``."""
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFD", text)
    return "".join(char for char in letters if unicodedata.category(char) != "Mn")


def strip_formatting(text: str) -> str:
    """``text`` without its formatting codes (modern.ircdocs.horse/formatting)."""
    return text if text.isprintable() else _CODE.sub("", text)


def parse_formatting(text: str) -> list[Span]:
    """Read ``text`` as spans, none of them empty; together they say what `strip_formatting` gives."""
    if text.isprintable():
        return [Span(text)] if text else []
    spans = []
    look = _PLAIN
    at = 0
    for code in _CODE.finditer(text):
        if code.start() > at:
            spans.append(replace(look, text=text[at : code.start()]))
        look = _turn(look, code)
        at = code.end()
    if at < len(text):
        spans.append(replace(look, text=text[at:]))
    return spans


def _turn(look: Span, code: re.Match[str]) -> Span:
    kind = code[0][0]
    if kind == "\x0f":
        return _PLAIN
    if kind == "\x03":
        return _colored(look, _color(code[1]), _color(code[2]), code[1] is None, code[2] is not None)
    if kind == "\x04":
        return _colored(look, _hex(code[3]), _hex(code[4]), code[3] is None, code[4] is not None)
    change = {_TOGGLES[kind]: not getattr(look, _TOGGLES[kind])}
    return replace(look, **change)  # type: ignore[arg-type]  # The name is one of the flags.


def _colored(look: Span, fg: int | str | None, bg: int | str | None, ends: bool, has_bg: bool) -> Span:
    """A code without a colour ends both; one without a background leaves that as it is."""
    return replace(look, fg=fg, bg=bg if ends or has_bg else look.bg)


def _color(digits: str | None) -> int | None:
    return None if digits is None or int(digits) == _DEFAULT_COLOR else int(digits)


def _hex(digits: str | None) -> str | None:
    return None if digits is None else f"#{digits.lower()}"


def _fitting(text: str, limit: int) -> int:
    """How many characters at the beginning of ``text`` have at most ``limit`` bytes together."""
    if limit <= 0:
        return 0
    data = text[: limit + 1].encode(errors="surrogatepass")
    if len(data) <= limit:
        return len(text)
    while data[limit] & 0xC0 == 0x80:
        limit -= 1
    return len(data[:limit].decode(errors="surrogatepass"))


def _is_inside_cluster(text: str, at: int) -> bool:
    """Whether a cut before ``text[at]`` would part what is shown as one character (nearly UAX 29)."""
    char = text[at]
    if not at or (char.isascii() and text[at - 1] != _ZWJ):
        return False
    if char in _FLAG_LETTERS:
        before = text[:at]
        return (len(before) - len(before.rstrip(_FLAG_LETTERS))) % 2 == 1
    return char in _EMOJI_PARTS or text[at - 1] == _ZWJ or unicodedata.category(char)[0] == "M"

"""What is said as styled text: colours and shapes of IRC, links, code, spoilers (pure).

Whatever came from a peer passes `visible` here. Nothing that was said is left out but the codes themselves
and the fences of a block of code; a spoiler is covered until one asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from chatapp.client.screen.cells import cells
from chatapp.client.screen.ink import INKS, colour_of
from chatapp.client.screen.links import find_links, may_have_links
from chatapp.irc.text import Span as Formatted
from chatapp.irc.text import parse_formatting, strip_formatting
from chatapp.irc.visible import visible

#: Stands before each line of a block of code: colour alone would say nothing where there is none.
CODE_EDGE = "│ "
#: Covers a spoiler, cell by cell.
COVER = "▒"

_INLINE_CODE = re.compile(r"(?<!`)(`{1,2})(?!`)(?=\S)([^`]+?)(?<=\S)\1(?!`)")
_FENCE = re.compile(r"\s*```[\w+#.-]*\s*")
_PARTS = ("bold", "italic", "underline", "strike", "reverse")


class Styled(NamedTuple):
    """Text of one style, safe to show."""

    style: str
    text: str


def styled(text: str, base: str = "", *, is_revealed: bool = False) -> list[Styled]:
    """One line of what was said, in ``base`` where nothing else is asked for; spoilers open if asked."""
    if "`" not in text and text.isprintable() and not may_have_links(text):
        return [Styled(base, visible(text))]
    parts = parse_formatting(text)
    plain = "".join(part.text for part in parts)
    stretches = list(_stretches(plain))
    found: list[Styled] = []
    at = 0
    for part in parts:
        end = at + len(part.text)
        for start, stop, extra in stretches:
            if start < end and stop > at:
                words = plain[max(start, at) : min(stop, end)]
                found.append(_dressed(words, base, part, extra, is_revealed))
        at = end
    return found


def styled_lines(text: str, base: str = "", *, is_revealed: bool = False) -> list[list[Styled]]:
    """``text`` of several lines, each as `styled`; what stands between two fences is a block of code."""
    lines = text.split("\n")
    shown: list[list[Styled]] = []
    at = 0
    while at < len(lines):
        end = _end_of_block(lines, at)
        if end is None:
            shown.append(styled(lines[at], base, is_revealed=is_revealed))
            at += 1
            continue
        block = _joined(base, "class:code.block")
        for line in lines[at + 1 : end]:
            shown.append([Styled(block, CODE_EDGE + visible(strip_formatting(line)))])
        at = end + 1
    return shown


def _end_of_block(lines: list[str], at: int) -> int | None:
    """Where the block of code that begins at ``at`` ends; None where none does."""
    if not _FENCE.fullmatch(lines[at]):
        return None
    return next((end for end in range(at + 1, len(lines)) if lines[end].strip() == "```"), None)


def _stretches(plain: str) -> Iterator[tuple[int, int, str]]:
    """``plain`` from end to end: what is a link or code, what neither; with the style that this adds."""
    marks = [(code.start(), code.end(), "class:code") for code in _INLINE_CODE.finditer(plain)]
    at = 0
    for start, end, url in find_links(plain):
        if not any(code_start < end and code_end > start for code_start, code_end, _style in marks):
            marks.append((start, end, f"class:link link={url}"))
    for start, end, style in sorted(marks):
        if start > at:
            yield at, start, ""
        yield start, end, style
        at = end
    if at < len(plain):
        yield at, len(plain), ""


def _dressed(words: str, base: str, part: Formatted, extra: str, is_revealed: bool) -> Styled:
    shown = visible(words)
    if not is_revealed and part.fg is not None and part.fg == part.bg:
        return Styled(_joined(base, "class:spoiler"), COVER * cells(shown))
    return Styled(
        _joined(base, extra) if extra == "class:code" else _joined(_style(base, part), extra), shown
    )


def _style(base: str, part: Formatted) -> str:
    words = [base, *(name for name in _PARTS if getattr(part, name))]
    if part.monospace:
        words.append("class:code")
    if part.bg is None and isinstance(part.fg, int) and part.fg < INKS:
        words.append(f"class:ink.{part.fg}")
    elif part.fg is not None and (ink := colour_of(part.fg)):
        words.append(f"fg:{ink}")
    if part.bg is not None and (paper := colour_of(part.bg)):
        words.append(f"bg:{paper}")
    return _joined(*words)


def _joined(*styles: str) -> str:
    return " ".join(style for style in styles if style)

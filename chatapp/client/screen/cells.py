"""Text measured as a terminal shows it: in cells, by grapheme cluster, and wrapped at words (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from wcwidth import iter_graphemes, wcswidth

_WORDS = re.compile(r" +|[^ ]+")


def cells(text: str) -> int:
    """How many cells ``text`` takes; it holds no control characters."""
    if text.isascii():
        return len(text)
    return sum(grapheme_cells(grapheme) for grapheme in iter_graphemes(text))


@lru_cache(maxsize=8192)
def grapheme_cells(grapheme: str) -> int:
    """How many cells one cluster takes: a family emoji or a flag two, a letter with its marks one."""
    return max(0, wcswidth(grapheme))


def graphemes(text: str) -> Iterator[str]:
    """Go over the clusters of ``text``: what a person calls a character."""
    return iter(text) if text.isascii() else iter_graphemes(text)


def cut(text: str, width: int) -> str:
    """The longest beginning of ``text`` that fits into ``width`` cells, whole clusters only."""
    if text.isascii():
        return text[: max(0, width)]
    used, end = 0, 0
    for grapheme in iter_graphemes(text):
        used += grapheme_cells(grapheme)
        if used > width:
            break
        end += len(grapheme)
    return text[:end]


def shorten(text: str, width: int) -> str:
    """``text`` if it fits into ``width`` cells, else its beginning and an ellipsis."""
    if cells(text) <= width:
        return text
    return cut(text, width - 1) + "…" if width > 0 else ""


def wrap(text: str, width: int) -> list[tuple[int, int]]:
    """Break ``text`` into rows of at most ``width`` cells: where each begins and ends.

    Rows end at blanks where they can, and the blanks at the end of a row belong to none; a word longer than a
    row is cut between clusters. A cluster wider than ``width`` has a row of its own. There is always one row.
    """
    width = max(1, width)
    rows: list[tuple[int, int]] = []
    start = end = used = 0
    for word in _WORDS.finditer(text):
        size = cells(word[0])
        if word[0][0] == " ":
            used += size
        elif used + size <= width:
            end, used = word.end(), used + size
        else:
            if used:
                rows.append((start, end))
            start = word.start()
            *full, last = pieces(word[0], width)
            for piece in full:
                rows.append((start, start + len(piece)))
                start += len(piece)
            end, used = word.end(), cells(last)
    rows.append((start, end))
    return rows


def pieces(word: str, width: int) -> list[str]:
    """Cut ``word`` into pieces of at most ``width`` cells, blanks and all; at least one piece."""
    width = max(1, width)
    if word.isascii():
        return [word[at : at + width] for at in range(0, len(word), width)] or [""]
    found, start, end, used = [], 0, 0, 0
    for grapheme in iter_graphemes(word):
        size = grapheme_cells(grapheme)
        if used + size > width and end > start:
            found.append(word[start:end])
            start, used = end, 0
        end += len(grapheme)
        used += size
    found.append(word[start:])
    return found

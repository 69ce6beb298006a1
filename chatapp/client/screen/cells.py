"""Text measured as a terminal shows it: in cells, by grapheme cluster, and wrapped at words (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from wcwidth import iter_graphemes, wcswidth, wcwidth

_WORDS = re.compile(r" +|[^ ]+")
_ZERO_WIDTH_JOINER, _NARROWING, _WIDENING = "\u200d", "\ufe0e", "\ufe0f"
_SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_FLAG_LETTERS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))


def cells(text: str) -> int:
    """How many cells ``text`` takes; it holds no control characters."""
    if text.isascii():
        return len(text)
    return sum(grapheme_cells(grapheme) for grapheme in iter_graphemes(text))


class Traits(NamedTuple):
    """What the terminal makes of clusters; `chatapp.client.screen.probe` asks it.

    ``joins``: emoji with a zero-width joiner are one; ``tones``: so are those with a skin tone; ``flags``:
    two letters are a flag; ``widens``, ``narrows``: a selector makes an emoji of a sign, or the other way.
    """

    joins: bool = True
    tones: bool = True
    flags: bool = True
    widens: bool = True
    narrows: bool = True


_traits = Traits()


def adapt(traits: Traits) -> bool:
    """Measure as the terminal does from now on; whether that is a change."""
    global _traits
    if traits == _traits:
        return False
    _traits = traits
    grapheme_cells.cache_clear()
    return True


@lru_cache(maxsize=8192)
def grapheme_cells(grapheme: str) -> int:
    """How many cells one cluster takes: a family emoji or a flag two, a letter with its marks one."""
    if len(grapheme) == 1:
        # A sign that takes room, and stands behind another, takes as much where it stands alone.
        return max(0, wcwidth(grapheme) or wcswidth(f" {grapheme}") - 1)
    if _ZERO_WIDTH_JOINER in grapheme:
        parts = [part for part in grapheme.split(_ZERO_WIDTH_JOINER) if part]
        if len(parts) > 1:
            sizes = [grapheme_cells(part) for part in parts]
            return sizes[0] if _traits.joins else sum(sizes)
    first, last = grapheme[0], grapheme[-1]
    if last in _SKIN_TONES and not _traits.tones:
        return grapheme_cells(grapheme[:-1]) + 2
    if first in _FLAG_LETTERS and not _traits.flags:
        return sum(max(0, wcwidth(letter)) for letter in grapheme)
    if (_WIDENING in grapheme and not _traits.widens) or (_NARROWING in grapheme and not _traits.narrows):
        return max(0, wcwidth(first))
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

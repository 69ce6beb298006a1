"""Pieces of history far above the rest: how a page becomes one, grows, and meets the rest again.

A conversation has at most one such island, above all that is loaded; between them stands an entry that says
that messages are missing. Another one takes its place, and may be loaded again.
"""

from __future__ import annotations

import math

from chatapp.client.buffer import Buffer, Entry, EntryKind, Island, Mark
from chatapp.client.page import Ask, Told


def land(buffer: Buffer, lines: list[Told]) -> None:
    """A page from somewhere in the past: an island, or more of what is loaded where it reaches that."""
    if not lines:
        return
    buffer.drop_island()
    oldest, newest = lines[0].mark, lines[-1].mark
    if _reaches(lines, buffer.oldest):
        buffer.merge(_entries(lines), None)
        if buffer.oldest is None or oldest.time < buffer.oldest.time:
            buffer.oldest = oldest
            buffer.has_older, buffer.is_whole = True, False
        return
    # At no time: whatever fills the gap is put where it belongs, and not behind it.
    gap = Entry(EntryKind.GAP, math.inf, "")
    buffer.merge([*_entries(lines), gap], None)
    buffer.island = Island(gap, oldest, newest)
    buffer.has_older, buffer.is_whole = True, False


def extend(buffer: Buffer, island: Island, ask: Ask, lines: list[Told]) -> None:
    """A page from before the island, or from the gap below it."""
    if ask is Ask.OLDER:
        _look_back(buffer, island, lines)
    else:
        _fill(buffer, island, lines, upward=ask is Ask.FILL_UP)


def _look_back(buffer: Buffer, island: Island, lines: list[Told]) -> None:
    """A page from before the island."""
    buffer.merge(_entries(lines), None)
    buffer.has_older = bool(lines) and lines[0].mark != island.oldest
    buffer.is_whole = not buffer.has_older
    if lines:
        island.oldest = lines[0].mark


def _fill(buffer: Buffer, island: Island, lines: list[Told], *, upward: bool) -> None:
    """A page from the gap: next to the rest, or (not ``upward``) next to the island."""
    at = buffer.entries.index(island.gap)
    buffer.merge(_entries(lines), buffer.entries[at if upward else at - 1])
    is_closed = not lines
    if upward and lines:
        is_closed = lines[0].mark.time < island.newest.time or _holds(lines, island.newest)
        is_closed = is_closed or lines[0].mark == buffer.oldest
        buffer.oldest = lines[0].mark
    elif lines:
        is_closed = _reaches(lines, buffer.oldest) or lines[-1].mark == island.newest
        island.newest = lines[-1].mark
    if is_closed:
        buffer.withdraw(island.gap)
        buffer.oldest, buffer.island = island.oldest, None


def _reaches(lines: list[Told], mark: Mark | None) -> bool:
    """Whether a page reaches ``mark``. That of one moment much may be said is why its time does not tell."""
    return mark is not None and (lines[-1].mark.time > mark.time or _holds(lines, mark))


def _holds(lines: list[Told], mark: Mark) -> bool:
    return any(told.mark == mark for told in lines)


def _entries(lines: list[Told]) -> list[Entry]:
    return [told.entry for told in lines if told.entry is not None]

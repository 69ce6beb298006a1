"""Who is in a room, as a column: operators, those with a voice, the others, each by name (pure)."""

from __future__ import annotations

from functools import lru_cache
from gettext import gettext as _
from typing import NamedTuple

from chatapp.client.buffer import Buffer, BufferKind, Member
from chatapp.client.screen.cells import shorten
from chatapp.client.screen.render import Row, Span, isolate, pad
from chatapp.client.screen.style import nick_class
from chatapp.irc.catalogue import N_
from chatapp.irc.visible import visible

MEMBERS_CELLS = 20
#: Rooms with more members than this are put in order once in so many seconds, for every 5,000 of them.
MANY, PATIENCE = 500, 1.0

_TITLES = {
    "~": N_("Founders"),
    "&": N_("Admins"),
    "@": N_("Operators"),
    "%": N_("Half-operators"),
    "+": N_("With a voice"),
    "": N_("Others"),
}


class Title(NamedTuple):
    """A line above the members of one standing, with how many they are."""

    prefix: str
    people: int


class MembersPane:
    """The pane: what is in it, and how far down one looks."""

    def __init__(self) -> None:
        self._buffer: Buffer | None = None
        self._version = -1
        self._sorted_at = float("-inf")
        self._lines: list[Title | Member] = []
        self._top = 0
        self._height = 0

    def rows(self, buffer: Buffer, width: int, height: int, now: float) -> list[Row]:
        """The pane for ``buffer`` in ``width`` cells and ``height`` rows; ``now`` in seconds."""
        self._look_at(buffer, now)
        self._height = height
        self.scroll(0)
        shown = self._lines[self._top : self._top + height]
        rows = [_row(line, width) for line in shown]
        return rows + [pad((), width)] * (height - len(rows))

    def nick_at(self, row: int) -> str:
        """Who stands in a row of the pane, counted from 0; "" for nobody."""
        at = self._top + row
        line = self._lines[at] if row >= 0 and at < len(self._lines) else None
        return line.nick if isinstance(line, Member) else ""

    def forget_rows(self) -> None:
        """Format anew what is in view: text is measured differently now."""
        _named.cache_clear()

    def scroll(self, rows: int) -> None:
        """Look ``rows`` further down, or up where it is negative."""
        self._top = max(0, min(self._top + rows, len(self._lines) - self._height))

    def _look_at(self, buffer: Buffer, now: float) -> None:
        if buffer is not self._buffer:
            self._buffer, self._version, self._top = buffer, -1, 0
            self._sorted_at = float("-inf")
        many = len(buffer.members)
        is_patient = many > MANY and 0 <= now - self._sorted_at < PATIENCE * max(1.0, many / 5000)
        if buffer.version != self._version and not is_patient:
            self._version, self._sorted_at = buffer.version, now
            self._lines = _lines(buffer)


def has_members(buffer: Buffer) -> bool:
    """Whether there is anybody to show: only rooms have members."""
    return buffer.kind is BufferKind.CHANNEL


def _lines(buffer: Buffer) -> list[Title | Member]:
    groups: dict[str, list[Member]] = {prefix: [] for prefix in _TITLES}
    others = groups[""]
    for name in sorted(buffer.members):  # they stand under their folded names
        member = buffer.members[name]
        groups.get(member.prefixes[:1], others).append(member)
    lines: list[Title | Member] = []
    for prefix, members in groups.items():
        if members:
            lines.append(Title(prefix, len(members)))
            lines.extend(members)
    return lines


def _row(line: Title | Member, width: int) -> Row:
    if isinstance(line, Title):
        words = _TITLES[line.prefix]
        title = f"{_(words)} ({line.people})"
        return pad((Span("class:member.title", shorten(title, width)),), width)
    if line.away:
        words = _("{nick} (away)").format(nick=visible(line.nick))
        return _named(line.prefixes[:1], words, "class:member.away", width)
    return _named(line.prefixes[:1], visible(line.nick), nick_class(line.nick), width)


@lru_cache(maxsize=512)
def _named(prefix: str, words: str, style: str, width: int) -> Row:
    mark = visible(prefix) or " "
    return pad((Span("", mark), Span(style, isolate(shorten(words, width - 1)))), width)

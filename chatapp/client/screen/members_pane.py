"""Who is in a room, as a column: operators, those with a voice, the others, each by name (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _
from typing import NamedTuple

from chatapp.client.buffer import Buffer, BufferKind, Member
from chatapp.client.screen.cells import shorten
from chatapp.client.screen.render import Row, Span, isolate, pad
from chatapp.client.screen.style import nick_class
from chatapp.irc.catalogue import N_
from chatapp.irc.names import fold_unicode
from chatapp.irc.visible import visible

MEMBERS_CELLS = 20
#: Rooms with more members than this are put in order at most once in so many seconds.
MANY, PATIENCE = 500, 1.0

_TITLES = {
    "~": N_("Founders"),
    "&": N_("Admins"),
    "@": N_("Operators"),
    "%": N_("Half-operators"),
    "+": N_("With a voice"),
    "": N_("Others"),
}
_ORDER = {prefix: place for place, prefix in enumerate(_TITLES)}


class Line(NamedTuple):
    """A line of the pane: a title, with how many are under it, or a member."""

    title: str
    people: int
    member: Member | None


class MembersPane:
    """The pane: what is in it, and how far down one looks."""

    def __init__(self) -> None:
        self._buffer: Buffer | None = None
        self._version = -1
        self._sorted_at = float("-inf")
        self._lines: list[Line] = []
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
        line = self._lines[self._top + row] if 0 <= self._top + row < len(self._lines) else None
        return line.member.nick if line is not None and line.member is not None and row >= 0 else ""

    def scroll(self, rows: int) -> None:
        """Look ``rows`` further down, or up where it is negative."""
        self._top = max(0, min(self._top + rows, len(self._lines) - self._height))

    def _look_at(self, buffer: Buffer, now: float) -> None:
        if buffer is not self._buffer:
            self._buffer, self._version, self._top = buffer, -1, 0
            self._sorted_at = float("-inf")
        is_patient = len(buffer.members) > MANY and 0 <= now - self._sorted_at < PATIENCE
        if buffer.version != self._version and not is_patient:
            self._version, self._sorted_at = buffer.version, now
            self._lines = list(_lines(buffer))


def has_members(buffer: Buffer) -> bool:
    """Whether there is anybody to show: only rooms have members."""
    return buffer.kind is BufferKind.CHANNEL


def _lines(buffer: Buffer) -> Iterator[Line]:
    groups: dict[str, list[Member]] = {}
    for member in buffer.members.values():
        prefix = member.prefixes[:1]
        groups.setdefault(prefix if prefix in _ORDER else "", []).append(member)
    for prefix in sorted(groups, key=lambda prefix: _ORDER[prefix]):
        members = sorted(groups[prefix], key=lambda member: fold_unicode(member.nick))
        yield Line(prefix, len(members), None)
        for member in members:
            yield Line(prefix, 0, member)


def _row(line: Line, width: int) -> Row:
    if line.member is None:
        words = _TITLES[line.title]
        title = f"{_(words)} ({line.people})"
        return pad((Span("class:member.title", shorten(title, width)),), width)
    mark = visible(line.member.prefixes[:1]) or " "
    name, style = visible(line.member.nick), nick_class(line.member.nick)
    if line.member.away:
        name, style = _("{nick} (away)").format(nick=name), "class:member.away"
    return pad((Span("", mark), Span(style, isolate(shorten(name, width - 1)))), width)

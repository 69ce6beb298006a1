"""One row as the terminal takes it, and the least that turns what is shown into it (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from chatapp.client.screen.cells import cells, cut
from chatapp.client.screen.render import Row

#: What a terminal could obey. Nobody should give us any, and whoever does is shown so.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_SHOWN = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
_SHOWN |= dict.fromkeys(range(0x80, 0xA0), "\ufffd")
#: Text of which every terminal makes as many cells as there are characters.
_PLAIN = re.compile(
    "[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0530\u1e00-\u1fff\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf\u2190-\u2199\u2500-\u259f]*"
)
#: From so many blank cells on the terminal is told their number.
_MANY_BLANKS = 8


class Look(NamedTuple):
    """How text looks: the SGR sequence that makes it so whatever was before, and the OSC 8 one of its link.

    ``is_seen_blank``: blanks of this look are seen too, because they have a background or a line.
    """

    sgr: str = "\x1b[m"
    link: str = ""
    is_seen_blank: bool = False


#: The terminal's own look.
DEFAULT = Look()
_LINK_ENDS = "\x1b]8;;\x1b\\"


class Segment(NamedTuple):
    """Text of one look from the cell ``x`` on; ``end`` is the cell after it."""

    x: int
    look: Look
    text: str
    end: int


class Strip(NamedTuple):
    """A row as segments; what no segment covers is blank. ``is_plain``: its cells are beyond doubt."""

    segments: tuple[Segment, ...]
    is_plain: bool


BLANK = Strip((), True)


def safe(text: str) -> str:
    """``text`` with every control character shown, none obeyed."""
    if text.isprintable():
        return text
    return _CONTROLS.sub(lambda found: _SHOWN[ord(found[0])], text)


def strip_of(row: Row, width: int, look_of: Callable[[str], Look]) -> Strip:
    """``row``, cut at ``width`` cells."""
    segments: list[Segment] = []
    x = 0
    is_plain = True
    for span in row:
        text = safe(span.text)
        is_sure = text.isascii() or _PLAIN.fullmatch(text) is not None
        size = len(text) if is_sure else cells(text)
        if x + size > width:
            text = cut(text, width - x)
            size = cells(text)
        if not text:
            continue
        look = look_of(span.style)
        is_plain = is_plain and is_sure
        if look.is_seen_blank or look.link or text.strip(" "):
            last = segments[-1] if segments else None
            if last is not None and last.end == x and last.look == look:
                segments[-1] = Segment(last.x, look, last.text + text, x + size)
            else:
                segments.append(Segment(x, look, text, x + size))
        x += size
        if x >= width:
            break
    return Strip(tuple(segments), is_plain)


class Brush:
    """Gathers what is written in one frame, saying nothing twice. It begins and ends in the default look."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._look = DEFAULT
        self.size = 0

    def taken(self) -> str:
        """All of it."""
        self.use(DEFAULT)
        return "".join(self._parts)

    def say(self, code: str) -> None:
        """Write ``code`` as it is."""
        self._parts.append(code)
        self.size += len(code)

    def move(self, x: int, y: int) -> None:
        """Go to the cell ``x`` of the row ``y``, counted from 0."""
        self.say(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")

    def use(self, look: Look) -> None:
        """Write in this look from now on."""
        if look.link != self._look.link:
            self.say(look.link or _LINK_ENDS)
        if look.sgr != self._look.sgr:
            self.say(look.sgr)
        self._look = look

    def put(self, segment: Segment) -> None:
        """Write a segment where the cursor is."""
        self.use(segment.look)
        self.say(segment.text)

    def blank(self, x: int, end: int, *, goes_on: bool = True) -> None:
        """Make the cells from ``x``, where the cursor is, to ``end`` blank; it ``goes_on`` behind them."""
        self.use(DEFAULT)
        if end - x < _MANY_BLANKS:
            self.say(" " * (end - x))
        else:
            self.say(f"\x1b[{end - x}X")
            if goes_on:
                self.say(f"\x1b[{end + 1}G")

    def blank_rest(self) -> None:
        """Make the rest of the row blank."""
        self.use(DEFAULT)
        self.say("\x1b[K")


def turn(brush: Brush, y: int, old: Strip | None, new: Strip, width: int) -> None:
    """Write what makes of ``old``, which stands in the row ``y``, ``new``; ``None`` is anything at all."""
    if old is not None and old.is_plain and new.is_plain:
        _turn_a_part(brush, y, old, new)
    elif new != old:
        _write_all(brush, y, new, width)


def _write_all(brush: Brush, y: int, new: Strip, width: int) -> None:
    """Write the whole row, each segment sent to its column: it is right also where we guess widths wrongly.

    What is there is written over and only then wiped out, so that nothing flickers.
    """
    brush.move(0, y)
    x = 0
    for segment in new.segments:
        if segment.x > x:
            brush.blank_rest()
        if segment.x > x or not new.is_plain:
            brush.say(f"\x1b[{segment.x + 1}G")
        brush.put(segment)
        x = segment.end
    if x < width:
        brush.blank_rest()


def _turn_a_part(brush: Brush, y: int, old: Strip, new: Strip) -> None:
    """Write only from the first to the last cell that differs; every character has one."""
    first, last, old_last = _difference(old.segments, new.segments)
    fresh = list(new.segments[first:last])
    stale = old.segments[first:old_last]
    if not fresh and not stale:
        return
    begin = min(part[0].x for part in (fresh, stale) if part)
    if fresh and stale and fresh[0].x == stale[0].x:
        fresh[0] = _without_common_beginning(fresh[0], stale[0])
        begin = fresh[0].x
    brush.move(begin, y)
    x = begin
    for segment in fresh:
        if segment.x > x:
            brush.blank(x, segment.x)
        brush.put(segment)
        x = segment.end
    if stale and stale[-1].end > x:
        if old_last == len(old.segments):
            brush.blank_rest()
        else:
            brush.blank(x, stale[-1].end, goes_on=False)


def _difference(old: tuple[Segment, ...], new: tuple[Segment, ...]) -> tuple[int, int, int]:
    """Where they begin to differ, and the ends of the different parts of ``new`` and of ``old``."""
    most = min(len(old), len(new))
    first = 0
    while first < most and old[first] == new[first]:
        first += 1
    last, old_last = len(new), len(old)
    while last > first and old_last > first and new[last - 1] == old[old_last - 1]:
        last -= 1
        old_last -= 1
    return first, last, old_last


def _without_common_beginning(fresh: Segment, stale: Segment) -> Segment:
    """``fresh`` without what ``stale``, in the same place, shows already."""
    if fresh.look != stale.look:
        return fresh
    same = 0
    for mine, theirs in zip(fresh.text, stale.text, strict=False):
        if mine != theirs:
            break
        same += 1
    return fresh._replace(x=fresh.x + same, text=fresh.text[same:])

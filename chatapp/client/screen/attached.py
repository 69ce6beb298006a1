"""What stands around a message: above it a line of what it answers, under it the reactions (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext

from chatapp.client.buffer import Entry
from chatapp.client.reactions import MOST_VOTES, Count
from chatapp.client.screen.cells import cells, cut, shorten
from chatapp.client.screen.render import Row, Span, flow_rows, isolate, pad, row_text
from chatapp.client.screen.style import nick_class
from chatapp.client.screen.times import gutter_cells
from chatapp.irc.text import strip_formatting
from chatapp.irc.visible import visible

#: Reactions shown on one message, and the cells that each may have.
_MOST_SHOWN = 12
_REACTION_CELLS = 12
#: Characters of the answered message that are looked at: more would not fit.
_LONGEST_QUOTE = 400


def quote_row(target: Entry | None, width: int) -> Row:
    """A line of the message that is answered; ``None`` for one that is not here."""
    indent = gutter(width)
    lead = (Span("", " " * indent), Span("class:quote", "┌ "))
    room = max(1, width - indent - 2)
    if target is None:
        return (*lead, Span("class:quote", shorten(_("an earlier message"), room)))
    nick = isolate(shorten(visible(target.nick), max(6, room // 3)))
    if target.deletion is not None:
        words = _("{nick}: (deleted)").format(nick=nick)
        return (*lead, Span("class:quote", shorten(words, room)))
    words = isolate(shorten(quotable(target.text), max(1, room - 2 - len(nick))))
    row = (*lead, Span(f"{nick_class(target.nick)} class:quote", nick), Span("class:quote", f": {words}"))
    return row if cells(row_text(row)) <= width else pad(row, width)


def quotable(text: str) -> str:
    """``text`` on one line, without the fences of code, safe to show."""
    beginning = strip_formatting(text[:_LONGEST_QUOTE]).replace("```", " ")
    return visible(" ".join(beginning.split()))


def reaction_rows(counts: Sequence[Count], width: int) -> list[Row]:
    """The reactions, each with its number where there are several; ones own are in brackets."""
    indent = gutter(width)
    spans: list[Span] = []
    for count in counts[:_MOST_SHOWN]:
        spans += [Span("", "  ") if spans else Span("", ""), _reaction(count)]
    more = len(counts) - _MOST_SHOWN
    if more > 0:
        words = ngettext("and {n} more", "and {n} more", more).format(n=more)
        spans.append(Span("class:reaction", f"  {words}"))
    blank = Span("", " " * indent)
    return [(blank, *row) for row in flow_rows(spans, max(1, width - indent))]


def gutter(width: int) -> int:
    """The cells before the words of a message at ``width``."""
    return gutter_cells() if width >= 3 * gutter_cells() else 0


def _reaction(count: Count) -> Span:
    shown = visible(" ".join(count.reaction.split()))
    sign = cut(shown, _REACTION_CELLS) or "?"
    if sign != shown:
        sign += "…"
    number = f"{count.count}+" if count.count >= MOST_VOTES else str(count.count)
    words = isolate(f"{sign} {number}" if count.count > 1 else sign)
    if count.is_own:
        words = f"[{words}]"
    return Span(_style(count), words + (" …" if count.is_waiting else ""))


def _style(count: Count) -> str:
    if count.is_waiting:
        return "class:pending"
    return "class:reaction class:reaction.own" if count.is_own else "class:reaction"

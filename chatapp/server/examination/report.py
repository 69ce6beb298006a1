"""Findings as a table for people, and as JSON for programs."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Mapping, Sequence
from typing import TextIO

from chatapp.server.examination.finding import Finding, Mark, needs_fixing

#: Columns of the table where there is room for them, and those below which the topics have no column.
WIDTH = 80
_NARROW = 60
_GAP = "  "
_ARROW = "-> "
#: What a terminal is told for a mark (ECMA-48, 8.3.117): bold yellow, bold red.
_COLOURS = {Mark.LOOK: "1;33", Mark.FIX: "1;31"}


def table(findings: Sequence[Finding], has_colours: bool = False, width: int = WIDTH) -> str:
    """A row for each finding: its mark, its topic and its text; below that what to do."""
    marks = max(len(mark.word) for mark in Mark)
    titles = max((len(finding.title) for finding in findings), default=0)
    lines = []
    for at, finding in enumerate(findings):
        first, *others = _rows(finding, findings[:at], marks, titles, width)
        word, colour = finding.mark.word, _COLOURS.get(finding.mark)
        if has_colours and colour:
            first = f"\x1b[{colour}m{word}\x1b[0m{first.removeprefix(word)}"
        lines += [first, *others]
    return "\n".join(lines)


def shows_colours(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether ``stream`` is a terminal with colours, and its person wants some (https://no-color.org)."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM", "dumb") != "dumb"


def width_of(stream: TextIO) -> int:
    """The columns for a table on ``stream``: those of a terminal that has few, else `WIDTH`."""
    return min(WIDTH, shutil.get_terminal_size().columns) if stream.isatty() else WIDTH


def as_json(findings: Sequence[Finding], **about: object) -> str:
    """One object: ``about``, then ``findings`` with ``topic``, ``mark``, ``text`` and ``remedy``."""
    rows = [
        {"topic": each.topic, "mark": each.mark.value, "text": each.text, "remedy": each.remedy}
        for each in findings
    ]
    whole = {**about, "fix": needs_fixing(findings), "findings": rows}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _rows(finding: Finding, before: Sequence[Finding], marks: int, titles: int, width: int) -> list[str]:
    is_same = bool(before) and before[-1].topic == finding.topic
    title = "" if is_same else finding.title
    head = f"{finding.mark.word:{marks}}{_GAP}{title:{titles}}{_GAP}"
    blank = " " * len(head)
    if width < _NARROW:
        head = head[: marks + len(_GAP)] + (f"{title}: " if title else "")
        blank = " " * (marks + len(_GAP))
    rows = _wrapped(finding.text, head, blank, width)
    if finding.remedy:
        rows += _wrapped(finding.remedy, blank + _ARROW, blank + " " * len(_ARROW), width)
    return rows


def _wrapped(text: str, first: str, others: str, width: int) -> list[str]:
    """``text`` in rows; a path or an address is not taken apart where it can be helped."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=others,
        break_on_hyphens=False,
        break_long_words=False,
    ) or [first.rstrip()]

"""Findings as a table for people, and as JSON for programs."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from chatapp.server.examination.finding import Finding, Mark, needs_fixing

#: Columns of the table; every terminal has so many.
WIDTH = 80
_GAP = "  "
_ARROW = "-> "


def table(findings: Sequence[Finding]) -> str:
    """A row for each finding: its mark, its topic and its text; below that what to do."""
    marks = max(len(mark.word) for mark in Mark)
    titles = max((len(finding.title) for finding in findings), default=0)
    return "\n".join(
        line for at, finding in enumerate(findings) for line in _rows(finding, findings[:at], marks, titles)
    )


def as_json(findings: Sequence[Finding], **about: object) -> str:
    """One object: ``about``, then ``findings`` with ``topic``, ``mark``, ``text`` and ``remedy``."""
    rows = [
        {"topic": each.topic, "mark": each.mark.value, "text": each.text, "remedy": each.remedy}
        for each in findings
    ]
    whole = {**about, "fix": needs_fixing(findings), "findings": rows}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _rows(finding: Finding, before: Sequence[Finding], marks: int, titles: int) -> list[str]:
    is_same = bool(before) and before[-1].topic == finding.topic
    title = "" if is_same else finding.title
    head = f"{finding.mark.word:{marks}}{_GAP}{title:{titles}}{_GAP}"
    blank = " " * len(head)
    rows = _wrapped(finding.text, head, blank)
    if finding.remedy:
        rows += _wrapped(finding.remedy, blank + _ARROW, blank + " " * len(_ARROW))
    return rows


def _wrapped(text: str, first: str, others: str) -> list[str]:
    """``text`` in rows; a path or an address is not taken apart where it can be helped."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_on_hyphens=False,
        break_long_words=False,
    ) or [first.rstrip()]

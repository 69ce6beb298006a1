"""What tests say of findings."""

from __future__ import annotations

from chatapp.server.examination.finding import Mark

OK, LOOK, FIX = Mark.OK, Mark.LOOK, Mark.FIX


def told(findings):
    """Mark and text of each."""
    return [(finding.mark, finding.text) for finding in findings]


def worse(findings):
    """Mark, text and remedy of those that are not as they should be."""
    return [(each.mark, each.text, each.remedy) for each in findings if each.mark is not Mark.OK]

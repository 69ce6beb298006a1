"""The known name that a misspelt one may have been meant for, as a question."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from gettext import gettext as _


def nearest(name: str, known: Iterable[str]) -> str:
    """A question that names the one of ``known`` that ``name`` may have been meant for, or ""."""
    found = difflib.get_close_matches(name, list(known), n=1)
    return _("; did you mean {name}?").format(name=found[0]) if found else ""

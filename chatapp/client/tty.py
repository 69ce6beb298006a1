"""What the standard files are: a terminal with a person at it, or files and pipes."""

from __future__ import annotations

import os
import sys

_DUMB = frozenset({"dumb", "unknown"})


def has_terminal() -> bool:
    """Whether a person sits at both ends: keys come in, and a screen is there."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def is_dumb() -> bool:
    """Whether the terminal can do no more than print."""
    return os.environ.get("TERM", "") in _DUMB


def needs_lines() -> bool:
    """Whether a person types, and what they read on can do no more than print."""
    return sys.stdin.isatty() and (not sys.stdout.isatty() or is_dumb())

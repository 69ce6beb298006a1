"""Emoji by their names, in English and Portuguese alike: ``:heart:`` and ``:coração:``.

The table, ``emoji.txt``, is our own: docs/decisions/shortcodes.md says why.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

from chatapp.client.fuzzy import best
from chatapp.irc.text import without_accents


class Shortcode(NamedTuple):
    """An emoji and one of its names."""

    emoji: str
    name: str


def emoji_of(text: str) -> str | None:
    """The emoji that ``text`` names, with or without colons, accents and capitals; None if it names none."""
    name = text.strip(":")
    exact = unicodedata.normalize("NFC", name.casefold())
    return _by_name().get(exact) or _by_name().get(_folded(name))


def matching(wanted: str, most: int = 12) -> list[Shortcode]:
    """At most ``most`` emoji with a name that fits ``wanted``, the best first, each once."""
    found: dict[str, Shortcode] = {}
    for code in best(_folded(wanted), _shortcodes(), lambda code: _folded(code.name), 4 * most):
        if _holds(code, wanted):
            found.setdefault(code.emoji, code)
    return list(found.values())[:most]


def _holds(code: Shortcode, wanted: str) -> bool:
    """Letters scattered over a name are good enough for a room, but not among so many names."""
    return _folded(wanted) in _folded(code.name)


@cache
def _shortcodes() -> tuple[Shortcode, ...]:
    """Every name with its emoji, in the order of the table."""
    from importlib.resources import files

    lines = files("chatapp.client").joinpath("emoji.txt").read_text("utf-8").splitlines()
    return tuple(
        Shortcode(emoji, name)
        for emoji, *languages in (line.split(" ") for line in lines if not line.startswith("#"))
        for names in languages
        for name in names.split(",")
    )


@cache
def _by_name() -> dict[str, str]:
    """By name as it is written, which tells ``vovó`` from ``vovô``, and without accents."""
    codes = _shortcodes()[::-1]
    return {_folded(code.name): code.emoji for code in codes} | {code.name: code.emoji for code in codes}


def _folded(name: str) -> str:
    """``name`` without capitals and accents, blanks and hyphens as ``_``."""
    bare = without_accents(name.casefold())
    return bare if bare in ("-1", "+1") else bare.replace("-", "_").replace(" ", "_")

"""Colours: the classes that the screen's rows carry, and what each looks like."""

from __future__ import annotations

import zlib
from functools import cache, lru_cache

from prompt_toolkit.styles import Style

from chatapp.client.screen.themes import NICK_COLOURS, TERMINAL, THEMES
from chatapp.irc.names import fold_unicode


@cache
def build_style(theme: str = TERMINAL) -> Style:
    """The style sheet of a theme, one of `THEMES`."""
    return Style.from_dict(THEMES[theme])


@lru_cache(maxsize=4096)
def nick_class(nick: str) -> str:
    """The class that colours ``nick``: the same on every day and every machine."""
    return f"class:nick.{zlib.crc32(fold_unicode(nick).encode('utf-8', 'replace')) % NICK_COLOURS}"

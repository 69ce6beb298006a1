"""Colours: the classes that the screen's rows carry, and what each looks like."""

from __future__ import annotations

import os
import zlib
from functools import lru_cache

from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from chatapp.irc.names import fold_unicode

#: Colours of nicks: readable on dark and light terminals alike, since the terminal's own palette is used.
NICK_COLOURS = (
    "ansicyan",
    "ansigreen",
    "ansiyellow",
    "ansimagenta",
    "ansiblue",
    "ansired",
    "ansibrightcyan",
    "ansibrightgreen",
    "ansibrightmagenta",
    "ansibrightblue",
)

RULES = {
    "topic": "reverse",
    "status": "reverse",
    "status.trouble": "bold",
    "status.mention": "bold",
    "time": "ansibrightblack",
    "event": "ansibrightblack",
    "info": "ansicyan",
    "error": "ansired bold",
    "notice": "ansiyellow",
    "own": "bold",
    "pending": "ansibrightblack",
    "failed": "ansired",
    "mention": "bold ansiyellow",
    "day": "ansibrightblack",
    "unread": "ansired",
    "border": "ansibrightblack",
    "room": "",
    "room.current": "reverse",
    "room.unread": "bold",
    "room.mention": "bold ansiyellow",
    "prompt": "bold",
    "question": "bold reverse",
    "help.key": "bold",
    "help.title": "bold underline",
    "wire.event": "ansibrightblack",
    "wire.sent": "bold ansigreen",
    "wire.received": "bold ansicyan",
    "wire.head": "ansibrightblack",
    "wire.kind": "ansibrightblack",
    "wire.sentence": "",
    "wire.glue": "ansibrightblack",
    "wire.tag": "ansiyellow",
    "wire.source": "ansimagenta",
    "wire.command": "bold ansiblue",
    "wire.param": "ansigreen",
    "wire.hidden": "ansired",
    "wire.face": "bold",
    "wire.lead": "ansired",
    "wire.bits": "",
    "completion-menu": "noreverse bg:ansibrightblack fg:ansiwhite",
    "completion-menu.completion": "bg:ansibrightblack fg:ansiwhite",
    "completion-menu.completion.current": "reverse",
    "completion-menu.meta.completion": "bg:ansibrightblack fg:ansiwhite",
    "completion-menu.meta.completion.current": "reverse",
    **{f"nick.{number}": colour for number, colour in enumerate(NICK_COLOURS)},
}

#: mIRC colours 0 to 15 as the terminal's own.
MIRC_COLOURS = (
    "ansiwhite",
    "ansiblack",
    "ansiblue",
    "ansigreen",
    "ansibrightred",
    "ansired",
    "ansimagenta",
    "ansiyellow",
    "ansibrightyellow",
    "ansibrightgreen",
    "ansicyan",
    "ansibrightcyan",
    "ansibrightblue",
    "ansibrightmagenta",
    "ansibrightblack",
    "ansigray",
)


def build_style() -> Style:
    """The style sheet for prompt_toolkit."""
    return Style.from_dict(RULES)


def colour_depth() -> ColorDepth | None:
    """No colours where the reader said ``NO_COLOR`` (no-color.org), else what the terminal can."""
    return ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None


@lru_cache(maxsize=4096)
def nick_class(nick: str) -> str:
    """The class that colours ``nick``: the same on every day and every machine."""
    return f"class:nick.{zlib.crc32(fold_unicode(nick).encode('utf-8', 'replace')) % len(NICK_COLOURS)}"

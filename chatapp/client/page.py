"""A page of history: why it was asked for, in which words, and the lines that it has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from chatapp.client.buffer import Buffer, Entry, Mark
from chatapp.client.moment import format_moment

#: Seconds: the step in which the protocol tells time.
_NEAR = 0.001


class Ask(Enum):
    """Why a page was asked for."""

    FIRST = auto()
    GAP = auto()
    OLDER = auto()
    AROUND = auto()
    FILL_UP = auto()
    FILL_DOWN = auto()


@dataclass(slots=True)
class Request:
    """A page that was asked for, at ``asked``, from ``place`` on. ``words`` follow ``CHATHISTORY``.

    ``shed`` is how often ``buffer`` had let its oldest entries go by then.
    """

    buffer: Buffer
    ask: Ask
    words: list[str]
    asked: float
    place: Mark | None
    shed: int


class Told(NamedTuple):
    """A line of a page: where it is, and the entry that it makes, if any."""

    mark: Mark
    entry: Entry | None


def behind(lines: list[Told], mark: Mark) -> list[Told]:
    """What follows ``mark`` on a page; all of it, if that is not on it."""
    at = next((at for at, told in enumerate(lines) if told.mark == mark), -1)
    return lines[at + 1 :]


def newest_entry(lines: list[Told]) -> str:
    """The msgid of the last entry of a page."""
    return next((told.mark.msgid for told in reversed(lines) if told.entry is not None), "")


def selector(subcommand: str, place: Mark | None) -> str:
    """Where a page begins: at a message, or so near its time that it is on the page itself."""
    if place is None:
        return "*"
    if place.msgid:
        return f"msgid={place.msgid}"
    moment = place.time + {"BEFORE": _NEAR, "AFTER": -_NEAR}.get(subcommand, 0.0)
    return f"timestamp={format_moment(max(moment, 0.0))}"

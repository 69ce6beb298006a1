"""Times and days as the reader writes them (pure)."""

from __future__ import annotations

import time
from datetime import date
from gettext import gettext as _

from chatapp.client.screen.cells import cells, cut
from chatapp.irc.catalogue import N_
from chatapp.irc.visible import visible

#: The time stands in at most so many cells.
_LONGEST = 24
#: Stands where the reader wants no times: a row of somebody else must still begin otherwise than a text.
_NO_TIME = "›"
#: As wide as times get: two digits everywhere, a long weekday in a long month.
_WIDE = time.struct_time((2026, 9, 30, 22, 58, 58, 2, 273, 0))

# Looking up a text costs more than it seems: only the two that are said are translated.
_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)

_timestamps, _gutter = "%H:%M", 6


def use_timestamps(timestamps: str) -> bool:
    """Write times as ``timestamps`` says (`time.strftime`), "" for none; whether that is a change."""
    global _timestamps, _gutter
    if timestamps == _timestamps:
        return False
    _timestamps = timestamps
    _gutter = cells(_written(_WIDE)) + 1
    return True


def gutter_cells() -> int:
    """The cells that a time takes, the blank behind it included."""
    return _gutter


def clock(seconds: float) -> str:
    """The time in the reader's time zone; dashes for a time that no calendar has."""
    try:
        return cut(_written(time.localtime(seconds)), _gutter - 1)
    except (OverflowError, ValueError, OSError):
        return cut("--:--", _gutter - 1)


def day_words(day: date) -> str:
    """``day`` as a person says it."""
    words = _WEEKDAYS[day.weekday()]
    weekday = _(words)
    words = _MONTHS[day.month - 1]
    month = _(words)
    pattern = _("{weekday}, {day} {month} {year}")
    return pattern.format(weekday=weekday, day=day.day, month=month, year=day.year)


def _written(moment: time.struct_time) -> str:
    try:
        text = visible(time.strftime(_timestamps, moment)) if _timestamps else ""
    except ValueError:  # a sign that this system's strftime does not know
        text = ""
    return cut(text.strip(), _LONGEST) or _NO_TIME

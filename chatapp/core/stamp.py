"""One number gives a message its place, its time and its id.

A stamp counts microseconds since 1970-01-01 UTC and is greater than every stamp before it, also after a
restart (the store says where it stopped) and when the clock is set back.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = [high + low for high in _DIGITS for low in _DIGITS]
_MILLISECONDS = [f".{number:03d}Z" for number in range(1000)]
_MSGID = re.compile(r"[0-9a-v]{1,13}")
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?Z")


class Stamps:
    """Gives out stamps. ``last`` is the greatest given out so far."""

    __slots__ = ("last",)

    def __init__(self, last: int = 0) -> None:
        self.last = last

    def next(self, now: int) -> int:
        """A new stamp at ``now``, in microseconds."""
        last = self.last = now if now > self.last else self.last + 1
        return last


def time_of(stamp: int) -> str:
    """``stamp`` as the ``time`` tag has it: UTC with milliseconds (IRCv3 server-time)."""
    seconds, micros = divmod(stamp, 1_000_000)
    return _second(seconds) + _MILLISECONDS[micros // 1000]


def parse_time(text: str) -> int:
    """Microseconds since 1970 of a ``time`` tag's value.

    Raises:
        ValueError: It is not ``YYYY-MM-DDThh:mm:ss.sssZ``.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not YYYY-MM-DDThh:mm:ss.sssZ")
    moment = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(microseconds=1) + int((found[2] or "").ljust(6, "0"))


def msgid_of(stamp: int) -> str:
    """``stamp`` as the ``msgid`` tag has it."""
    if stamp < 2**20:
        return _digits(stamp)
    return _digits(stamp >> 20) + _PAIRS[stamp >> 10 & 1023] + _PAIRS[stamp & 1023]


def parse_msgid(text: str) -> int:
    """The stamp behind a msgid that `msgid_of` wrote.

    Raises:
        ValueError: No message here has such an id.
    """
    if not _MSGID.fullmatch(text):
        raise ValueError(f"{text!r} is not an id of this server")
    stamp = int(text, 32)
    if stamp >= 2**63:
        raise ValueError(f"{text!r} is not an id of this server")
    return stamp


@lru_cache(maxsize=256)
def _digits(number: int) -> str:
    """``number`` in base 32. Stamps of one second have all but the last four digits in common."""
    out = ""
    while number:
        number, digit = divmod(number, 32)
        out = _DIGITS[digit] + out
    return out or "0"


@lru_cache(maxsize=256)
def _second(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")

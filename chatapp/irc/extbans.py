"""What may stand before a mask of a channel's lists: ``t:minutes:``, ``m:`` and ``a:`` (ISUPPORT EXTBAN)."""

from __future__ import annotations

import re
from typing import NamedTuple

_EXTENDED = re.compile(
    r"(?:(?P<time>[tT]):(?P<minutes>[0-9]{1,7}):)?(?P<mute>[mM]:)?(?P<account>[aA]:)?(?P<rest>.*)",
    re.DOTALL,
)


class Extended(NamedTuple):
    """A mask taken apart: ``minutes`` is None for one that lasts; ``rest`` is of a source or an account."""

    minutes: int | None
    is_mute: bool
    is_account: bool
    rest: str


def parse_extended(mask: str) -> Extended:
    """Take ``mask`` apart; what is no such prefix is left in the rest."""
    found = _EXTENDED.fullmatch(mask)
    assert found is not None  # whatever is left is the rest
    minutes = int(found["minutes"]) if found["time"] else None
    return Extended(minutes, bool(found["mute"]), bool(found["account"]), found["rest"])


def without_time(mask: str) -> str:
    """``mask`` without how long it lasts."""
    found = _EXTENDED.fullmatch(mask)
    return mask[found.end("minutes") + 1 :] if found is not None and found["time"] else mask

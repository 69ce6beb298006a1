"""How much so many bytes are, in words."""

from __future__ import annotations

_KILOBYTE, _MEGABYTE, _GIGABYTE = 1000, 1_000_000, 1_000_000_000
#: Megabytes that are told as gigabytes.
_MANY = 10_000


def size_of(count: int) -> str:
    """``count`` bytes in the unit in which the number is short: ``5 kB``, ``900 MB``, ``40 GB``."""
    if 0 < count < _MEGABYTE:
        return f"{-(-count // _KILOBYTE)} kB"
    if count < _MANY * _MEGABYTE:
        return f"{count / _MEGABYTE:.0f} MB"
    return f"{count / _GIGABYTE:.0f} GB"

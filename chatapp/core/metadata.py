"""What people and channels tell of themselves: values by key (IRCv3 draft/metadata-3)."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: What a key is made of, and how long it may be: a line has room for several.
_KEY = re.compile("[a-z0-9_./-]{1,32}")


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


class Metadata:
    """The values of every holder: a person by their history key, a channel by its folded name."""

    __slots__ = ("_holders",)

    def __init__(self) -> None:
        self._holders: dict[str, dict[str, str]] = {}

    def remember(self, values: Mapping[tuple[str, str], str]) -> None:
        """Take in those that outlived a restart."""
        for (holder, key), value in values.items():
            self._holders.setdefault(holder, {})[key] = value

    def of(self, holder: str) -> Mapping[str, str]:
        """All that ``holder`` tells, in the order in which it was first told."""
        return self._holders.get(holder, {})

    def put(self, holder: str, key: str, value: str) -> None:
        """Set ``key``; an empty ``value`` takes it away."""
        if value:
            self._holders.setdefault(holder, {})[key] = value
            return
        values = self._holders.get(holder, {})
        values.pop(key, None)
        if not values:
            self._holders.pop(holder, None)

    def move(self, old: str, new: str) -> None:
        """``new`` tells what ``old`` told, but where it has a value of its own."""
        values = self._holders.pop(old, {})
        if values:
            self._holders[new] = values | self._holders.get(new, {})

    def forget(self, holder: str) -> None:
        """``holder`` is gone for good."""
        self._holders.pop(holder, None)

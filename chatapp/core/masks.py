"""The masks of a channel's lists: whom they match, how long they last, and the lists themselves.

A mask is ``nick!user@host`` with ``*`` and ``?``, or ``a:account`` for who is logged in to it (IRCv3
account-extban). Before either, ``t:minutes:`` lets it last no longer than that, and ``m:`` mutes instead of
keeping out. The prefix of EXTBAN is empty: no nick holds a colon, so nothing else begins like that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from chatapp.core.ports import ListEntry
from chatapp.irc.extbans import parse_extended, without_time
from chatapp.irc.names import complete_mask, matches

#: Modes that keep a list of masks: bans, exceptions to bans, exceptions to +i.
LIST_MODES = "beI"
#: The letters of EXTBAN: account, mute, time.
EXTBANS = "amt"
#: A mask lasts for so many minutes at most: ten years.
MOST_MINUTES = 5_256_000

#: Of so many people a list remembers whether it is about them.
_ANSWERS = 1024
_LOOKS_EXTENDED = re.compile(r"~?[A-Za-z]:")

Fold = Callable[[str], str]


class Mask(NamedTuple):
    """A mask that was read. ``minutes`` is 0 for one that lasts; ``pattern`` is of an account or a source."""

    minutes: int
    is_mute: bool
    is_account: bool
    pattern: str

    def fits(self, folded_source: str, folded_account: str) -> bool:
        """Whether it matches somebody; the account of who is not logged in is "", and matches nothing."""
        if self.is_account:
            return folded_account != "" and matches(self.pattern, folded_account)
        return matches(self.pattern, folded_source)


def complete(mask: str, letter: str) -> str:
    """``mask`` as a list keeps it: ``*`` for what is missing, prefixes as they were given.

    Raises:
        ValueError: It is no mask for the list mode ``letter``.
    """
    minutes, is_mute, is_account, rest = parse_extended(mask)
    if not rest or (is_mute and letter == "I"):
        raise ValueError(f"{mask!r} is no mask")
    if minutes is not None and not 0 < minutes <= MOST_MINUTES:
        raise ValueError(f"{mask!r} lasts for no time")
    if is_account:
        return mask
    if _LOOKS_EXTENDED.match(rest):
        raise ValueError(f"{mask!r} is of a kind that is not known")
    return mask[: len(mask) - len(rest)] + complete_mask(rest)


@lru_cache(maxsize=4096)
def parse_mask(mask: str) -> Mask:
    """Read ``mask``, which is folded or is read for what does not depend on case."""
    minutes, is_mute, is_account, rest = parse_extended(mask)
    # Elsewhere ``~`` marks a user name that nobody has vouched for; here no user name is, and none begins so.
    pattern = rest if is_account else rest.replace("!~", "!", 1)
    return Mask(minutes or 0, is_mute, is_account, pattern)


def expiry(entry: ListEntry) -> int:
    """When ``entry`` ends, in seconds since 1970; 0 for never."""
    minutes = parse_mask(entry.mask).minutes
    return entry.time + minutes * 60 if minutes else 0


class MaskList(list[ListEntry]):
    """The entries of one list mode, in the order they were set; change it by its own methods only."""

    __slots__ = ("_answers", "_fold", "_masks")

    def __init__(self, entries: tuple[ListEntry, ...], fold: Fold) -> None:
        super().__init__(entries)
        self._fold = fold
        self._masks: list[Mask] | None = None
        self._answers: dict[tuple[str, str, bool], bool] = {}

    def add(self, entry: ListEntry) -> bool:
        """Enter it as given; tell whether its mask was new, in whatever case."""
        if self.find(entry.mask) is not None:
            return False
        self.append(entry)
        self._forget()
        return True

    def take(self, mask: str) -> str:
        """Take ``mask`` out, in whatever case; give it back as it was entered, "" if it was not there."""
        entry = self.find(mask)
        if entry is None:
            return ""
        self.remove(entry)
        self._forget()
        return entry.mask

    def spellings(self, mask: str) -> list[str]:
        """The entries that are ``mask``, whatever time each was set for; ``mask`` alone if there is none."""
        folded = self._fold(mask)
        return [entry.mask for entry in self if without_time(self._fold(entry.mask)) == folded] or [mask]

    def find(self, mask: str) -> ListEntry | None:
        folded = self._fold(mask)
        return next((entry for entry in self if self._fold(entry.mask) == folded), None)

    def lists(self, source: str, account: str, is_mute: bool = False) -> bool:
        """Whether a mask matches ``source`` or ``account``; the mutes count if ``is_mute``, else the rest."""
        if not self:
            return False
        # The same people speak again and again, and the list seldom changes.
        answer = self._answers.get((source, account, is_mute))
        if answer is None:
            if len(self._answers) >= _ANSWERS:
                self._answers.clear()
            answer = self._answers[source, account, is_mute] = self._match(source, account, is_mute)
        return answer

    def _match(self, source: str, account: str, is_mute: bool) -> bool:
        if self._masks is None:
            self._masks = [parse_mask(self._fold(entry.mask)) for entry in self]
        source, account = self._fold(source), self._fold(account)
        return any(mask.is_mute is is_mute and mask.fits(source, account) for mask in self._masks)

    def _forget(self) -> None:
        """What was found out about the entries does not hold any more."""
        self._masks = None
        self._answers.clear()

"""Mode strings: read ``+o-v alice bob``, write them (Modern IRC "MODE message"; RFC 2812 3.1.5, 3.2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto


class ModeKind(Enum):
    """When a mode has a parameter (the groups of ISUPPORT's CHANMODES, and PREFIX)."""

    LIST = auto()  #: A: a mask to add or remove; without one it asks for the list
    ALWAYS = auto()  #: B: a parameter when set and when unset
    WHEN_SET = auto()  #: C: a parameter only when set
    FLAG = auto()  #: D: never a parameter
    PREFIX = auto()  #: a member's standing; the parameter is the nick
    UNKNOWN = auto()  #: not a mode here; it takes no parameter


@dataclass(frozen=True, slots=True)
class ModeKinds:
    """Which letters are of which kind, as strings of letters. User modes are all ``flags``."""

    lists: str = ""
    always: str = ""
    when_set: str = ""
    flags: str = ""
    prefixes: str = ""

    def kind_of(self, letter: str) -> ModeKind:
        """The kind of ``letter``."""
        for kind, letters in (
            (ModeKind.FLAG, self.flags),
            (ModeKind.PREFIX, self.prefixes),
            (ModeKind.LIST, self.lists),
            (ModeKind.ALWAYS, self.always),
            (ModeKind.WHEN_SET, self.when_set),
        ):
            if letter in letters:
                return kind
        return ModeKind.UNKNOWN


@dataclass(frozen=True, slots=True)
class ModeChange:
    """One letter set or unset. ``kind`` is what the letter is to whoever read it."""

    adding: bool
    letter: str
    param: str | None = None
    kind: ModeKind = ModeKind.FLAG

    @property
    def is_query(self) -> bool:
        """Whether it only asks for the list: ``+b`` without a mask."""
        return self.kind is ModeKind.LIST and self.param is None

    @property
    def is_unknown(self) -> bool:
        """Whether there is no such mode: 472 in a channel, 501 for a user."""
        return self.kind is ModeKind.UNKNOWN


def parse_modes(params: Sequence[str], kinds: ModeKinds) -> list[ModeChange]:
    """Read what follows the target in MODE: mode strings, and the parameters their letters take, in order.

    A further word is a mode string of its own only if it begins with a sign; words nobody asked for are
    passed over (``-l 5`` is ``-l``). Letters before the first sign are set.
    """
    changes: list[ModeChange] = []
    words = list(reversed(params))
    while words:
        is_first = len(words) == len(params)
        modes = words.pop()
        if not is_first and modes[:1] not in ("+", "-"):
            continue
        adding = True
        for letter in modes:
            if letter in "+-":
                adding = letter == "+"
                continue
            kind = kinds.kind_of(letter)
            param = words.pop() if words and _takes_param(kind, adding) else None
            changes.append(ModeChange(adding, letter, param, kind))
    return changes


def format_modes(changes: Iterable[ModeChange]) -> list[str]:
    """Write ``changes`` as parameters of one MODE line, a sign only where it changes; nothing gives ``[]``.

    `parse_modes` reads the same changes back if each has the parameter its kind takes (a list query, which
    has none, must be last).
    """
    modes = ""
    params = []
    sign = ""
    for change in changes:
        wanted = "+" if change.adding else "-"
        if wanted != sign:
            modes += wanted
            sign = wanted
        modes += change.letter
        if change.param is not None:
            params.append(change.param)
    return [modes, *params] if modes else []


def _takes_param(kind: ModeKind, adding: bool) -> bool:
    if kind is ModeKind.WHEN_SET:
        return adding
    return kind in (ModeKind.LIST, ModeKind.ALWAYS, ModeKind.PREFIX)

"""A user's standing in a channel, from founder to voice, and whom each standing may act on."""

from __future__ import annotations

#: The modes that a member can have, highest first, and the prefix each shows (Modern IRC "Channel Membership
#: Prefixes"). Nobody gets ``q`` by coming in: it is the founder's of a registered channel.
PREFIXES: dict[str, str] = {"q": "~", "a": "&", "o": "@", "h": "%", "v": "+"}
#: A message to ``@#channel`` reaches the members from this mode up (STATUSMSG).
STATUS_TARGETS: dict[str, str] = {prefix: mode for mode, prefix in PREFIXES.items()}
#: How high each mode stands; no mode is 0.
RANKS: dict[str, int] = {mode: rank for rank, mode in enumerate(reversed(PREFIXES), start=1)} | {"": 0}
HALFOP, OPERATOR, FOUNDER = RANKS["h"], RANKS["o"], RANKS["q"]
#: The highest rank that each rank may give, take and put out. Operators may act on each other, admins are
#: safe from all but founders; those with a voice or nothing act on nobody.
_REACHES = {FOUNDER: FOUNDER, RANKS["a"]: OPERATOR, OPERATOR: OPERATOR, HALFOP: RANKS["v"]}
#: What acts on nobody, not even on those without a mode.
_NOBODY = -1


class Member:
    """The modes a user has in one channel.

    ``joined`` is the stamp of the JOIN that all have heard, 0 where there is none under the present nick.
    """

    __slots__ = ("joined", "modes")

    def __init__(self, modes: str = "") -> None:
        self.modes = modes
        self.joined = 0

    @property
    def rank(self) -> int:
        """How high their highest mode stands (see `RANKS`)."""
        return RANKS[self.modes[:1]]

    @property
    def is_operator(self) -> bool:
        """Whether they are operator or higher."""
        return self.rank >= OPERATOR

    @property
    def prefixes(self) -> str:
        """All their prefixes, highest first."""
        return "".join(PREFIXES[mode] for mode in self.modes)

    def grant(self, mode: str, held: bool) -> bool:
        """Give or take ``mode``; tell whether that changed anything."""
        if (mode in self.modes) is held:
            return False
        modes = set(self.modes) ^ {mode}
        self.modes = "".join(m for m in PREFIXES if m in modes)
        return True


def reach(rank: int) -> int:
    """The highest rank that somebody of ``rank`` may give or take, and whose holders they may put out."""
    return _REACHES.get(rank, _NOBODY)

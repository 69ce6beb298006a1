"""A user's standing in a channel."""

from __future__ import annotations

#: The modes that a member can have, highest first, and the prefix each shows.
PREFIXES: dict[str, str] = {"o": "@", "v": "+"}
#: A message to ``@#channel`` reaches the members from this mode up (STATUSMSG).
STATUS_TARGETS: dict[str, str] = {"@": "o"}


class Member:
    """The modes a user has in one channel."""

    __slots__ = ("modes",)

    def __init__(self, modes: str = "") -> None:
        self.modes = modes

    @property
    def is_operator(self) -> bool:
        return "o" in self.modes

    @property
    def has_voice(self) -> bool:
        """Whether they may speak where only some may."""
        return bool(self.modes)

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

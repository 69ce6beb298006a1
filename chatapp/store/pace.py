"""How quick the disk is: what decides whether the loop itself waits for a commit, or has a thread wait."""

from __future__ import annotations

#: Seconds. To hand a commit over to a thread, and hear of it, may take as long where both cores are busy.
QUICK = 0.002
#: So many commits in a row must have been quick.
TRIAL = 100


class Pace:
    """Judges by the commits that it is told of, wherever they were done."""

    def __init__(self) -> None:
        self._to_go = TRIAL

    @property
    def is_quick(self) -> bool:
        """Whether the next commit may be expected to take no longer than `QUICK`."""
        return self._to_go == 0

    def took(self, seconds: float) -> None:
        """A commit has taken so long."""
        if seconds > QUICK:
            self._to_go = TRIAL
        elif self._to_go:
            self._to_go -= 1

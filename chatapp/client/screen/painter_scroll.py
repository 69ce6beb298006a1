"""Whether the terminal should move rows instead of having them written again (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from chatapp.client.screen.render import Row

#: Rows that must be spared for a move to pay: it also moves what stands beside them and has to be mended.
_WORTH = 5


class Move(NamedTuple):
    """The rows from ``top`` to before ``bottom`` go up by ``by``, or down where that is negative."""

    top: int
    bottom: int
    by: int

    def codes(self) -> str:
        """What has the terminal do it: a scroll region for a moment. The cursor is anywhere then."""
        if self.by > 0:
            scroll = f"\x1b[{self.bottom}H" + "\n" * self.by
        else:
            scroll = f"\x1b[{self.top + 1}H" + "\x1bM" * -self.by
        return f"\x1b[{self.top + 1};{self.bottom}r{scroll}\x1b[r"


def best_move(old: Sequence[Row | None], new: Sequence[Row]) -> Move | None:
    """The move after which most of ``new`` stands already where ``old`` was; ``None`` if none is worth it."""
    changed = [y for y, row in enumerate(new) if row != old[y]]
    if len(changed) < _WORTH:
        return None
    top, bottom = changed[0], changed[-1] + 1
    places = {row: y for y, row in enumerate(old[top:bottom], top) if row}
    votes: Counter[int] = Counter()
    for y in changed:
        place = places.get(new[y])
        if place is not None:
            votes[place - y] += 1
    if not votes:
        return None
    by, spared = votes.most_common(1)[0]
    lost = sum(1 for y in range(top, bottom) if new[y] and new[y] == old[y])
    return Move(top, bottom, by) if by and spared - lost >= _WORTH else None

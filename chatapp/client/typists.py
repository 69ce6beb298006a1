"""Who is writing in a conversation right now: plain data that forgets by itself (IRCv3 +typing)."""

from __future__ import annotations

#: Seconds for which a notice holds: of someone who writes, and of someone who has stopped for a while.
ACTIVE_FOR = 6.0
PAUSED_FOR = 30.0
#: People remembered at most.
MOST = 50


class Typists:
    """Nicks by their folded form, and until when each counts as writing; times in seconds since 1970."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[str, float]] = {}

    def heard(self, folded: str, nick: str, state: str, now: float) -> None:
        """``nick`` is ``active``, ``paused`` or ``done``; any other word counts as done."""
        self._until = {who: found for who, found in self._until.items() if found[1] > now}
        patience = {"active": ACTIVE_FOR, "paused": PAUSED_FOR}.get(state)
        if patience is None:
            self._until.pop(folded, None)
        elif folded in self._until or len(self._until) < MOST:
            self._until[folded] = (nick, now + patience)

    def stopped(self, folded: str) -> None:
        """They have said it, or are gone."""
        self._until.pop(folded, None)

    def clear(self) -> None:
        """Nobody is known to write any more."""
        self._until.clear()

    def nicks(self, now: float) -> list[str]:
        """Who writes, who began first at the front."""
        return [nick for nick, until in self._until.values() if until > now]

    def next_end(self, now: float) -> float | None:
        """When the next of them is forgotten, ``None`` if nobody writes."""
        return min((until for _nick, until in self._until.values() if until > now), default=None)

"""Who has written to us while we were away: their conversations are opened (CHATHISTORY TARGETS).

Only those who are logged in are asked about: a guest's private messages end with the connection.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chatapp.client.moment import format_moment
from chatapp.irc import caps

if TYPE_CHECKING:
    from chatapp.client.session import Session

#: Seconds back that are asked about when the client starts: a week.
BACK = 7 * 86_400.0
#: Seconds that the clocks of the two sides may differ, where nothing was heard that tells the other's.
_ASKEW = 300.0
#: Seconds from now until when we ask: longer than any clock is slow.
_AHEAD = 10 * 366 * 86_400.0
#: The step in which the protocol tells time.
_STEP = 0.001
#: Conversations that are opened at once, those with the latest words.
MOST = 20
#: So many are asked for: servers give the earliest first.
_ASKED = 1000


class Correspondents:
    """The people of one session who wrote when it could not hear them; times in seconds since 1970."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._cut_at: float | None = None
        self._heard_until = self._known_until = 0.0
        self._is_answered = False
        self._asked_for = ""

    def heard(self, time: float) -> None:
        """Something was heard live: what was said before ``time``, of the server's clock, is no news."""
        self._heard_until = max(self._heard_until, time)

    def ask(self) -> None:
        """Ask who has written, once for each account and connection."""
        session, account = self._session, self._session.login.account
        if not account or account == self._asked_for or not session.caps.has_history:
            return
        if not session.rooms.is_ready:
            return
        self._asked_for = account
        limit = min(session.isupport.chathistory or _ASKED, _ASKED)
        bounds = (self._after(), session.now() + _AHEAD)
        moments = [f"timestamp={format_moment(moment)}" for moment in bounds]
        session.send("CHATHISTORY", "TARGETS", *moments, str(limit))

    def told(self, targets: Iterable[tuple[str, float]]) -> None:
        """Open the conversations with ``targets``, each with when its latest words were said."""
        self._is_answered = True
        session = self._session
        people = [
            (moment, name)
            for name, moment in targets
            if name and not session.isupport.is_channel(name) and not session.is_me(name)
        ]
        for _moment, name in sorted(people)[-MOST:]:
            if session.model.find(name) is not None:
                continue  # what is open catches up by itself
            buffer = session.rooms.direct(name)
            if self._cut_at is not None or caps.READ_MARKER in session.caps.enabled:
                session.reading.markers.assume(buffer, self._since())

    def cut(self) -> None:
        """The connection has ended."""
        if self._is_answered:  # else what was to be told is still to be asked for
            self._cut_at, self._known_until = self._session.now(), self._heard_until
        self._is_answered = False
        self._asked_for = ""

    def _after(self) -> float:
        """From when on somebody may have written whom we did not hear."""
        if self._known_until:
            return self._known_until - _STEP
        return self._since() - _ASKEW

    def _since(self) -> float:
        return self._session.now() - BACK if self._cut_at is None else self._cut_at

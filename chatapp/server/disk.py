"""Watch the disk: when it is full, faulty or slow, the operator and all people are told so once, in words.

While it is nearly full nothing more may be said, and everything else goes on. What was said already and
cannot be kept is heard by nobody until it can be; until then these words alone go past the tick.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from gettext import gettext as _

from chatapp.core.session import Session
from chatapp.core.world import World
from chatapp.irc.line import format_body
from chatapp.irc.refusals import DISK_FULL, DISK_GOES_ON, DISK_GONE, DISK_WAITS, sentence
from chatapp.server.pump import Pump

log = logging.getLogger(__name__)

#: Seconds that keeping one tick takes where the house is behind: nobody is cut off for not being heard then.
BEHIND = 1.0
#: Seconds after which people are told that what they say waits; and so many must go well until it is over.
LONG = 10.0
CALM = 5.0
#: Seconds between two signs of life while nobody hears anything else; clients believe a silent server gone.
SIGN = 30.0
#: Seconds between two lines in the log about one slow disk, and without slowness until it counts as fast.
AGAIN = 60.0


class Disk:
    """Looks once a second at what ``pump`` waits for and whether the store ``has_room``."""

    def __init__(self, world: World, pump: Pump, has_room: Callable[[], bool]) -> None:
        self._world = world
        self._pump = pump
        self._has_room = has_room
        self._told: set[Session] = set()
        self._is_out = False
        self._last_out = self._last_sign = 0.0
        self._slowest = 0.0
        self._last_slow: float | None = None
        self._logged: float | None = None

    def is_behind(self, now: float) -> bool:
        """Whether nobody hears anything at the moment, of the loop's time, because the disk takes so long."""
        return self._pump.kept_waiting(now) >= BEHIND

    def look(self, now: float) -> None:
        """See how it is at the moment ``now`` of the loop's time, and tell what has changed."""
        self._look_for_room()
        waited = self._pump.kept_waiting(now)
        if self._pump.outage is not None or waited >= LONG:
            self._last_out = now
            self._tell_of_outage(now)
        elif waited >= BEHIND:
            self._last_out = now
        elif self._is_out and now - self._last_out >= CALM:
            self._tell_of_end()
        self._look_for_slowness(now, waited)

    def _look_for_room(self) -> None:
        """While the disk is nearly full nothing more is said: it could not be kept."""
        world = self._world
        full = self._why_mute()
        if full == world.mute_reason:
            return
        log.warning("%s", sentence(full) if full else _("The disk has room again"))
        world.mute_reason = full
        if not full:
            for user in world.users.values():  # where they are may have changed, and was not kept
                world.keep_presence(user)
            for place, stamp in world.markers.take_put_off().items():
                world.delivery.keep_marker(*place, stamp)

    def _why_mute(self) -> str:
        """In the words of the wire, which each client has in the language of its person."""
        try:
            has_room = self._has_room()
        except OSError:
            return DISK_GONE
        return "" if has_room else DISK_FULL

    def _tell_of_outage(self, now: float) -> None:
        if not self._is_out:
            self._is_out, self._last_sign = True, now
            if why := self._pump.outage:
                log.error(_("Nothing can be kept, so nobody hears anything until it can be: %s"), why)
        for session in self._world.sessions - self._told:
            if session.registration is None:
                self._told.add(session)
                self._tell(session, DISK_WAITS)
        if now - self._last_sign >= SIGN:
            self._last_sign = now
            self._give_sign()

    def _give_sign(self) -> None:
        body = format_body(None, "PING", [self._world.name], colon=True)
        for session in self._told & self._world.sessions:
            if not session.is_plain:
                session.wire.write(session.wrap("", body))

    def _tell_of_end(self) -> None:
        self._is_out = False
        log.warning(_("The disk keeps what is said again"))
        for session in self._told & self._world.sessions:
            self._tell(session, DISK_GOES_ON)
        self._told.clear()

    def _tell(self, session: Session, words: str) -> None:
        """Let ``session`` hear ``words`` at once, before what it is told in this tick."""
        body = format_body(self._world.name, "NOTICE", [session.nick, words], colon=True)
        session.wire.write(session.wrap("", body))

    def _look_for_slowness(self, now: float, waited: float) -> None:
        if self._pump.fault is not None or self._world.mute_reason:
            return  # that is told already
        if waited >= BEHIND:
            self._slowest, self._last_slow = max(self._slowest, waited), now
            if self._logged is None or now - self._logged >= AGAIN:
                self._logged = now
                words = _("The disk is slow: %.1f s for one tick so far, and %d more messages wait")
                log.warning(words, waited, self._world.delivery.waiting)
        elif self._last_slow is not None and now - self._last_slow >= AGAIN:
            log.warning(_("The disk is fast again; the longest that it took was %.1f s"), self._slowest)
            self._slowest, self._last_slow, self._logged = 0.0, None, None

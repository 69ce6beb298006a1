"""What is due when in the life of a session: the registration deadline, a PING, the end of a silent one."""

from __future__ import annotations

from enum import Enum, auto

from chatapp.core.session import Session
from chatapp.core.settings import LimitSettings


class Due(Enum):
    """What must happen to a session now."""

    NOTHING = auto()
    PING = auto()
    PING_TIMEOUT = auto()
    REGISTRATION_TIMEOUT = auto()


def due(session: Session, now: int, limits: LimitSettings) -> Due:
    """What is due at ``now``, in seconds of the steady clock. A limit of 0 never comes due."""
    if session.registration is not None:
        timeout = limits.name_timeout if session.is_plain else limits.registration_timeout
        late = timeout and now - session.began >= timeout
        return Due.REGISTRATION_TIMEOUT if late else Due.NOTHING
    if session.is_plain:
        return Due.NOTHING
    if session.pinged:
        if session.heard >= session.pinged:
            session.pinged = 0
        elif now - session.pinged >= limits.ping_timeout:
            return Due.PING_TIMEOUT
        return Due.NOTHING
    if limits.ping_interval and now - session.heard >= limits.ping_interval:
        return Due.PING
    return Due.NOTHING

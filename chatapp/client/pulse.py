"""Whether the server is still there: after some silence it is asked, after more it is believed gone."""

from __future__ import annotations

from collections.abc import Callable

#: Seconds of silence after which we ask whether the server is there, and after which we believe it is not.
PING_AFTER = 60.0
GIVE_UP_AFTER = 90.0


class Pulse:
    """The silence of one connection; ``now`` gives seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._heard_at = now()
        self._has_asked = False

    def heard(self) -> None:
        """Something came."""
        self._heard_at = self._now()
        self._has_asked = False

    def must_ask(self) -> bool:
        """Whether the server is to be asked now, once."""
        self._heard_at = min(self._heard_at, self._now())  # The clock may have been set back.
        must = self._now() - self._heard_at >= PING_AFTER and not self._has_asked
        self._has_asked = self._has_asked or must
        return must

    def due(self) -> float:
        """When the silence means something next."""
        return self._heard_at + (GIVE_UP_AFTER if self._has_asked else PING_AFTER)

    @property
    def is_gone(self) -> bool:
        """Whether the server has been silent for too long."""
        return self._now() - self._heard_at >= GIVE_UP_AFTER

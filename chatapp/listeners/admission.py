"""Who may connect at all: how many from one address, and whether from the public internet."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from gettext import gettext as _

from chatapp.core.addresses import household, parse_address
from chatapp.core.settings import LimitSettings


@lru_cache(maxsize=4096)
def network_of(address: str) -> tuple[str, bool]:
    """Whose connections count together with ``address``, and whether it is private.

    An IPv6 /64 belongs to one household and counts as one; loopback, link-local and private ranges are
    private, and so is anything that is no IP address (a Unix socket).
    """
    ip = parse_address(address)
    # Who comes through Teredo comes from the internet, though its addresses count as reserved.
    is_private = ip is None or (not ip.is_global and (ip.version == 4 or ip.teredo is None))
    return household(address), is_private


class Admission:
    """Counts the connections of each address; a limit of 0 is none. ``on_empty`` hears of the last to go.

    ``clock`` gives seconds; how many have come is counted anew each minute.
    """

    def __init__(
        self,
        limits: LimitSettings,
        public: bool,
        on_empty: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._on_empty = on_empty
        self._clock = clock
        self._minute = 0
        self._came: Counter[str] = Counter()
        self._limits = limits
        self._public = public
        self._here: Counter[str] = Counter()
        self.total = 0
        #: How many were not let in, by what they were too much for.
        self.refused: Counter[str] = Counter(public=0, connections=0, rate=0)

    def follow(self, limits: LimitSettings, public: bool) -> None:
        """Go by other settings from now on; who is here stays."""
        self._limits, self._public = limits, public

    def enter(self, address: str) -> str:
        """Count a new connection in, or tell why it may not come in ("" if it may)."""
        network, is_private = network_of(address)
        if not is_private and not self._public:
            self.refused["public"] += 1
            return _("This server is for its own network only; its operator can open it with --public")
        most = self._limits.connections_per_private_ip if is_private else self._limits.connections_per_ip
        if most and self._here[network] >= most:
            self.refused["connections"] += 1
            return _("There are {count} connections from your address already").format(count=most)
        if not is_private and self._comes_too_often(network):
            self.refused["rate"] += 1
            return _("Your address connects too often; try again in a minute")
        self._here[network] += 1
        self.total += 1
        return ""

    def _comes_too_often(self, network: str) -> bool:
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute = minute
            self._came.clear()
        self._came[network] += 1
        return 0 < self._limits.connection_rate_per_ip < self._came[network]

    def leave(self, address: str) -> None:
        """Count a connection that `enter` let in out again."""
        network, _is_private = network_of(address)
        self._here[network] -= 1
        self.total -= 1
        if not self._here[network]:
            del self._here[network]
        if not self.total:
            self._on_empty()

"""The port: accept, read the first bytes, lead each caller to its protocol.

A caller costs little until it is known what it speaks, and is answered in words where we do not speak that.
Who stays silent for a moment is asked for a name, as a person with nc would like, and may still turn out to
be a program that speaks IRC.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from collections.abc import Set
from gettext import gettext as _
from pathlib import Path

from chatapp.listeners.admission import Admission
from chatapp.listeners.caller import NO_PROXY, Caller
from chatapp.listeners.connection import House
from chatapp.listeners.detect import SPOKEN, Protocol
from chatapp.listeners.proxy import Proxies
from chatapp.listeners.sockets import clear_stale, inode_of, remove
from chatapp.listeners.tls import Tls

#: Connections that the system accepts for us while we are busy.
BACKLOG = 1024


class Port:
    """Everyone who has connected and not said what they speak, and the sockets they come through."""

    def __init__(self, house: House, admission: Admission) -> None:
        self.house = house
        self.admission = admission
        self.on_lost = admission.leave  # one bound method for all, not one for each
        words = _("Welcome to the {network} chat! What is your name?")
        #: Said to everyone who waits; put together once, since thousands may do so in the same moment.
        self.greeting = f"{words.format(network=house.world.settings.server.network)}\r\n".encode()
        self.undecided: dict[Caller, float] = {}
        self.greeted: dict[Caller, float] = {}
        self._servers: list[asyncio.AbstractServer] = []
        self._paths: dict[Path, int] = {}

    async def listen(
        self,
        sockets: list[socket.socket],
        tls: Tls | None = None,
        spoken: Set[Protocol] = SPOKEN,
        proxies: Proxies = NO_PROXY,
    ) -> None:
        """Accept on ``sockets``, which are bound, and speak ``spoken``; with a ``tls`` also inside TLS."""
        loop = asyncio.get_running_loop()

        def meet() -> Caller:
            return Caller(self, tls=tls, spoken=spoken, proxies=proxies)

        for sock in sockets:
            self._servers.append(await loop.create_server(meet, sock=sock, backlog=BACKLOG))

    async def listen_unix(
        self, path: Path, spoken: Set[Protocol] = SPOKEN, proxies: Proxies = NO_PROXY
    ) -> None:
        """Accept on a Unix socket at ``path``; what a server that is gone left there is taken away.

        Raises:
            OSError: There is a server at ``path``, or it cannot be made, or this system has none.
        """
        if sys.platform == "win32":
            raise OSError(errno.ENOTSUP, _("this system has no Unix sockets"))
        clear_stale(path)
        loop = asyncio.get_running_loop()
        self._servers.append(
            await loop.create_unix_server(
                lambda: Caller(self, "localhost", spoken=spoken, proxies=proxies), str(path), backlog=BACKLOG
            )
        )
        self._paths[path] = inode_of(path)

    def close(self) -> None:
        """Accept nobody any more, and send away those who have not said what they speak."""
        while self._servers:
            self._servers.pop().close()
        while self._paths:
            remove(*self._paths.popitem())
        for caller in [*self.undecided, *self.greeted]:
            caller.refuse(_("The server is going down"))

    def sweep(self, now: float) -> None:
        """Send away those who have been silent for too long; ``now`` is the loop's time."""
        limits = self.house.limits
        for callers, timeout in (
            (self.undecided, limits.registration_timeout),
            (self.greeted, limits.name_timeout),
        ):
            for caller, began in list(callers.items()):
                if not timeout or now - began < timeout:
                    break
                caller.refuse(_("Nothing was said for {seconds} seconds").format(seconds=timeout))

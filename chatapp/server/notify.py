"""What systemd is told (``Type=notify``): that the server is ready, reads its settings, stops, and is alive.

A datagram to the socket that ``$NOTIFY_SOCKET`` names (sd_notify(3)); where there is none nothing is done.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Mapping
from gettext import gettext as _

from chatapp.system_errors import reason_of

log = logging.getLogger(__name__)

#: Seconds that systemd may take to read; it does nothing else.
_PATIENCE = 0.2
_SOCKET, _WATCHDOG, _WATCHED = "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"


class Notifier:
    """Tells whoever started this process how it goes; ``environ`` is what it was started with.

    No call raises: where nobody can be told that is logged, and not tried again.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = _address(environ.get(_SOCKET, ""))
        self._watchdog = _watchdog_seconds(environ)

    def ready(self, status: str) -> None:
        """The server can be reached; ``status`` is a line for ``systemctl status``."""
        self._tell("READY=1", f"STATUS={_one_line(status)}")

    def reloading(self) -> None:
        """The settings are read again; `ready` says when that is done."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """The server takes leave of everyone."""
        self._tell("STOPPING=1")

    async def live(self) -> None:
        """Say that the loop turns, twice in the time that systemd waits for it, until cancelled."""
        if not self._address or not self._watchdog:
            return
        while True:
            self._tell("WATCHDOG=1")
            await asyncio.sleep(self._watchdog / 2)

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.settimeout(_PATIENCE)
                sender.sendto("\n".join(lines).encode(errors="replace"), self._address)
        except TimeoutError:
            log.warning(_("systemd did not hear %s: it does not read"), lines[0])
        except OSError as why:
            self._address = ""
            log.warning(_("systemd cannot be told how it goes: %s"), reason_of(why))


def _address(name: str) -> str:
    """What to send to, "" for nobody; a name that begins with ``@`` is one without a file."""
    if not hasattr(socket, "AF_UNIX") or name[:1] not in ("/", "@"):
        return ""
    return f"\0{name[1:]}" if name[0] == "@" else name


def _watchdog_seconds(environ: Mapping[str, str]) -> float:
    """After how many seconds of silence this process is taken for dead; 0 if nobody watches it."""
    text = environ.get(_WATCHDOG, "")
    is_meant = environ.get(_WATCHED, "") in ("", str(os.getpid()))
    return int(text) / 1e6 if is_meant and text.isascii() and text.isdecimal() else 0.0


def _one_line(text: str) -> str:
    return " ".join(text.split())

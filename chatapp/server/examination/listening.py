"""Whether a server that starts now could listen where its settings say."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable, Iterator
from gettext import gettext as _
from pathlib import Path

from chatapp.listeners.sockets import bind, is_stale
from chatapp.server.banner import UdpAddress, places
from chatapp.server.examination.finding import Finding, fix, ok
from chatapp.server.obstacles import cannot_give_metrics, cannot_listen, cannot_take_datagrams
from chatapp.server.settings import ListenerSettings, MetricsSettings

#: Bytes of a Unix socket's path: one less than ``sun_path`` has (unix(7), and unix(4) of the BSDs).
_LONGEST_PATH = 107 if sys.platform == "linux" else 103


def listening(listener: ListenerSettings, is_running: bool) -> Iterator[Finding]:
    """Whether ``listener`` could be opened; where the server itself ``is_running`` it is there already."""
    if listener.path:
        yield _path(listener, is_running)
        return
    where = (listener.host or "::", listener.port)
    yield _tried(
        places([where]),
        is_running,
        lambda: bind(listener.host, listener.port),
        lambda why: cannot_listen(listener, why),
    )
    if listener.udp_port:
        yield _tried(
            places([UdpAddress(where[0], listener.udp_port)]),
            is_running,
            lambda: bind(listener.host, listener.udp_port, socket.SOCK_DGRAM),
            lambda why: cannot_take_datagrams(listener, why),
        )


def giving_metrics(settings: MetricsSettings, is_running: bool) -> Iterator[Finding]:
    """As `listening`, for the port at which metrics are given."""
    if settings.port:
        yield _tried(
            places([(settings.host, settings.port)]),
            is_running,
            lambda: bind(settings.host, settings.port),
            lambda why: cannot_give_metrics(settings, why),
        )


def _tried(
    place: str,
    is_running: bool,
    open_all: Callable[[], list[socket.socket]],
    why_not: Callable[[OSError], str],
) -> Finding:
    try:
        for sock in open_all():
            sock.close()
    except OSError as why:
        if is_running:
            return ok("access", _("{place}: the server that runs listens there.").format(place=place))
        return fix("access", why_not(why) + ".", _("a server with these settings would not start"))
    return ok("access", _("{place}: free.").format(place=place))


def _path(listener: ListenerSettings, is_running: bool) -> Finding:
    path = Path.cwd() / listener.path
    try:
        is_left_over = _takes_away(path)
    except OSError as why:
        if is_running and path.is_socket():
            return ok("access", _("{place}: the server that runs listens there.").format(place=path))
        return fix(
            "access", cannot_listen(listener, why) + ".", _("a server with these settings would not start")
        )
    if is_left_over:
        return ok("access", _("{place}: free; what a server left there is taken away.").format(place=path))
    return ok("access", _("{place}: free.").format(place=path))


def _takes_away(path: Path) -> bool:
    """Whether a start would take away a socket at ``path`` that a server which is gone has left.

    Raises:
        OSError: A socket could not be made there, as when one is made.
    """
    if sys.platform == "win32":
        raise OSError(errno.ENOTSUP, _("this system has no Unix sockets"))
    if len(os.fsencode(path)) > _LONGEST_PATH:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
    is_left_over = is_stale(path)
    if path.exists() and not is_left_over:
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    if not path.parent.is_dir():
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    return is_left_over

"""Sockets to listen at: bound for TCP and UDP, and Unix sockets taken away that nobody listens at."""

from __future__ import annotations

import errno
import logging
import os
import socket
import sys
from gettext import gettext as _
from pathlib import Path

log = logging.getLogger(__name__)


def bind(host: str, port: int, kind: int = socket.SOCK_STREAM) -> list[socket.socket]:
    """Sockets bound to every address of ``host`` ("" for all of this machine), all with the same port.

    ``port`` 0 takes a free one; ``kind`` is ``SOCK_DGRAM`` for datagrams.

    Raises:
        OSError: None of the addresses could be bound.
    """
    flags = socket.AI_PASSIVE
    infos = socket.getaddrinfo(host or None, port, type=kind, flags=flags)
    sockets: list[socket.socket] = []
    problem: OSError | None = None
    for family, _kind, number, _name, address in dict.fromkeys(infos):
        try:
            sockets.append(_bound(family, kind, number, (address[0], port, *address[2:])))
        except OSError as why:
            if why.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                problem = why
            continue
        port = sockets[-1].getsockname()[1]
    if not sockets or problem is not None:
        for sock in sockets:
            sock.close()
        raise problem or OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
    return sockets


def _bound(family: int, kind: int, number: int, address: tuple[object, ...]) -> socket.socket:
    sock = socket.socket(family, kind, number)
    try:
        if sys.platform != "win32" and kind == socket.SOCK_STREAM:  # else two servers would share it
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setblocking(False)
        sock.bind(address)
    except OSError:
        sock.close()
        raise
    return sock


def is_stale(path: Path) -> bool:
    """Whether there is a socket at ``path`` that a server which is gone has left.

    Raises:
        OSError: A server listens there.
    """
    if sys.platform == "win32" or not path.is_socket():
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return True
    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))


def clear_stale(path: Path) -> None:
    """Take away what a server that is gone has left at ``path``.

    Raises:
        OSError: A server listens there.
    """
    if is_stale(path):
        path.unlink()


def inode_of(path: Path) -> int:
    """By what `remove` knows the socket at ``path`` again."""
    return path.stat().st_ino


def remove(path: Path, number: int) -> None:
    """Take the socket at ``path`` away if it is still the one with this inode ``number``."""
    try:
        if inode_of(path) == number:
            path.unlink()
    except FileNotFoundError:
        return
    except OSError as why:
        log.warning(_("The socket %s stays behind: %s"), path, why)

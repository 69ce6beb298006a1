"""Ports for servers that must know theirs before they start, or keep it while they are down."""

from __future__ import annotations

import itertools
import os
import socket

#: Below those that the system gives to whoever asks for any, on every system as it comes: what has one of
#: these is not taken for the far end of some connection while its server is down.
_FIRST, _EACH, _PROCESSES = 20_000, 750, 16

_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_numbers = itertools.count(os.getpid())


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port of 127.0.0.1 that nobody has, for TCP or for datagrams; nobody else is given it.

    Each process of a test run has numbers of its own, and comes back to one only after all the others.

    Raises:
        OSError: None of them is free.
    """
    for number in itertools.islice(_numbers, _EACH):
        port = _FIRST + _worker % _PROCESSES * _EACH + number % _EACH
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("none of the ports for tests is free")

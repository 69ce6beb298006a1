"""What can be seen of a server that runs, and what it tells `chat-server doctor`, by an errand."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from chatapp import __version__
from chatapp.core.settings import Settings
from chatapp.core.world import World
from chatapp.listeners.admission import Admission
from chatapp.server.banner import Address, UdpAddress
from chatapp.server.errands import Errand, ask
from chatapp.server.open_files import file_limit
from chatapp.server.settings import ListenerSettings

#: The errand's verb.
STATUS = "status"
#: Seconds that a server may take to answer; it looks for errands several times in one.
PATIENCE = 3.0


class Sights(NamedTuple):
    """What can be looked at of a server that runs. ``folder`` has its data; it is None where none is kept.

    ``is_out`` tells whether the store cannot keep anything at the moment.
    """

    world: World
    admission: Admission
    folder: Path | None
    is_out: Callable[[], bool]


class Status(NamedTuple):
    """A server that runs. ``began`` is in seconds since 1970, ``files`` how many it may open (0: no limit).

    ``trouble`` is what keeps people from speaking at this moment, "" for nothing; ``addresses`` are where it
    listens, and ``settings`` what `digest_of` makes of those it goes by.
    """

    pid: int
    version: str
    began: int
    connections: int
    users: int
    rooms: int
    files: int
    trouble: str
    addresses: tuple[Address, ...]
    settings: str


def status_of(
    world: World, addresses: Sequence[Address], listeners: tuple[ListenerSettings, ...], trouble: str
) -> Status:
    """How the server with ``world`` does, which was told to listen at ``listeners``."""
    return Status(
        os.getpid(),
        __version__,
        world.began,
        len(world.sessions),
        len(world.users),
        len(world.channels),
        file_limit(),
        trouble,
        tuple(addresses),
        digest_of(world.settings, listeners),
    )


def digest_of(rules: Settings, listeners: tuple[ListenerSettings, ...]) -> str:
    """By what one tells whether two programs go by the same settings."""
    return hashlib.sha256(repr((rules, listeners)).encode()).hexdigest()


def write_status(status: Status) -> str:
    """As one line of text."""
    addresses = [_as_json(address) for address in status.addresses]
    return json.dumps({**status._asdict(), "addresses": addresses}, ensure_ascii=False)


def read_status(text: str) -> Status | None:
    """What `write_status` wrote; None for what another version wrote that says something else."""
    try:
        found = json.loads(text)
        status = Status(**found)
        return status._replace(addresses=tuple(map(_address, status.addresses)))
    except (ValueError, TypeError):
        return None


def _as_json(address: Address) -> list[object]:
    """An address as its kind and what belongs to it: whoever reads it has words of their own language."""
    if isinstance(address, Path):
        return ["unix", str(address)]
    return ["udp" if isinstance(address, UdpAddress) else "tcp", *address]


def _address(found: object) -> Address:
    """What `_as_json` made.

    Raises:
        ValueError: It is something else.
    """
    match found:
        case ["unix", str(path)]:
            return Path(path)
        case ["udp", str(host), int(port)]:
            return UdpAddress(host, port)
        case ["tcp", str(host), int(port)]:
            return host, port
    raise ValueError(found)


def ask_status(directory: Path, patience: float = PATIENCE) -> Status | None:
    """What the server that holds ``directory`` tells; None if it is of another version, and tells nothing.

    Raises:
        NoAnswer: It does not answer, though it should within ``patience`` seconds.
        OSError: This user may not ask.
    """
    answer = ask(directory, Errand(STATUS), patience)
    return read_status(answer.lines[0]) if answer.is_done and answer.lines else None

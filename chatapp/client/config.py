"""What a client can be told: where the server is, who one is, which rooms to enter."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field
from pathlib import Path

from chatapp.irc.names import is_nick

DEFAULT_PORT, DEFAULT_UDP_PORT = 12345, 5002
DEFAULT_ROOM = "#lobby"
#: Bytes that nearly every server allows a nick.
_NICK_BYTES = 30


def nick_from(name: str) -> str:
    """``name`` as a nick: what cannot be in one becomes ``_`` or falls away; "guest" if nothing is left."""
    nick = ""
    for char in "_".join(name.split()):
        if is_nick(nick + char, _NICK_BYTES):
            nick += char
    return nick or "guest"


def default_name() -> str:
    """A nick from the name of the person at this computer."""
    try:
        return nick_from(getpass.getuser())
    except (OSError, KeyError, ImportError):
        return "guest"  # nobody in particular: a container without a user database


def data_dir() -> Path:
    """The folder of the logs: the same as a server's that is started without any settings."""
    import platformdirs

    return platformdirs.user_data_path("chatapp", appauthor=False)


def known_servers() -> Path:
    """The file with the keys of the servers that this person has met."""
    import platformdirs

    return platformdirs.user_config_path("chatapp", appauthor=False) / "known_servers"


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """The flags of chat-client: ``--host``, ``--port``, ``--name``, ``--room`` (several), and so on.

    A ``host`` that begins with ``/`` is the path of a Unix socket. ``history_limit`` is how many messages a
    room shows at first. ``lang`` is "" for the system's language. ``inspect`` opens the inspector at the
    start; with ``linear`` there is no screen, only lines. ``udp`` goes by datagrams.
    ``asked_name`` is the name as it was typed. ``tls`` True insists on it, False does without, None takes it
    where it is; the server's key must begin with ``tls_fingerprint``.
    """

    host: str = "localhost"
    port: int = DEFAULT_PORT
    name: str = field(default_factory=default_name)
    rooms: tuple[str, ...] = (DEFAULT_ROOM,)
    password: str = ""
    history_limit: int = 50
    lang: str = ""
    asked_name: str = ""
    inspect: bool = False
    linear: bool = False
    udp: bool = False
    tls: bool | None = None
    tls_fingerprint: str = ""

"""What a client starts with: where its files are, who one is, and what the command line comes to."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field, replace
from pathlib import Path

from chatapp.client.settings import Preferences, ServerEntry
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


def settings_file() -> Path:
    """The file with what this person has set."""
    import platformdirs

    return platformdirs.user_config_path("chatapp", appauthor=False) / "client.toml"


@dataclass(frozen=True, slots=True)
class Launch:
    """What a start of chat-client comes to: the command line over client.toml.

    Of the ``servers``, one at least, each has a nick. ``asked_name`` is the name as it was typed. ``inspect``
    opens the inspector at the start; with ``linear`` there is no screen, only lines, and with
    ``inline`` what is said goes into the terminal's own scrollback. ``mistakes`` are sentences about
    client.toml.
    """

    servers: tuple[ServerEntry, ...]
    preferences: Preferences = field(default_factory=Preferences)
    asked_name: str = ""
    inspect: bool = False
    linear: bool = False
    inline: bool = False
    mistakes: tuple[str, ...] = ()

    @property
    def server(self) -> ServerEntry:
        """The first server: the one that is on the screen at the start."""
        return self.servers[0]

    def trusting(self, key: str) -> Launch:
        """The same with ``key`` as the first server's."""
        return replace(self, servers=(replace(self.server, tls_fingerprint=key), *self.servers[1:]))

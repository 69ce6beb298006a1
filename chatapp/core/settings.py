"""The settings that the rules ask for, one dataclass a section; every key has a default.

`chatapp.server.config` reads them from the file, the environment and the flags; docs/configuration.md lists
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """``[server]``: who we are."""

    name: str = "chatapp"
    network: str = "chatapp"
    description: str = "a chatapp server"
    password: str = ""
    casemapping: Literal["unicode", "ascii", "rfc1459"] = "unicode"
    default_channel: str = "#lobby"
    motd: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class UserSettings:
    """``[users]``"""

    default_modes: str = ""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """``[channels]``"""

    default_modes: str = "nt"
    max_per_user: int = 100
    list_mode_entries: int = 100


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """``[history]``"""

    enabled: bool = True
    query_limit: int = 1000
    synchronous: Literal["full", "normal"] = "full"


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """``[limits]``: lengths in bytes, times in seconds, 0 for no limit where that makes sense."""

    flood_protection: bool = True
    connections_per_ip: int = 16
    connections_per_private_ip: int = 256
    ping_interval: int = 120
    ping_timeout: int = 60
    registration_timeout: int = 30
    registration_lines: int = 64
    registration_bytes: int = 16384
    recvq_bytes: int = 16384
    sendq_bytes: int = 1048576
    nick_length: int = 32
    user_length: int = 20
    channel_length: int = 64
    topic_length: int = 390
    kick_length: int = 255
    away_length: int = 255
    realname_length: int = 150
    key_length: int = 32
    whowas_entries: int = 1000
    message_targets: int = 4


@dataclass(frozen=True, slots=True)
class Settings:
    """The sections that the rules ask for."""

    server: ServerSettings = ServerSettings()
    users: UserSettings = UserSettings()
    channels: ChannelSettings = ChannelSettings()
    history: HistorySettings = HistorySettings()
    limits: LimitSettings = LimitSettings()

"""The settings that the rules ask for, one dataclass a section; every key has a default.

Each key carries the sentence that docs/configuration.md gives it, and a number its range where that is not
"0 or more". `chatapp.server.config` reads them from the file, the environment and the flags.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

_Positive = Annotated[int, range(1, 2**31)]
#: What operators of the server may: end connections; ban; do in every room what its operators do; see what is
#: hidden; speak to all who listen; care for accounts; have the settings read again; read what operators did.
Privilege = Literal["kill", "ban", "rooms", "hidden", "wallops", "accounts", "rehash", "audit"]
PRIVILEGES: tuple[Privilege, ...] = get_args(Privilege)


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """``[server]``: who we are."""

    name: Annotated[str, "The server's name in what it says; letters, digits, `.`, `-` and `_`."] = "chatapp"
    network: Annotated[str, "The name that clients show; no blanks; `name` if it is not set."] = ""
    description: Annotated[str, "One line about the server."] = "a chatapp server"
    contact: Annotated[str, "How to reach whoever runs the server, as `ADMIN` tells it."] = ""
    password: Annotated[str, "What everyone must give to come in; empty for nothing."] = ""
    casemapping: Annotated[
        Literal["unicode", "ascii", "rfc1459"],
        "Which names are the same, and whether letters beyond A to Z may be in them.",
    ] = "unicode"
    default_channel: Annotated[str, "Where our client lands by itself; empty for nowhere."] = "#lobby"
    motd: Annotated[str, "The message of the day; it may have several lines."] = ""
    public: Annotated[bool, "Whether callers from public addresses are let in."] = False
    trusted_proxies: Annotated[
        tuple[str, ...],
        "Proxies and gateways whose word on where a caller comes from is believed: addresses, networks "
        "such as `10.0.0.0/8`, or `localhost` for a Unix socket.",
    ] = ()
    cloak_hosts: Annotated[
        bool, "Whether others see a cloak instead of the address that someone comes from; operators see both."
    ] = False
    sts_duration: Annotated[
        int,
        "For how many seconds IRC clients shall come with TLS alone (STS), where the certificate is an "
        "authority's; 0 has them forget it.",
    ] = 2592000
    webirc_password: Annotated[str, "What such a gateway gives with `WEBIRC`; empty for no `WEBIRC`."] = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "network", self.network or self.name)


@dataclass(frozen=True, slots=True)
class OperatorSettings:
    """``[[operator]]``: who may become an operator of the server by ``OPER name password``."""

    name: Annotated[str, "The name to give to `OPER`."] = ""
    password: Annotated[
        str, "The password, or what `chat-server operator-password` makes of it so that nobody reads it here."
    ] = ""
    privileges: Annotated[tuple[Privilege, ...], "What such an operator may."] = PRIVILEGES
    whois: Annotated[str, "What `WHOIS` says of such an operator."] = "is a server operator"


@dataclass(frozen=True, slots=True)
class UserSettings:
    """``[users]``: people."""

    default_modes: Annotated[str, "The modes of someone who comes in: letters without a sign."] = ""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """``[channels]``: rooms."""

    default_modes: Annotated[str, "The modes of a new channel: letters without a sign."] = "nt"
    registration: Annotated[bool, "Whether the operator of a channel may register it as theirs."] = True
    max_per_user: Annotated[int, "In how many channels one may be; 0 for no limit."] = 100
    list_mode_entries: Annotated[_Positive, "The most masks in each list (`b`, `e`, `I`) of a channel."] = 100


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """``[accounts]``: names that are somebody's."""

    registration: Annotated[bool, "Whether people may register a name themselves."] = True
    registration_before_connect: Annotated[bool, "Whether they may before they have come in."] = True
    registration_requires_email: Annotated[
        bool, "Whether they must give an e-mail address; nothing is sent to it."
    ] = False
    registration_custom_name: Annotated[bool, "Whether the account may have another name than the nick."] = (
        False
    )
    sasl_mechanisms: Annotated[
        tuple[Literal["PLAIN", "SCRAM-SHA-256", "EXTERNAL"], ...],
        "How clients may log in. `EXTERNAL` is by a certificate that they show to TLS, and needs the extra "
        "`certfp`.",
    ] = ("PLAIN", "SCRAM-SHA-256")
    password_max_bytes: Annotated[int, "The longest password.", range(1, 2049)] = 1024
    password_hash_cost: Annotated[
        Literal["minimum", "normal"],
        "How hard a stolen password is to guess, and how long a login takes: 4,096 rounds, or 120,000.",
    ] = "normal"
    login_throttle: Annotated[
        int, "How many wrong passwords a minute one address, and one account, may have; 0 for no limit."
    ] = 3
    registration_throttle: Annotated[
        int, "How many accounts one address may make in an hour; 0 for no limit. This machine's own is free."
    ] = 30
    nick_ownership: Annotated[
        Literal["strict", "optional"],
        "With `strict` nobody else may use the name of an account as a nick; with `optional` they may.",
    ] = "strict"
    multiclient: Annotated[bool, "Whether several connections of one account may share one nick."] = True
    always_on: Annotated[
        Literal["disabled", "opt-in", "opt-out", "mandatory"],
        "Whether those with an account stay in their rooms while they are not connected.",
    ] = "opt-in"


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """``[services]``: NickServ and ChanServ, for those who are used to them."""

    nickserv: Annotated[bool, "Whether NickServ answers."] = True
    chanserv: Annotated[bool, "Whether ChanServ answers."] = True


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """``[history]``: what is remembered."""

    enabled: Annotated[bool, "Whether messages are kept."] = True
    channel_messages: Annotated[int, "How many messages of a channel are remembered; 0 for all."] = 0
    direct_messages: Annotated[
        int, "How many messages of a conversation of two are remembered, for each of them; 0 for all."
    ] = 0
    keep_for: Annotated[int, "How long messages are remembered; 0 for ever."] = 0
    playback: Annotated[
        int, "The most messages of one conversation that `*playback` gives; 0 for no such thing."
    ] = 1000
    query_limit: Annotated[_Positive, "The most messages in the answer to one question."] = 1000
    redaction: Annotated[
        bool, "Whether people may take back what they said, and operators what others did."
    ] = True
    store_tagmsg_with: Annotated[
        tuple[str, ...], "A message of tags alone is kept if it has one of these; others, like typing, pass."
    ] = ("+draft/persist", "+draft/react", "+draft/unreact")
    synchronous: Annotated[
        Literal["full", "normal"],
        "With `full` what was said survives a power cut; `normal` is faster, and a power cut may take the "
        "last moments.",
    ] = "full"


@dataclass(frozen=True, slots=True)
class MetadataSettings:
    """``[metadata]``: what people and rooms tell of themselves."""

    enabled: Annotated[bool, "Whether they tell anything."] = True
    before_connect: Annotated[bool, "Whether a newcomer may do so before being let in."] = True
    max_keys: Annotated[_Positive, "The most keys of one person or room."] = 32
    max_subscriptions: Annotated[_Positive, "Of how many keys one connection may be told."] = 64
    max_value_bytes: Annotated[int, "The longest value.", range(1, 380)] = 350


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """``[limits]``: lengths in bytes, times in seconds."""

    flood_protection: Annotated[bool, "Whether those who speak too fast are slowed down."] = True
    connections_per_ip: Annotated[int, "Connections from one public address; 0 for no limit."] = 16
    connections_per_private_ip: Annotated[
        int, "Connections from one private address, such as a classroom's; 0 for no limit."
    ] = 256
    connection_rate_per_ip: Annotated[
        int, "How often one public address may connect in a minute; 0 for no limit."
    ] = 60
    ping_interval: Annotated[int, "After how long a silence the server asks who is there; 0 for never."] = 120
    ping_timeout: Annotated[_Positive, "How long the answer to that may take."] = 60
    registration_timeout: Annotated[int, "How long a newcomer may take to give a name; 0 for ever."] = 30
    name_timeout: Annotated[
        int, "How long a person with `nc` or `telnet`, once asked, may take to give a name; 0 for ever."
    ] = 300
    registration_lines: Annotated[_Positive, "The most lines before someone has come in."] = 64
    registration_bytes: Annotated[_Positive, "The most bytes before someone has come in."] = 16384
    recvq_bytes: Annotated[_Positive, "The most bytes waiting to be read from one connection."] = 16384
    sendq_bytes: Annotated[
        _Positive, "The most bytes waiting to be written to one connection; over it, the connection ends."
    ] = 1048576
    nick_length: Annotated[_Positive, "The longest nick."] = 32
    user_length: Annotated[_Positive, "The longest user name."] = 20
    channel_length: Annotated[_Positive, "The longest name of a channel."] = 64
    topic_length: Annotated[_Positive, "The longest topic."] = 390
    kick_length: Annotated[_Positive, "The longest reason for a kick."] = 255
    away_length: Annotated[_Positive, "The longest away message."] = 255
    realname_length: Annotated[_Positive, "The longest real name."] = 150
    key_length: Annotated[_Positive, "The longest key of a channel."] = 32
    whowas_entries: Annotated[int, "How many of those who left WHOWAS remembers."] = 1000
    monitor_entries: Annotated[_Positive, "How many nicks one connection may watch with `MONITOR`."] = 100
    message_targets: Annotated[_Positive, "To how many one message may go at once."] = 4
    multiline_bytes: Annotated[_Positive, "The longest message of several lines."] = 16384
    multiline_lines: Annotated[_Positive, "The most lines in one message."] = 128


@dataclass(frozen=True, slots=True)
class PlainSettings:
    """``[plain]``: people with `nc` or `telnet`, and programs with a bare socket."""

    greeting_ms: Annotated[
        _Positive, "After how many milliseconds of silence a newcomer is asked for a name."
    ] = 1000
    pause_ms: Annotated[_Positive, "How many milliseconds without a line end are the end of a message."] = 200
    history: Annotated[int, "How many messages are shown to someone who comes into a room."] = 20


@dataclass(frozen=True, slots=True)
class UdpSettings:
    """``[udp]``: who comes in by datagrams."""

    bare_programs: Annotated[
        Literal["off", "private", "public"],
        "From which addresses programs may send plain words; with `public` whoever forges a sender can have "
        "answers sent to others.",
    ] = "private"
    idle_timeout: Annotated[
        int, "After how many seconds without a datagram such a program counts as gone; 0 for never."
    ] = 600


@dataclass(frozen=True, slots=True)
class WebSocketSettings:
    """``[websocket]``: clients in a browser."""

    origins: Annotated[
        tuple[str, ...],
        "Whose pages may connect, such as `https://chat.example`; `*` for all. Pages served under this "
        "machine's own address may.",
    ] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """The sections that the rules ask for."""

    server: ServerSettings = ServerSettings()
    users: UserSettings = UserSettings()
    channels: ChannelSettings = ChannelSettings()
    history: HistorySettings = HistorySettings()
    limits: LimitSettings = LimitSettings()
    metadata: MetadataSettings = MetadataSettings()
    plain: PlainSettings = PlainSettings()
    udp: UdpSettings = UdpSettings()
    websocket: WebSocketSettings = WebSocketSettings()
    accounts: AccountSettings = AccountSettings()
    services: ServiceSettings = ServiceSettings()
    operators: tuple[OperatorSettings, ...] = ()

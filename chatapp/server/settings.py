"""All settings: the sections beside those of `chatapp.core.settings`, and a table of every key."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from functools import cache
from gettext import gettext as _
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from chatapp.core.settings import (
    AccountSettings,
    ChannelSettings,
    HistorySettings,
    LimitSettings,
    MetadataSettings,
    OperatorSettings,
    PlainSettings,
    ServerSettings,
    ServiceSettings,
    Settings,
    UdpSettings,
    UserSettings,
    WebSocketSettings,
)

_WHOLE = range(2**31)


@dataclass(frozen=True, slots=True)
class DataSettings:
    """``[server]``, too: where the data is."""

    data_dir: Annotated[
        str, "The folder of the data; empty for this system's usual place, `:memory:` to keep nothing."
    ] = ""


@dataclass(frozen=True, slots=True)
class ListenerSettings:
    """``[[listener]]``: a way in; there may be several."""

    host: Annotated[str, "The address or name to listen at; empty for all, IPv4 and IPv6."] = ""
    port: Annotated[int, "The port; 0 for any that is free.", range(65536)] = 12345
    udp_port: Annotated[int, "The port for datagrams (UDP) at the same host; 0 for none.", range(65536)] = 0
    path: Annotated[str, "A Unix socket to listen at, instead of host and port."] = ""
    protocols: Annotated[
        tuple[Literal["irc", "plain", "websocket"], ...],
        "What is spoken there: with IRC clients, with `nc` and programs with a bare socket, with clients "
        "in a browser.",
    ] = ("irc", "plain", "websocket")
    proxy_protocol: Annotated[
        Literal["off", "optional", "required"],
        "Whether a proxy of `trusted_proxies` says with the PROXY protocol whom it brings.",
    ] = "off"
    tls: Annotated[bool, "Whether callers may use TLS at the port; plain text is spoken there as well."] = (
        True
    )
    tls_certificate: Annotated[
        str, "A file with your own certificate (PEM, with its chain); empty for one that the server makes."
    ] = ""
    tls_key: Annotated[str, "The file with its key; empty when the key is in the same file."] = ""


@dataclass(frozen=True, slots=True)
class LogSettings:
    """``[log]``: what the server tells its operator."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"], "How important a line must be to be written."
    ] = "info"
    to: Annotated[str, "`stderr`, or the file to write to."] = "stderr"
    format: Annotated[Literal["text", "json"], "Lines for people, or one JSON object a line."] = "text"


@dataclass(frozen=True, slots=True)
class MetricsSettings:
    """``[metrics]``: how the server does, for Prometheus."""

    host: Annotated[str, "The address to give them at: this machine's own, or one of a private network."] = (
        "127.0.0.1"
    )
    port: Annotated[int, "The port; 0 for no metrics. It needs the extra `metrics`.", range(65536)] = 0


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a server; each part gets its section, never the whole."""

    rules: Settings = field(default_factory=Settings)
    data: DataSettings = DataSettings()
    listeners: tuple[ListenerSettings, ...] = (ListenerSettings(),)
    log: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()


#: The sections of which there may be several.
SEVERAL = frozenset({"listener", "operator"})
#: The dataclasses whose keys stand in each section of the file.
SECTIONS: dict[str, tuple[type[Any], ...]] = {
    "server": (ServerSettings, DataSettings),
    "listener": (ListenerSettings,),
    "operator": (OperatorSettings,),
    "users": (UserSettings,),
    "channels": (ChannelSettings,),
    "history": (HistorySettings,),
    "limits": (LimitSettings,),
    "metadata": (MetadataSettings,),
    "plain": (PlainSettings,),
    "udp": (UdpSettings,),
    "websocket": (WebSocketSettings,),
    "accounts": (AccountSettings,),
    "services": (ServiceSettings,),
    "log": (LogSettings,),
    "metrics": (MetricsSettings,),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One key: its type, default, range if it is a number, and the sentence that explains it."""

    section: str
    key: str
    type: Any
    default: Any
    sentence: str
    within: range

    @property
    def is_list(self) -> bool:
        return get_origin(self.type) is tuple

    @property
    def expected(self) -> str:
        """What a value must be, in words that follow "expected"."""
        if self.is_list:
            kind = get_args(self.type)[0]
            return _("a list of {choices}").format(choices=_("text") if kind is str else _choices(kind))
        if get_origin(self.type) is Literal:
            return _("one of {choices}").format(choices=_choices(self.type))
        if self.type is bool:
            return _("true or false")
        if self.type is str:
            return _("text")
        if self.within.stop == _WHOLE.stop:
            return _("a whole number, {least} or more").format(least=self.within.start)
        words = _("a whole number, {least} to {most}")
        return words.format(least=self.within.start, most=self.within.stop - 1)


@cache
def options() -> dict[str, dict[str, Option]]:
    """Every option, by section and key, in the order in which they are declared."""
    return {
        section: {
            option.key: option
            for owner in owners
            for option in (_option(section, owner, each) for each in fields(owner))
        }
        for section, owners in SECTIONS.items()
    }


def _option(section: str, owner: type[Any], each: Field[Any]) -> Option:
    kind, *about = get_args(get_type_hints(owner, include_extras=True)[each.name])
    (sentence,) = (note for note in about if isinstance(note, str))
    within = next((note for note in about if isinstance(note, range)), _WHOLE)
    return Option(section, each.name, kind, each.default, sentence, within)


def _choices(literal: Any) -> str:
    return ", ".join(f'"{choice}"' for choice in get_args(literal))

"""The configuration: chat-server.toml, then the environment, then flags, checked and made a `Config`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from gettext import gettext as _
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from chatapp.core.addresses import parse_address
from chatapp.core.channel import FLAG_MODES
from chatapp.core.settings import Settings
from chatapp.core.user import USER_MODES
from chatapp.irc.names import is_channel
from chatapp.irc.nearest import nearest
from chatapp.listeners.proxy import is_network
from chatapp.server.given import Given, Sources
from chatapp.server.settings import SECTIONS, Config, ListenerSettings, Option, options

#: As ``data_dir``: keep nothing.
MEMORY = ":memory:"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
#: What nobody is shown who looks at the settings.
SECRETS = {("server", "password"), ("server", "webirc_password"), ("operator", "password")}


class ConfigError(Exception):
    """The settings have mistakes; ``str()`` names every one, a line each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def load(
    path: Path | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
) -> Config:
    """Read the file at ``path``, if any; ``environ`` overrides it, and ``flags`` overrides both.

    A variable is named ``CHATAPP_SECTION__KEY``, a flag ``section.key``; a flag that is None was not given.
    For ``listener`` both mean the first one.

    Raises:
        ConfigError: Something is unknown or not what it must be; the text names all of it.
    """
    return build(gather(path, environ, flags))


def gather(
    path: Path | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
) -> Sources:
    """What was given, with the places it comes from; `load` tells what may be given."""
    sources = Sources()
    if path is not None:
        sources.read_file(path)
    sources.read_environment(environ or {})
    sources.read_flags(flags or {})
    return sources


def build(sources: Sources) -> Config:
    """The settings that ``sources`` come to.

    Raises:
        ConfigError: As `load`.
    """
    config = _build(sources)
    if sources.mistakes:
        raise ConfigError(sources.mistakes)
    return config


def values_of(sources: Sources, section: str, number: int = 0) -> dict[str, Any]:
    """Every key of the ``number``-th ``section`` with what was given for it, or its default."""
    table = sources.tables[section][number]
    return {
        key: _value(option, table[key], sources.mistakes) if key in table else option.default
        for key, option in options()[section].items()
    }


def data_dir(config: Config) -> Path | None:
    """The folder of the data; None when nothing is to be kept. Nothing is made or looked at."""
    where = config.data.data_dir
    if where == MEMORY:
        return None
    if not where:
        return platformdirs.user_data_path("chatapp", appauthor=False)
    return Path(where).expanduser()


def _build(sources: Sources) -> Config:
    mistakes = sources.mistakes

    def parts(section: str, number: int = 0) -> list[Any]:
        values = values_of(sources, section, number)
        return [
            owner(**{field.name: values[field.name] for field in fields(owner)})
            for owner in SECTIONS[section]
        ]

    server, data = parts("server")
    single = [each.name for each in fields(Settings) if each.name in SECTIONS and each.name != "server"]
    rules = Settings(server=server, **{section: parts(section)[0] for section in single})
    operators = [
        parts("operator", number)[0] for number, table in enumerate(sources.tables["operator"]) if table
    ]
    rules = replace(rules, operators=tuple(operators))
    listeners = tuple(parts("listener", number)[0] for number in range(len(sources.tables["listener"])))
    config = Config(rules, data, listeners, log=parts("log")[0], metrics=parts("metrics")[0])
    if not mistakes:
        _check_channel(rules, sources)
        _check_operators(rules, sources)
        for listener, table in zip(listeners, sources.tables["listener"], strict=True):
            _check_path(listener, table, mistakes)
            _check_tls(listener, table, mistakes)
            _check_proxy(listener, table, rules, mistakes)
    return config


def _value(option: Option, given: Given, mistakes: list[str]) -> Any:
    """What was given for ``option`` as its type, or its default and a mistake."""
    raw: object = given.value
    if option.is_list and given.text and isinstance(raw, str):
        raw = [word.strip() for word in raw.split(",") if word.strip()]
    try:
        value = msgspec.convert(raw, option.type, strict=not given.text)
    except msgspec.ValidationError:
        return _wrong(option, given, option.expected, mistakes)
    if isinstance(value, int) and not isinstance(value, bool) and value not in option.within:
        return _wrong(option, given, option.expected, mistakes)
    where = (option.section, option.key)
    if isinstance(value, str) and where not in _CHECKS and _CONTROL.search(value):
        return _wrong(option, given, _("one line without control characters"), mistakes)
    if where in _CHECKS and not _CHECKS[where][0](value):
        return _wrong(option, given, _CHECKS[where][1](), mistakes)
    return value


def _wrong(option: Option, given: Given, expected: str, mistakes: list[str]) -> Any:
    words = _("{place}: [{section}] {key}: expected {expected}; found {found}")
    found = _("something else") if (option.section, option.key) in SECRETS else repr(given.value)
    hint = ""
    if isinstance(given.value, str) and not option.is_list:
        hint = nearest(given.value, re.findall(r'"(\w+)"', option.expected))
    mistakes.append(
        words.format(
            place=given.place, section=option.section, key=option.key, expected=expected, found=found
        )
        + hint
    )
    return option.default


def _letters(allowed: str) -> Callable[[str], bool]:
    return lambda modes: set(modes) <= set(allowed)


def _is_ours_alone(host: str) -> bool:
    """Whether the public internet cannot reach ``host``, which is an address that one can listen at."""
    address = parse_address(host)
    return host == "localhost" or (
        address is not None and (address.is_private or address.is_loopback) and not address.is_unspecified
    )


#: Nobody becomes an operator by coming in.
_DEFAULT_USER_MODES = USER_MODES.replace("o", "")

#: What a type cannot say: a check, and what it expects in words.
_CHECKS: dict[tuple[str, str], tuple[Callable[[Any], bool], Callable[[], str]]] = {
    ("server", "name"): (
        lambda name: re.fullmatch(r"[A-Za-z0-9._-]{1,63}", name) is not None,
        lambda: _("1 to 63 letters, digits, '.', '-' and '_'"),
    ),
    ("server", "network"): (
        lambda name: re.fullmatch(r"[!-~]{1,63}", name) is not None,
        lambda: _("1 to 63 visible ASCII characters without a blank"),
    ),
    ("server", "motd"): (
        lambda text: _CONTROL_BUT_LINES.search(text) is None,
        lambda: _("text without control characters"),
    ),
    ("users", "default_modes"): (
        _letters(_DEFAULT_USER_MODES),
        lambda: _("letters among {letters}").format(letters=_DEFAULT_USER_MODES),
    ),
    ("channels", "default_modes"): (
        _letters(FLAG_MODES),
        lambda: _("letters among {letters}").format(letters=FLAG_MODES),
    ),
    ("server", "trusted_proxies"): (
        lambda trusted: all(map(is_network, trusted)),
        lambda: _("addresses, networks such as 10.0.0.0/8, or localhost"),
    ),
    ("websocket", "origins"): (
        lambda origins: all(re.fullmatch(r"\*|https?://[^/\s]+/?", origin) for origin in origins),
        lambda: _("origins such as https://chat.example, or *"),
    ),
    ("listener", "protocols"): (bool, lambda: options()["listener"]["protocols"].expected),
    ("metrics", "host"): (
        _is_ours_alone,
        lambda: _("localhost, or an address of this machine or of a private network"),
    ),
    ("log", "to"): (
        lambda to: bool(to) and _CONTROL.search(to) is None,
        lambda: _("stderr or a file"),
    ),
}


def _check_channel(rules: Settings, sources: Sources) -> None:
    channel = rules.server.default_channel
    if channel and not is_channel(channel, rules.limits.channel_length, rules.server.casemapping):
        given = sources.tables["server"][0].get("default_channel", Given(channel, _("the default")))
        option = options()["server"]["default_channel"]
        _wrong(option, given, _("the name of a channel, such as #lobby"), sources.mistakes)


def _check_operators(rules: Settings, sources: Sources) -> None:
    tables = [table for table in sources.tables["operator"] if table]
    for operator, table in zip(rules.operators, tables, strict=True):
        for key, value in (("name", operator.name), ("password", operator.password)):
            if not value:
                words = _("{place}: [operator] has no {key}")
                place = next(iter(table.values())).place
                sources.mistakes.append(words.format(place=place, key=key))


def _check_path(listener: ListenerSettings, table: dict[str, Given], mistakes: list[str]) -> None:
    if not listener.path:
        return
    if table.keys() & {"host", "port", "udp_port"}:
        words = _("{place}: [listener] has a path, and a host or port as well; choose one")
        mistakes.append(words.format(place=table["path"].place))
    if sys.platform == "win32":
        words = _("{place}: [listener] path: there are no Unix sockets on this system")
        mistakes.append(words.format(place=table["path"].place))


def _check_tls(listener: ListenerSettings, table: dict[str, Given], mistakes: list[str]) -> None:
    if listener.tls_key and not listener.tls_certificate:
        words = _("{place}: [listener] tls_key without a tls_certificate")
        mistakes.append(words.format(place=table["tls_key"].place))
    if listener.tls_certificate and (not listener.tls or listener.path):
        words = _("{place}: [listener] has a tls_certificate, and no TLS because of tls = false or a path")
        mistakes.append(words.format(place=table["tls_certificate"].place))


def _check_proxy(
    listener: ListenerSettings, table: dict[str, Given], rules: Settings, mistakes: list[str]
) -> None:
    if listener.proxy_protocol != "off" and not rules.server.trusted_proxies:
        words = _("{place}: [listener] proxy_protocol: expected [server] trusted_proxies as well")
        mistakes.append(words.format(place=table["proxy_protocol"].place))

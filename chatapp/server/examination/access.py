"""Who could do what from where: each way in, what it speaks, and who may register or rule."""

from __future__ import annotations

import ipaddress
import stat
import sys
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path

from chatapp.commands.passwords import read_verifier
from chatapp.core.addresses import parse_network
from chatapp.core.settings import Settings
from chatapp.irc.catalogue import N_
from chatapp.irc.visible import visible
from chatapp.server.banner import places
from chatapp.server.examination.finding import Finding, fix, look, ok
from chatapp.server.settings import Config, ListenerSettings

_SPOKEN = {"irc": N_("IRC"), "plain": N_("plain text (nc)"), "websocket": N_("browsers")}
#: The shortest password of an operator's that nobody will guess soon.
_SHORT = 8
#: Networks that are larger than any proxy's.
_WIDE = 8


def ways_in(config: Config) -> list[Finding]:
    """A finding for each listener, and what is true of all of them."""
    server = config.rules.server
    found = [_way_in(listener, server.public) for listener in config.listeners]
    if not server.password:
        text = _("There is no password: whoever reaches the port can come in.")
        remedy = _("for a chat among people you know set [server] password")
        found.append(look("access", text, remedy) if server.public else ok("access", text))
    else:
        found.append(ok("access", _("Whoever comes in has to give the password of the server.")))
    if config.metrics.port:
        where = places([(config.metrics.host, config.metrics.port)])
        reach = _reach(config.metrics.host, is_public=False)
        found.append(ok("access", _("{where}, from {reach}: metrics.").format(where=where, reach=reach)))
    for trusted in server.trusted_proxies:
        network = parse_network(trusted)
        if network is not None and network.prefixlen < _WIDE:
            text = _("Whoever connects from {network} may pretend to be anybody.").format(network=trusted)
            found.append(fix("access", text, _("name only the addresses of your proxies in trusted_proxies")))
    if "*" in config.rules.websocket.origins:
        text = _("Every page on the web may connect in the name of whoever reads it.")
        found.append(
            look("access", text, _("name the page of your client in [websocket] origins instead of *"))
        )
    if config.rules.udp.bare_programs == "public" and any(each.udp_port for each in config.listeners):
        text = _("Whoever forges the sender of a datagram can have answers sent to others.")
        found.append(look("access", text, _("set [udp] bare_programs to private")))
    return found


def accounts(rules: Settings) -> Iterator[Finding]:
    """Whether people need an account, how they get one, and how fast a stranger may guess a password."""
    settings = rules.accounts
    if not settings.registration:
        yield ok("accounts", _("Guests talk without an account; only you make any (chat-server account)."))
    elif not settings.registration_throttle:
        text = _("Guests talk without an account; everybody may register as many names as they like.")
        yield look("accounts", text, _("set [accounts] registration_throttle, such as 30"))
    else:
        words = _("Guests talk without an account; everybody may register, {count} an hour from one address.")
        yield ok("accounts", words.format(count=settings.registration_throttle))
    if not settings.login_throttle:
        text = _("Passwords may be guessed as fast as one likes.")
        yield look("accounts", text, _("set [accounts] login_throttle, such as 3"))


def operators(config: Config, file: Path | None, has_owner: bool | None) -> list[Finding]:
    """Who rules, and who could. ``has_owner``: the owner code was used; None where nothing is known."""
    found = []
    names = ", ".join(visible(operator.name) for operator in config.rules.operators)
    if names:
        found.append(ok("operators", _("By OPER: {names}.").format(names=names)))
    elif has_owner:
        found.append(ok("operators", _("Somebody has used an owner code; there is no [[operator]].")))
    elif config.rules.server.public:
        text = _("Nobody could send a nuisance away while nobody sits at the console.")
        found.append(look("operators", text, _("write an [[operator]], or give away the owner code")))
    elif has_owner is None:
        found.append(ok("operators", _("At the console, and by the owner code.")))
    else:
        found.append(ok("operators", _("At the console, and by the owner code, which nobody has used yet.")))
    for operator in config.rules.operators:
        if read_verifier(operator.password) is None:
            found.append(_plain_password(visible(operator.name), operator.password))
    if file is not None and _is_open_secret(config, file):
        text = _("Others on this machine can read the passwords in {file}.").format(file=file)
        # Of a file of root's that alone would keep the server itself out.
        remedy = _("chown it to the user whom the server runs as, then chmod 600 {file}").format(file=file)
        found.append(fix("operators", text, remedy))
    return found


def _way_in(listener: ListenerSettings, is_public: bool) -> Finding:
    spoken = ", ".join(_word(_SPOKEN[name]) for name in listener.protocols)
    if listener.path:
        words = _("{path}: {spoken}; whoever on this machine may write to it.")
        return ok("access", words.format(path=listener.path, spoken=spoken))
    where = places([(listener.host or "::", listener.port)])
    words = _("{where}, from {reach}: {spoken}; {encryption}.")
    text = words.format(
        where=where,
        reach=_reach(listener.host, is_public),
        spoken=spoken,
        encryption=_("with and without TLS") if listener.tls else _("nothing encrypted"),
    )
    if listener.udp_port:
        text = text.removesuffix(".") + _("; datagrams at {port}.").format(port=listener.udp_port)
    if not listener.tls and is_public and not _is_loopback(listener.host):
        return look("access", text, _("set tls = true, unless a proxy before it speaks TLS"))
    return ok("access", text)


def _reach(host: str, is_public: bool) -> str:
    if _is_loopback(host):
        return _("this machine")
    return _("the whole internet") if is_public else _("private networks")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _plain_password(name: str, password: str) -> Finding:
    remedy = _("write what chat-server operator-password makes of it")
    if len(password) < _SHORT:
        text = _("The password of the operator {name} is short, and stands in the settings as it is.")
        return fix(
            "operators", text.format(name=name), _("take a longer one, and {remedy}").format(remedy=remedy)
        )
    text = _("The password of the operator {name} stands in the settings as it is.")
    return look("operators", text.format(name=name), remedy)


def _is_open_secret(config: Config, file: Path) -> bool:
    """Whether ``file`` holds a password as it is, and others than its owner and group may read it."""
    server = config.rules.server
    plain = [each.password for each in config.rules.operators if read_verifier(each.password) is None]
    if sys.platform == "win32" or not any((server.password, server.webirc_password, *plain)):
        return False
    try:
        return bool(file.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def _word(words: str) -> str:
    return _(words)

"""Why something cannot be listened at, in words that name the way out."""

from __future__ import annotations

import errno
from gettext import gettext as _
from pathlib import Path

from chatapp.server.settings import ListenerSettings, MetricsSettings
from chatapp.system_errors import reason_of

#: The highest port, and the first that needs no rights of its own on Unix.
_LAST_PORT = 65535
_FIRST_FREE_PORT = 1024


def cannot_listen(listener: ListenerSettings, why: OSError) -> str:
    """The sentence for the operator when ``listener`` could not be opened because of ``why``."""
    if listener.path:
        return _sentence(listener.path, _about_path(Path(listener.path), why))
    return _sentence(f"{listener.host or '*'} {listener.port}", _about_port("--port", listener.port, why))


def cannot_take_datagrams(listener: ListenerSettings, why: OSError) -> str:
    """As `cannot_listen`, for the port for datagrams."""
    port = listener.udp_port
    words = _("Cannot listen at {where} for datagrams: {reason}")
    reason = _about_port("--udp-port", port, why)
    return words.format(where=f"{listener.host or '*'} {port}", reason=reason)


def cannot_give_metrics(settings: MetricsSettings, why: OSError) -> str:
    """As `cannot_listen`, for the port for metrics."""
    words = _("Cannot listen at {where} for metrics: {reason}")
    reason = _("the port is in use; take another one as [metrics] port")
    if why.errno != errno.EADDRINUSE:
        reason = reason_of(why)
    return words.format(where=f"{settings.host} {settings.port}", reason=reason)


def _sentence(where: str, reason: str) -> str:
    return _("Cannot listen at {where}: {reason}").format(where=where, reason=reason)


def _about_port(flag: str, port: int, why: OSError) -> str:
    if why.errno == errno.EADDRINUSE:
        words = _(
            "the port is in use, probably by a server that runs already; stop that one, or take another"
            " port, for example {flag} {port}"
        )
        return words.format(flag=flag, port=port + 1 if port < _LAST_PORT else port - 1)
    if why.errno == errno.EACCES and port < _FIRST_FREE_PORT:
        words = _("this user may not open ports below 1024; take another port, for example {flag} {port}")
        return words.format(flag=flag, port=12345)
    return reason_of(why)


def _about_path(path: Path, why: OSError) -> str:
    match why.errno:
        case errno.EADDRINUSE if not path.is_socket():
            return _("there is a file that is no socket; take another path, or remove it")
        case errno.ENOENT:
            return _("the folder {folder} does not exist").format(folder=path.parent)
        case errno.EACCES:
            return _("this user may not write in the folder {folder}").format(folder=path.parent)
        case errno.ENAMETOOLONG | None:  # Python finds that out by itself, and has no number for it
            return _("the whole path is longer than that of a socket may be; take a shorter one")
    return reason_of(why)

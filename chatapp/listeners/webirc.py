"""The first line of a gateway, such as a web page's server: for whom it comes (IRCv3 WebIRC; pure)."""

from __future__ import annotations

import hmac
import ipaddress
from gettext import gettext as _

from chatapp.irc.framing import BODY_BYTES
from chatapp.irc.line import MalformedLine, parse_line
from chatapp.listeners.proxy import BadHeader, Header

_COMMAND = b"WEBIRC "


def is_introduction(head: bytes) -> bool:
    """Whether ``head``, which begins IRC, begins it with a gateway's line."""
    return head[: len(_COMMAND)].upper() == _COMMAND


def read_introduction(head: bytes, password: str) -> Header | None:
    """Read ``WEBIRC password gateway host address [:flags]``; ``None`` while there must be more of it.

    The host is a name that somebody may have chosen, and is not used. An address of IPv6 that begins with a
    colon has a 0 before it, which belongs to it.

    Raises:
        BadHeader: The password is another, or none is set, or the line is not as it must be.
    """
    raw, end, _rest = head.partition(b"\n")
    if not end:
        if len(head) > BODY_BYTES:
            raise BadHeader(_("The line of the gateway is too long"))
        return None
    try:
        line = parse_line(raw.rstrip(b"\r").decode())
        given, _gateway, _host, address, *flags = line.params
        is_known = bool(password) and hmac.compare_digest(given.encode(), password.encode())
        found = str(ipaddress.ip_address(address))
    except (MalformedLine, ValueError):
        words = _("The line of the gateway is not as it must be: WEBIRC password name host address")
        raise BadHeader(words) from None
    if not is_known:
        raise BadHeader(_("This is not the password for gateways"))
    is_secure = any(flag.partition("=")[0] == "secure" for flag in " ".join(flags).split())
    return Header(found, len(raw) + len(end), is_secure)

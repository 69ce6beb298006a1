"""The header by which a proxy tells whom it speaks for (the PROXY protocol, versions 1 and 2; pure).

The specification is HAProxy's "The PROXY protocol", sections 2.1 and 2.2. What is behind the addresses in
version 2 is skipped.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from gettext import gettext as _
from typing import Literal, NamedTuple

from chatapp.core.addresses import is_within, parse_network
from chatapp.listeners.detect import PROXY_V2

#: Bytes that the header of version 1, and what follows the first 16 bytes of version 2, may have.
V1_BYTES = 107
V2_BYTES = 2048

_V1 = re.compile(
    rb"PROXY (?:UNKNOWN(?: [^\r\n]*)?|TCP([46]) ([0-9a-fA-F.:]+) [0-9a-fA-F.:]+ \d{1,5} \d{1,5})\r\n"
)
_ADDRESS_BYTES = {0x10: 4, 0x20: 16}


def is_network(text: str) -> bool:
    """Whether ``text`` can stand among those who are trusted."""
    return text == "localhost" or parse_network(text) is not None


class BadHeader(Exception):
    """What a proxy says cannot be believed; ``str()`` says why."""


class Header(NamedTuple):
    """Whom the proxy speaks for ("" where it speaks for itself), how many bytes said so, whether over TLS."""

    address: str
    size: int
    is_secure: bool = False


class Proxies(NamedTuple):
    """Whether a listener hears the header, and from whom: addresses and networks such as ``10.0.0.0/8``."""

    use: Literal["off", "optional", "required"] = "off"
    trusted: Collection[str] = ()

    def trusts(self, address: str) -> bool:
        """Whether what ``address`` says of others is believed."""
        networks = map(parse_network, self.trusted)
        return address in self.trusted or any(
            network is not None and is_within(address, network) for network in networks
        )


def read_header(head: bytes) -> Header | None:
    """Read the header that ``head`` begins with; ``None`` while there must be more of it.

    Raises:
        BadHeader: It is none.
    """
    return _version_2(head) if head.startswith(PROXY_V2) else _version_1(head)


def _version_1(head: bytes) -> Header | None:
    if b"\n" not in head[:V1_BYTES]:
        if len(head) >= V1_BYTES:
            raise BadHeader(_("the PROXY line is longer than 107 bytes"))
        return None
    found = _V1.match(head)
    if found is None:
        raise BadHeader(_("the PROXY line is not as its specification says"))
    family, address = found.groups()
    if family is None:
        return Header("", found.end())
    return Header(_checked(address.decode(), int(family)), found.end())


def _version_2(head: bytes) -> Header | None:
    if len(head) < 16:
        return None
    command, family = head[12], head[13]
    size = int.from_bytes(head[14:16], "big")
    if command not in (0x20, 0x21) or size > V2_BYTES:
        raise BadHeader(_("the PROXY header is not as its specification says"))
    if len(head) < 16 + size:
        return None
    width = _ADDRESS_BYTES.get(family & 0xF0)
    if command == 0x20 or width is None:
        return Header("", 16 + size)
    if size < 2 * width + 4:
        raise BadHeader(_("the PROXY header has no addresses"))
    return Header(str(ipaddress.ip_address(head[16 : 16 + width])), 16 + size)


def _checked(address: str, family: int) -> str:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        ip = None
    if ip is None or ip.version != family:
        raise BadHeader(_("the PROXY line has no valid address"))
    return str(ip)

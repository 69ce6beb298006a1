"""Cloaks: what others see instead of an address, where the operator wants that."""

from __future__ import annotations

import base64
from collections.abc import Callable

from chatapp.core.addresses import neighbours, parse_address

#: Letters of each half: 50 bits, of which nobody without the server's secret can make any address again.
_LETTERS = 10
#: How every cloak ends, and no address does.
CLOAKED = ".cloak"


def cloak(address: str, digest: Callable[[str], bytes]) -> str:
    """What stands for ``address``: a half for itself and a half for its network, as in ``k3jf.9a2b.cloak``.

    The network (the /24 of IPv4, the /64 of IPv6) is the same for neighbours, so that one mask can keep all
    of them out. ``digest`` is this server's own: the same address has another cloak elsewhere.
    """
    halves = (str(parse_address(address) or address), neighbours(address, 24))
    return ".".join(_letters(digest(f"cloak {half}")) for half in halves) + CLOAKED


def _letters(digest: bytes) -> str:
    return base64.b32encode(digest).decode().lower()[:_LETTERS]

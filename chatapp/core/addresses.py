"""IP addresses as text: which are one address, one household's, one network's, or this machine's own.

Everything that counts, bans or trusts by address asks here, so that none of it can be evaded by writing an
address in another way.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache(maxsize=4096)
def parse_address(text: str) -> Address | None:
    """The address that ``text`` is, without a zone, IPv4 within IPv6 as IPv4; ``None`` if it is none."""
    try:
        ip = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return ip.ipv4_mapped or ip if isinstance(ip, ipaddress.IPv6Address) else ip


@lru_cache(maxsize=4096)
def parse_network(text: str) -> Network | None:
    """The network that ``text`` is (an address is one of itself alone), IPv4 within IPv6 as IPv4, or none."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    mapped = network.network_address.ipv4_mapped if isinstance(network, ipaddress.IPv6Network) else None
    if mapped is None or network.prefixlen < 96:
        return network
    return ipaddress.IPv4Network((mapped, network.prefixlen - 96))


def is_within(address: str, network: Network) -> bool:
    """Whether ``address`` is one of ``network``."""
    ip = parse_address(address)
    return ip is not None and ip.version == network.version and ip in network


@lru_cache(maxsize=4096)
def is_local(address: str) -> bool:
    """Whether ``address`` is this machine's own: loopback, or no IP address at all (a Unix socket)."""
    ip = parse_address(address)
    return ip is None or ip.is_loopback


@lru_cache(maxsize=4096)
def household(address: str) -> str:
    """Who counts together with ``address``: an IPv6 /64 belongs to one household, an IPv4 address is one."""
    return neighbours(address, 32)


def neighbours(address: str, bits: int) -> str:
    """The network around ``address``: ``bits`` of IPv4, a /64 of IPv6; what is no IP address is alone."""
    ip = parse_address(address)
    if ip is None:
        return address
    if ip.version == 4:
        return str(ip) if bits == 32 else str(ipaddress.ip_network((ip, bits), strict=False))
    return str(ipaddress.ip_network((ip, 64), strict=False))

"""What a connection runs on, in a few words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def describe(extra_info: Callable[[str], Any]) -> tuple[str, str]:
    """What carries the bytes, and between which addresses; ``extra_info`` is an asyncio transport's.

    Under TLS a read is what came out of the encryption, not what TCP carried.
    """
    own, peer = extra_info("sockname"), extra_info("peername")
    if not isinstance(peer, tuple):
        return "Unix", str(peer or own or "")
    word = "UDP" if extra_info("is_datagram") else "TCP"
    secure = extra_info("ssl_object")
    if secure is not None:
        cipher = secure.cipher()
        word = " ".join(filter(None, [secure.version(), cipher and cipher[0], "/ TCP"]))
    return word, f"{_address(own)} → {_address(peer)}"


def _address(name: Any) -> str:
    """``127.0.0.1:12345`` or ``[::1]:12345``."""
    host, port = name[0], name[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

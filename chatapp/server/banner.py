"""What the server says when it starts on a terminal: how to join, where the data is, what is open."""

from __future__ import annotations

import ipaddress
import shlex
import socket
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import NamedTuple

from chatapp import __version__

Address = tuple[str, int] | Path


class UdpAddress(NamedTuple):
    """Where datagrams come in."""

    host: str
    port: int


#: An address of a private range that need not exist: no packet is sent to find out how one would leave.
_FAR_AWAY = ("10.254.254.254", 9)


def lan_address() -> str:
    """The address by which others on the local network reach this machine, "" if there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FAR_AWAY)
        except OSError:
            return ""
        address = str(probe.getsockname()[0])
    return "" if ipaddress.ip_address(address).is_loopback else address


def banner(
    addresses: Sequence[Address],
    data: Path | None,
    room: str,
    lan: str,
    warnings: Sequence[str],
    code: str = "",
    has_console: bool = False,
    keys: Sequence[str] = (),
) -> str:
    """The lines of a start. ``room`` is where newcomers land, ``lan`` what `lan_address` gave.

    ``code`` is the owner's, where it is to be shown; ``keys`` are the fingerprints that callers by TLS see.
    """
    lines = [
        _("chatapp {version} is listening on {where}").format(version=__version__, where=places(addresses))
    ]
    address = _most_open(addresses)
    near, far = _hosts(address, lan)
    lines += ["", _("Join from this machine:"), _command(near, address)]
    if far:
        lines += ["", _("Join from another machine on the network:"), _command(far, address)]
    if not isinstance(address, Path):
        words = _("With any IRC client: server {host}, port {port}").format(host=far or near, port=address[1])
        lines += ["", words + (_(", room {room}").format(room=room) if room else "")]
    lines += ["", *(_("The key for TLS is {key}").format(key=key) for key in keys)] if keys else []
    lines += ["", _("The data is in {place}").format(place=data) if data else _("Nothing is kept")]
    lines += [_("Take care: {warning}").format(warning=warning) for warning in warnings]
    lines += ["", *owner_words(code)] if code else []
    ending = _("/help shows what you can do here; /stop stops the server.")
    lines += ["", ending if has_console else _("Ctrl-C stops the server."), ""]
    return "\n".join(lines)


def owner_words(code: str) -> list[str]:
    """How the owner's ``code`` is used."""
    return [
        _("The owner code: {code}").format(code=code),
        _("Whoever types /owner {code} in a client runs this server with you; it is good once.").format(
            code=code
        ),
    ]


def places(addresses: Sequence[Address]) -> str:
    """Where the server listens, on one line."""
    return ", ".join(dict.fromkeys(map(_place, addresses)))


def dangers(password: str, public: bool, encrypts: bool) -> list[str]:
    """What is not protected yet, a sentence each; ``encrypts``: callers may use TLS."""
    texts = [_("Nothing is encrypted: whoever can listen on the network can read along.")]
    if encrypts:
        texts = [
            _("Whoever joins without TLS is not encrypted: others on the network can read what they read.")
        ]
    if not password:
        texts.append(_("There is no password: whoever reaches the port can come in."))
    if public:
        texts.append(_("Callers from the whole internet are let in."))
    return texts


def _most_open(addresses: Sequence[Address]) -> Address:
    """The address that most people can come in by; not one for datagrams."""
    others = [address for address in addresses if not isinstance(address, UdpAddress)]
    return max(others, key=lambda address: (_is_everywhere(address), not isinstance(address, Path)))


def _hosts(address: Address, lan: str) -> tuple[str, str]:
    """What to call ``address`` on this machine, and on others ("" if they do not reach it)."""
    if isinstance(address, Path):
        return str(address), ""
    if _is_everywhere(address):
        return "localhost", lan
    host = address[0]
    return host, "" if ipaddress.ip_address(host.partition("%")[0]).is_loopback else host


def _command(host: str, address: Address) -> str:
    port = "" if isinstance(address, Path) else f" --port {address[1]}"
    return f"    chat-client --host {shlex.quote(host)}{port} --name Ana"


def _is_everywhere(address: Address) -> bool:
    return not isinstance(address, Path) and address[0] in ("0.0.0.0", "::")


def _place(address: Address) -> str:
    if isinstance(address, Path):
        return str(address)
    host, port = address
    if isinstance(address, UdpAddress):
        return _("{place} for UDP").format(place=_place((host, port)))
    if _is_everywhere(address):
        return _("port {port} of all addresses").format(port=port)
    return _("{host} port {port}").format(host=host, port=port)

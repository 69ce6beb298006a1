"""The way from HTTP to WebSocket: which request is let through, and the answer to it (RFC 6455 section 4).

A web page makes its reader's browser connect to wherever it likes, also to servers on the reader's own
machine, but it cannot hide where it comes from: browsers always send Origin. A page is welcome when the
operator has allowed its origin, or when this machine has served it: its origin is the host that the request
names, and that is an address or "localhost", never a name that somebody else may have pointed at us.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Sequence
from gettext import gettext as _
from typing import NamedTuple
from urllib.parse import urlsplit

from websockets.datastructures import Headers
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

#: Bytes that a request may have.
REQUEST_BYTES = 8192
#: Bytes of a message, and how many pieces it may come in.
MESSAGE_BYTES = 16384

TEXT = Subprotocol("text.ircv3.net")
BINARY = Subprotocol("binary.ircv3.net")

_END = b"\r\n\r\n"
_ANSWER = (
    "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "X-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{text}"
)


class Answer(NamedTuple):
    """What a request with these ``headers`` is told; ``socket`` is there when it is a WebSocket from now on.

    ``rest`` came behind the request.
    """

    data: bytes
    socket: ServerProtocol | None = None
    headers: Headers = Headers()
    rest: bytes = b""


def answer_to(head: bytes, origins: Collection[str]) -> Answer | None:
    """Answer the HTTP request that ``head`` begins with; ``None`` while there must be more of it.

    ``origins`` are allowed besides pages of our own: ``https://chat.example``; ``*`` is all of them.
    """
    request = head.lstrip(b"\r\n")
    if not request.startswith(b"GET "):
        return _refusal("400 Bad Request", _no_browser())
    request, end, rest = request.partition(_END)
    if not end:
        too_long = len(request) > REQUEST_BYTES
        return _refusal("431 Request Header Fields Too Large", _no_browser()) if too_long else None
    socket = ServerProtocol(select_subprotocol=_choose, max_size=MESSAGE_BYTES)
    socket.receive_data(request + end)
    asked = next((event for event in socket.events_received() if isinstance(event, Request)), None)
    if asked is None or "upgrade" not in asked.headers:
        return _refusal("400 Bad Request", _no_browser())
    hosts, pages = (asked.headers.get_all(name) for name in ("Host", "Origin"))
    if len(hosts) != 1 or len(pages) > 1 or (pages and not is_welcome(pages[0], hosts[0], origins)):
        words = _(
            "Pages from {origin} may not connect here unless its operator allows it ([websocket] origins)"
        )
        return _refusal("403 Forbidden", words.format(origin=ascii(", ".join(pages))))
    response = socket.accept(asked)
    if response.status_code != 101:
        return _refusal(f"{response.status_code} {response.reason_phrase}", _no_browser())
    socket.send_response(response)
    return Answer(b"".join(socket.data_to_send()), socket, asked.headers, rest)


def is_welcome(origin: str, host: str, origins: Collection[str]) -> bool:
    """Whether a page from ``origin`` may connect to what it calls ``host`` (RFC 6454 section 6.1)."""
    if "*" in origins or origin.lower() in {each.lower().rstrip("/") for each in origins}:
        return True
    try:
        name = urlsplit(f"//{host}").hostname or ""
        is_ours = name == "localhost" or bool(ipaddress.ip_address(name))
        return is_ours and urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False


def forwarded(headers: Headers) -> tuple[str, bool]:
    """For whom a proxy says that it asks: the address ("" where it does not say), and whether over TLS.

    Only the last address is the proxy's own word; a caller can write the others.
    """
    address = ",".join(headers.get_all("X-Forwarded-For")).rpartition(",")[2].strip()
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return "", False
    return address, headers.get_all("X-Forwarded-Proto")[-1:] == ["https"]


def no_browser() -> bytes:
    """What someone is told who comes with HTTP and wants no WebSocket."""
    return _refusal("400 Bad Request", _no_browser()).data


def _choose(_socket: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """The first that we speak, in the caller's order (IRCv3 WebSocket)."""
    return next((each for each in offered if each in (TEXT, BINARY)), None)


def _refusal(status: str, words: str) -> Answer:
    text = words + "\n"
    return Answer(_ANSWER.format(status=status, length=len(text.encode()), text=text).encode())


def _no_browser() -> str:
    return _("This is a chat server. Open it with a chat client, not a browser.")

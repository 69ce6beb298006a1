"""SASL as small exchanges for both sides: what AUTHENTICATE carries, PLAIN and EXTERNAL; SCRAM is in `scram`.

Bytes in, bytes out (IRCv3 sasl-3.1 and 3.2; RFC 4616; RFC 4422 A). A client sends ``AUTHENTICATE mechanism``
and answers challenges (`Client`); a server reads what comes of it.
"""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple, Protocol

PLAIN, SCRAM_SHA_256, EXTERNAL = "PLAIN", "SCRAM-SHA-256", "EXTERNAL"
#: So many letters of base64 are in one AUTHENTICATE line; fewer end the response (sasl-3.1).
CHUNK = 400


class SaslError(Exception):
    """The exchange has failed; ``str()`` says why in words."""


# AUTHENTICATE lines


def chunks(response: bytes) -> list[str]:
    """The parameters of the AUTHENTICATE lines that carry ``response``; an empty one is ``+``."""
    text = base64.b64encode(response).decode()
    parts = [text[at : at + CHUNK] for at in range(0, len(text), CHUNK)]
    return parts if len(text) % CHUNK else [*parts, "+"]


class Chunks:
    """Gathers what AUTHENTICATE lines carry, ``most`` letters of base64 in all."""

    __slots__ = ("_most", "_parts")

    def __init__(self, most: int = 8 * CHUNK) -> None:
        self._most = most
        self._parts: list[str] = []

    def add(self, parameter: str) -> bytes | None:
        """Take one parameter; give the whole once it is there, ``None`` before.

        Raises:
            SaslError: It is no base64, or too much.
        """
        if parameter != "+":
            self._parts.append(parameter)
        if sum(map(len, self._parts)) > self._most:
            raise SaslError("The response is too long")
        if len(parameter) >= CHUNK:
            return None
        text, self._parts = "".join(self._parts), []
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise SaslError("The response is not base64") from None


# The client's side


class Client(Protocol):
    """One attempt to log in. Send ``AUTHENTICATE mechanism``, then `answer` each challenge."""

    mechanism: str

    def answer(self, challenge: bytes) -> bytes:
        """The response to ``challenge``; the first challenge of IRC is empty.

        Raises:
            SaslError: The server is not what it should be; abort with ``AUTHENTICATE *``.
        """

    @property
    def is_proven(self) -> bool:
        """Whether the server may say that it worked: it has shown all that it must show of itself."""


class PlainClient:
    """The password as it is: only where nobody listens (RFC 4616)."""

    mechanism = PLAIN
    is_proven = True

    def __init__(self, account: str, password: str) -> None:
        self._message = f"{account}\0{account}\0{password}".encode()

    def answer(self, challenge: bytes) -> bytes:
        return self._message


class ExternalClient:
    """Who one is has been shown to TLS already, by a certificate (RFC 4422 A)."""

    mechanism = EXTERNAL
    is_proven = True

    def __init__(self, account: str = "") -> None:
        self._account = account.encode()

    def answer(self, challenge: bytes) -> bytes:
        return self._account


# The server's side


class Credentials(NamedTuple):
    """Who somebody says they are, and the password that shall show it."""

    account: str
    password: str


def read_plain(message: bytes, most_bytes: int = 1024) -> Credentials:
    """What a client says with PLAIN; passwords have at most ``most_bytes`` bytes of UTF-8.

    Raises:
        SaslError: It is malformed, empty, or wants to act as somebody else.
    """
    parts = text_of(message).split("\0")
    if len(parts) != 3:
        raise SaslError("PLAIN is a name, a name and a password with a NUL between each")
    wanted, account, password = parts
    if not account or not password:
        raise SaslError("The name or the password is empty")
    if wanted not in ("", account):
        raise SaslError("One cannot log in as somebody else")
    if len(password.encode()) > most_bytes:
        raise SaslError("The password is too long")
    return Credentials(account, password)


def read_external(message: bytes) -> str:
    """The account that a client wants with EXTERNAL, "" for the one that its certificate belongs to."""
    return text_of(message)


def text_of(message: bytes) -> str:
    try:
        return message.decode()
    except UnicodeDecodeError:
        raise SaslError("The response is not UTF-8") from None

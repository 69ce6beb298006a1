"""The way to a server, encrypted wherever it can be: the handshake and what follows from it (see `trust`)."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any, Generic, TypeVar

from chatapp.client.known_servers import KnownServers
from chatapp.client.trust import (
    Distrusted,
    KeyChanged,
    Verdict,
    Without,
    first_meeting,
    in_the_clear,
    judge_key,
    key_is_another,
    without_handshake,
)
from chatapp.irc.fingerprint import key_digest
from chatapp.system_errors import reason_of

#: Seconds after which a server that was never heard to speak TLS is taken for one that does not.
HANDSHAKE_SECONDS = 2.0
#: The same for a server that must speak it.
PATIENT_SECONDS = 8.0

_Protocol = TypeVar("_Protocol", bound=asyncio.Protocol)


@dataclass(frozen=True, slots=True)
class TlsWishes:
    """What the person wants: ``tls`` True insists, False forbids, None takes it where it is.

    ``fingerprint`` is "" or digits that the key must begin with. ``has_password``: something will be sent
    that nobody may overhear. ``certificate`` is a file with ours, and one with its key, for a server that
    wants to know us by it.
    """

    tls: bool | None = None
    fingerprint: str = ""
    has_password: bool = False
    certificate: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Opened(Generic[_Protocol]):
    """A connection, and what is to be said about it ("" for nothing)."""

    protocol: _Protocol
    is_encrypted: bool
    words: str = ""


class LostEncryption(OSError):
    """A server that had TLS does not shake hands now; ``str()`` says so in words for the person.

    ``is_answer``: it speaks, and something else; if not, it may only be starting.
    """

    def __init__(self, words: str, is_answer: bool) -> None:
        super().__init__(words)
        self.is_answer = is_answer


class Security:
    """Opens connections to one server as ``wishes`` and the ``known`` servers say."""

    def __init__(self, host: str, port: int, wishes: TlsWishes, known: KnownServers) -> None:
        self._host = host
        self._port = port
        self._wishes = wishes
        self._known = known

    @property
    def _where(self) -> str:
        return f"{self._host}:{self._port}"

    async def open(self, make: Callable[[], _Protocol]) -> Opened[_Protocol]:
        """Connect a protocol of ``make``; nothing is sent to a server that is not to be trusted.

        Raises:
            Distrusted: It is refused.
            LostEncryption: It had TLS before; it may be tried again.
            OSError: There is no connection.
        """
        if self._wishes.tls is False:
            _transport, protocol = await self._connect(make, None)
            return Opened(protocol, is_encrypted=False, words=in_the_clear(is_wish=True))
        known = self._known.find(self._host, self._port)
        must = bool(known or self._wishes.tls or self._wishes.fingerprint)
        try:
            transport, protocol = await self._connect(
                make, self._with_ours(_trusting_context()), PATIENT_SECONDS if must else HANDSHAKE_SECONDS
            )
        except _NoHandshake as why:
            return await self._without(make, known, why)
        opened = None
        try:
            opened = await self._judge(make, protocol, known, _key_of(transport))
        finally:
            if opened is None or opened.protocol is not protocol:
                transport.abort()
        return opened

    async def _judge(
        self, make: Callable[[], _Protocol], protocol: _Protocol, known: str, key: str
    ) -> Opened[_Protocol]:
        wanted = self._wishes.fingerprint
        match judge_key(key, known, wanted):
            case Verdict.TRUST:
                return Opened(protocol, is_encrypted=True)
            case Verdict.REMEMBER:
                return Opened(protocol, is_encrypted=True, words=self._remember(key) if key != known else "")
            case Verdict.MEET:
                return Opened(protocol, is_encrypted=True, words=first_meeting(key) + self._remember(key))
            case Verdict.ASK_AUTHORITIES:
                return await self._ask_authorities(make, known, key)
            case Verdict.REFUSE:
                raise Distrusted(key_is_another(self._where, wanted, key))

    async def _ask_authorities(
        self, make: Callable[[], _Protocol], known: str, key: str
    ) -> Opened[_Protocol]:
        """Connect anew, and only to a server that an authority of this computer vouches for."""
        try:
            context = self._with_ours(ssl.create_default_context())
            transport, protocol = await self._connect(make, context, PATIENT_SECONDS)
        except _NoHandshake as why:
            raise KeyChanged(self._where, known, key) from why
        vouched = _key_of(transport)
        words = _("The server has a new key, which an authority that this computer trusts vouches for.")
        return Opened(protocol, is_encrypted=True, words=words + self._remember(vouched))

    def _with_ours(self, context: ssl.SSLContext) -> ssl.SSLContext:
        """``context`` that shows our certificate, if there is one.

        Raises:
            Distrusted: It cannot be used.
        """
        if self._wishes.certificate is not None:
            certificate, key = self._wishes.certificate
            try:
                context.load_cert_chain(certificate, key or None, password=lambda: "")
            except (OSError, ValueError) as why:
                words = _("Your certificate cannot be used ({reason}): {file}")
                reason = (
                    _("it, or its key, makes no sense")
                    if isinstance(why, ssl.SSLError | ValueError)
                    else reason_of(why)
                )
                raise Distrusted(words.format(reason=reason, file=certificate)) from why
        return context

    async def _without(
        self, make: Callable[[], _Protocol], known: str, why: _NoHandshake
    ) -> Opened[_Protocol]:
        wishes = self._wishes
        way = without_handshake(
            is_known=bool(known),
            is_asked_for=bool(wishes.tls or wishes.fingerprint),
            speaks_tls=why.speaks_tls,
        )
        if way is Without.LATER:
            words = _("{where} had encryption before, and has none now ({reason}); nothing was sent to it.")
            raise LostEncryption(words.format(where=self._where, reason=why), why.says_something_else)
        if way is Without.REFUSE:
            words = _("{where} cannot be spoken to with TLS ({reason}); nothing was sent to it.")
            raise Distrusted(words.format(where=self._where, reason=why))
        transport, protocol = await self._connect(make, None)
        if wishes.has_password and not is_loopback(transport.get_extra_info("peername")):
            transport.abort()
            words = _("{where} has no encryption, and your password would be readable on the way; ")
            hint = _("it was not sent. If that is all right, start with --no-tls.")
            raise Distrusted(words.format(where=self._where) + hint)
        return Opened(protocol, is_encrypted=False, words=in_the_clear(is_wish=False))

    def _remember(self, key: str) -> str:
        """Keep ``key``; what the person must know of that, "" if it is as it should be."""
        try:
            self._known.remember(self._host, self._port, key)
        except OSError as why:
            return " " + _("(It cannot be kept: {reason}.)").format(reason=reason_of(why))
        return ""

    async def _connect(
        self, make: Callable[[], _Protocol], context: ssl.SSLContext | None, seconds: float | None = None
    ) -> tuple[asyncio.Transport, _Protocol]:
        """Connect, with a handshake if there is a ``context``.

        Raises:
            _NoHandshake: There is a server, and no handshake with it.
            OSError: There is no connection.
        """
        is_there = False

        def found() -> _Protocol:
            nonlocal is_there
            is_there = True
            return make()

        try:
            return await asyncio.get_running_loop().create_connection(
                found,
                self._host,
                self._port,
                happy_eyeballs_delay=0.25,
                ssl=context,
                server_hostname=self._host.partition("%")[0] if context else None,
                ssl_handshake_timeout=seconds,
            )
        except OSError as why:
            if context is None or not is_there:
                raise
            raise _NoHandshake(why) from why


class _NoHandshake(Exception):
    """There is a server, and it does not shake hands; ``str()`` says why in a few words."""

    def __init__(self, why: OSError) -> None:
        reason = (why.reason or "") if isinstance(why, ssl.SSLError) else ""
        self.speaks_tls = "ALERT" in reason or reason == "UNSUPPORTED_PROTOCOL"
        is_answer = isinstance(why, ssl.SSLError) and not isinstance(why, ssl.SSLEOFError)
        self.says_something_else = is_answer and not self.speaks_tls
        words = _("it hangs up")
        if self.speaks_tls:
            words = _("it wants another version or cipher")
        elif self.says_something_else:
            words = _("it answers with something else")
        elif isinstance(why, ConnectionAbortedError | TimeoutError):
            words = _("it does not answer")
        super().__init__(words)


def _trusting_context() -> ssl.SSLContext:
    """Take any certificate: `trust` judges the key before a byte is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _key_of(transport: asyncio.Transport) -> str:
    """The SHA-256 of the server's key.

    Raises:
        Distrusted: It has shown none that we understand.
    """
    certificate = transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
    try:
        return key_digest(certificate or b"")
    except ValueError as why:
        raise Distrusted(_("The server's certificate makes no sense.")) from why


def is_loopback(peer: Any) -> bool:
    """Whether ``peer``, a socket's address, is on this machine."""
    return ipaddress.ip_address(str(peer[0]).partition("%")[0]).is_loopback

"""A caller at the port, until it is known what it speaks; then it is led there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Set
from functools import partial
from gettext import gettext as _
from typing import TYPE_CHECKING, TypeVar, cast

from chatapp.core.addresses import is_local
from chatapp.core.settings import PlainSettings
from chatapp.listeners.admission import network_of
from chatapp.listeners.connection import Connection
from chatapp.listeners.detect import HEAD_BYTES, SPOKEN, Protocol, may_be_cut, recognise
from chatapp.listeners.irc import IrcConnection
from chatapp.listeners.pauses import Pauses
from chatapp.listeners.plain import PlainConnection
from chatapp.listeners.proxy import BadHeader, Header, Proxies, read_header
from chatapp.listeners.silence import Silence
from chatapp.listeners.telnet import Terminal
from chatapp.listeners.tls import CERTIFICATE, Tls
from chatapp.listeners.webirc import is_introduction, read_introduction

if TYPE_CHECKING:
    from chatapp.listeners.port import Port

_Way = TypeVar("_Way", bound=Connection)

#: A listener that no proxy stands before.
NO_PROXY = Proxies()


class Caller(asyncio.Protocol):
    """A connection until it is known what it speaks. Without an ``address`` it tells its own."""

    __slots__ = (
        "_address",
        "_head",
        "_is_counted",
        "_pauses",
        "_port",
        "_proxies",
        "_silence",
        "_spoken",
        "_tls",
        "_transport",
        "certificate",
        "is_secure",
    )

    def __init__(
        self,
        port: Port,
        address: str = "",
        tls: Tls | None = None,
        spoken: Set[Protocol] = SPOKEN,
        proxies: Proxies = NO_PROXY,
    ) -> None:
        self._port = port
        self._spoken = spoken
        self._proxies = proxies
        self.is_secure, self.certificate = False, ""
        self._tls = tls
        self._head = b""
        self._address = address
        self._is_counted = False
        self._pauses = Pauses()
        self._silence = Silence()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass of it
        if not self._address:
            peer = transport.get_extra_info("peername")
            if peer is None:  # already gone; what it said must not pass for somebody else's
                self._transport.abort()
                return
            self._address = peer[0]
        reason = self._port.admission.enter(self._address)
        if reason:
            self.refuse(reason)
            return
        self._is_counted = True
        self._port.undecided[self] = asyncio.get_running_loop().time()
        self._wait(self._plain.greeting_ms, self._heard_all)

    def data_received(self, data: bytes) -> None:
        if self._transport.is_closing():
            return
        self._head += data
        protocol = recognise(self._head)
        if self._proxies.use == "required" and protocol not in (Protocol.MORE, Protocol.PROXY):
            self.refuse(_("Only a proxy may connect to this port, and it says for whom"))
            return
        match protocol:
            case Protocol.MORE:
                pause = self._pauses.after(data, self._plain.pause_ms / 1000)
                self._wait(int(pause * 1000), self._heard_a_pause)
            case Protocol.IRC if Protocol.IRC in self._spoken:
                if is_introduction(self._head):
                    self._hear_gateway()
                else:
                    self._lead_to(IrcConnection)
            case Protocol.IRC:
                self.refuse(_("IRC is not spoken at this port, only plain text"))
            case Protocol.HTTP:
                self._answer_browser()
            case Protocol.PROXY if self._proxies.use != "off":
                self._hear_proxy()
            case Protocol.TLS if self._tls is not None:
                self._go_inside(self._tls)
            case Protocol.TLS if self.is_secure:
                self.refuse(_("There is TLS inside of TLS; one is enough"))
            case Protocol.TLS | Protocol.SSH | Protocol.PROXY:
                self.refuse(_("This server does not speak {protocol} yet").format(protocol=protocol.name))
            case Protocol.PLAIN if self._has_said_something:
                self._lead_to_plain()
            case Protocol.PLAIN:
                self._greet()

    def eof_received(self) -> bool:
        """Who says something and then no more, without a line end, is heard and answered all the same."""
        if self._transport.is_closing() or may_be_cut(self._head) or not self._has_said_something:
            return False
        if recognise(self._head) not in (Protocol.MORE, Protocol.PLAIN):
            return False  # half a beginning of another protocol
        if self._proxies.use == "required":
            return False
        connection = self._lead_to_plain()
        return connection is not None and connection.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        if self._is_counted:
            self._is_counted = False
            self._port.admission.leave(self._address)

    def refuse(self, reason: str) -> None:
        """Say why in words that a person and an IRC client read alike, and hang up."""
        self._send_away(f"ERROR :{reason}\r\n".encode())

    def _send_away(self, answer: bytes) -> None:
        self._forget()
        self._transport.write(answer)
        self._transport.close()

    @property
    def _plain(self) -> PlainSettings:
        return self._port.house.world.settings.plain

    @property
    def _has_said_something(self) -> bool:
        """Whether there is more than empty lines and a terminal's own negotiation."""
        return bool(self._head) and bool(Terminal().feed(self._head).strip())

    def _heard_a_pause(self) -> None:
        if not may_be_cut(self._head):
            self._heard_all()
        elif Protocol.PLAIN in self._spoken:  # else the rest of the word may take its time
            self._wait(self._plain.greeting_ms, self._heard_all)

    def _heard_all(self) -> None:
        """No more is coming now, and it is no protocol that we know: take the words, or ask for some."""
        if self._proxies.use == "required":
            return
        if not self._has_said_something:
            self._greet()
        elif connection := self._lead_to_plain():
            connection.end_message()

    def _greet(self) -> None:
        """Ask for a name, once, and go on waiting for the first words in whatever protocol."""
        self._wait(None)
        self._head = self._head[: HEAD_BYTES // 2]
        if self in self._port.greeted or Protocol.PLAIN not in self._spoken:
            return
        self._port.undecided.pop(self, None)
        self._port.greeted[self] = asyncio.get_running_loop().time()
        self._transport.write(self._port.greeting)

    def _wait(self, milliseconds: int | None, then: Callable[[], None] = lambda: None) -> None:
        """Have ``then`` called unless something comes in the next ``milliseconds``; None waits for ever."""
        if milliseconds is None:
            self._silence.end()
        else:
            self._silence.begin(milliseconds / 1000, then)

    def _forget(self) -> None:
        self._wait(None)
        self._port.undecided.pop(self, None)
        self._port.greeted.pop(self, None)

    def _go_inside(self, tls: Tls) -> None:
        """Have somebody else take over as soon as TLS is there, or the caller is gone."""
        self._forget()
        self._is_counted = False
        self._transport.pause_reading()  # all there is of the handshake is in our hands
        inner = SecureCaller(self._port, self._address, self._transport, self._spoken, self._proxies.trusted)
        self._port.house.spawn(tls.layer.lead_inside(self._transport, self._head, inner))

    def _lead_to_plain(self) -> PlainConnection | None:
        """Take the words as they are; None if nobody is heard so here, which they have been told."""
        if Protocol.PLAIN in self._spoken:
            return self._lead_to(PlainConnection)
        self.refuse(_("Only IRC is spoken at this port; come with an IRC client"))
        return None

    def _answer_browser(self) -> None:
        """Open a WebSocket for who asks for one as it must be asked for; tell everybody else what this is."""
        from chatapp.listeners.upgrade import (  # few servers have such callers
            answer_to,
            forwarded,
            no_browser,
        )
        from chatapp.listeners.websocket import WebSocketConnection

        if Protocol.HTTP not in self._spoken:
            self._send_away(no_browser())
            return
        answer = answer_to(self._head, self._port.house.world.settings.websocket.origins)
        if answer is None:
            self._wait(None)  # there is more to come, within the time that everyone has
        elif answer.socket is None:
            self._send_away(answer.data)
        elif self._goes_by(*forwarded(answer.headers)):
            self._head = answer.rest
            self._transport.write(answer.data)
            self._lead_to(partial(WebSocketConnection, socket=answer.socket))

    def _hear_proxy(self) -> None:
        if self._is_introduced(read_header):
            self._proxies = self._proxies._replace(use="off")
            if self._head:
                self.data_received(b"")
            else:
                self._wait(self._plain.greeting_ms, self._heard_all)

    def _hear_gateway(self) -> None:
        password = self._port.house.world.settings.server.webirc_password
        if self._is_introduced(partial(read_introduction, password=password)):
            self._lead_to(IrcConnection)

    def _is_introduced(self, read: Callable[[bytes], Header | None]) -> bool:
        """Take the word of a proxy or gateway for whom it brings; false if more must come, or it is no."""
        if not self._proxies.trusts(self._address):
            words = _("{address} is no proxy or gateway that this server trusts")
            self.refuse(words.format(address=self._address))
            return False
        try:
            header = read(self._head)
        except BadHeader as why:
            self.refuse(str(why))
            return False
        if header is None:
            self._wait(None)
            return False
        self._head = self._head[header.size :]
        return self._goes_by(header.address, header.is_secure)

    def _goes_by(self, address: str, is_secure: bool) -> bool:
        """Count the caller with ``address`` if a trusted proxy says so; false if it may not come in."""
        if not address or not self._proxies.trusts(self._address):
            return True
        reason = self._port.admission.enter(address)
        if reason:
            self.refuse(reason)
            return False
        self._port.admission.leave(self._address)
        # What came over TLS to a gateway may be read by others on its way from there.
        self.is_secure = self.is_secure or (is_secure and is_local(self._address))
        self._address, self.certificate = address, ""  # if one was shown, it is the gateway's
        return True

    def _lead_to(self, way: Callable[..., _Way]) -> _Way:
        port, address = self._port, self._address
        self._forget()
        connection = way(port.house, address, port.on_lost, is_trusted=network_of(address)[1])
        connection.session.is_secure = self.is_secure
        connection.session.certificate = self.certificate
        self._transport.set_protocol(connection)
        connection.connection_made(self._transport)
        connection.data_received(self._head)
        return connection


class SecureCaller(Caller):
    """A caller inside TLS, where what it speaks is told once more; it has been let in and counted already.

    Until the handshake is done, ``transport`` is the one below.
    """

    __slots__ = ("_has_shaken_hands",)

    def __init__(
        self,
        port: Port,
        address: str,
        transport: asyncio.Transport,
        spoken: Set[Protocol],
        trusted: Collection[str] = (),
    ) -> None:
        super().__init__(port, address, spoken=spoken, proxies=Proxies(trusted=trusted))
        self.is_secure = True
        self._is_counted = True
        self._transport = transport
        self._has_shaken_hands = False
        port.undecided[self] = asyncio.get_running_loop().time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._has_shaken_hands = True
        self.certificate = transport.get_extra_info(CERTIFICATE) or ""
        if self not in self._port.undecided:  # sent away
            self._transport.abort()
        else:
            self._wait(self._plain.greeting_ms, self._heard_all)

    def eof_received(self) -> bool:
        """As outside, only that nobody can be answered who has closed TLS."""
        super().eof_received()
        return False

    def _send_away(self, answer: bytes) -> None:
        if self._has_shaken_hands:
            super()._send_away(answer)
        else:
            self._forget()
            self._transport.abort()

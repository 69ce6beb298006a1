"""The way to the server: connect, keep alive, come back with growing patience; the session does the rest."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import re
import socket
import ssl
import struct
import sys
from collections import deque
from collections.abc import Callable
from gettext import gettext as _
from typing import cast

from chatapp.client.inspector.recorder import Direction, Recorder
from chatapp.client.inspector.transport import describe
from chatapp.client.pulse import PING_AFTER
from chatapp.client.session import Session
from chatapp.client.tls import LostEncryption, Security, is_loopback
from chatapp.client.trust import Distrusted
from chatapp.client.udp import Datagrams
from chatapp.irc.framing import LineBuffer
from chatapp.irc.line import MalformedLine, parse_line
from chatapp.irc.visible import visible

#: Seconds that an attempt may take.
CONNECT_TIMEOUT = 10.0
#: The longest wait between two attempts, in seconds.
MOST_PATIENCE = 30.0
#: Bytes that may wait for a server that does not read.
SENDQ_BYTES = 1 << 20
#: Lines heard in one turn of the loop; the keyboard has its turn between.
LINES_PER_TURN = 100
#: Lines that may wait to be heard before we stop reading.
LINES_WAITING = 2000
#: Seconds after which a connection counts as a good one, and the next attempt is made at once.
_STABLE = 10.0
#: Seconds for the server to answer our QUIT.
_FAREWELL = 2.0


class NoServer(Exception):
    """There is no server at the very first attempt; ``str()`` says so in words for the person."""


class Connection:
    """Keeps ``session`` connected to a server, until the person leaves.

    ``dice`` gives numbers from 0 to 1 and spreads the attempts of many clients. ``recorder`` sees every byte.
    ``dial`` gives a connected socket where there is no address: to a server in this process; ``datagrams`` is
    the way where it is to be UDP. ``security`` decides about TLS over TCP; without it there is none.
    """

    def __init__(
        self,
        session: Session,
        host: str,
        port: int,
        *,
        dice: Callable[[], float],
        recorder: Recorder | None = None,
        dial: Callable[[], socket.socket] | None = None,
        lines_per_turn: int = LINES_PER_TURN,
        datagrams: Datagrams | None = None,
        security: Security | None = None,
    ) -> None:
        self._session = session
        self._datagrams = datagrams
        self._security = security
        self._security_words = ""
        self._dial = dial
        self._lines_per_turn = lines_per_turn
        self._host = host
        self._port = port
        self._dice = dice
        self._recorder = recorder or Recorder(session.now)
        self.was_ever_welcome = False
        self._wire: _Wire | None = None
        self._opening: asyncio.Timeout | None = None
        self._wanted = asyncio.Event()
        self._reason = ""
        self.is_ending = False

    async def run(self, *, gives_up: bool = True) -> None:
        """Connect, and again whenever the connection ends; return once the person has left.

        Raises:
            NoServer: The very first attempt has failed, and one ``gives_up`` then.
            Distrusted: The server is one that we do not talk to; it is not tried again.
        """
        session = self._session
        failures = 0
        is_first = gives_up
        while not session.is_quitting:
            began = session.now()
            try:
                was_welcome = await self._attempt(is_first)
            except Distrusted:
                session.disconnected("", None)
                raise
            is_first = False
            if was_welcome and session.now() - began >= _STABLE:
                failures = 0
            elif not was_welcome:
                failures += 1
            await self._wait(failures)
            failures += was_welcome
        session.disconnected("", None)

    def quit(self) -> None:
        """The person leaves: say what is still to be said, and end."""
        self.is_ending = True
        self._session.quit()
        self._wanted.set()
        if self._wire is not None:
            self._wire.finish()
        elif self._opening is not None:  # nobody waits for that any more
            self._opening.reschedule(asyncio.get_running_loop().time())

    def hurry(self) -> None:
        """Make the next attempt at once, if one waits for its time."""
        self._wanted.set()

    async def wait(self, seconds: float) -> None:
        """Wait so long, or until the person hurries or leaves."""
        self._wanted.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wanted.wait()

    async def _attempt(self, is_first: bool) -> bool:
        """Connect and stay until the connection ends; whether the server had welcomed us."""
        session = self._session
        session.connecting()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT) as self._opening:
                wire = await self._open()
        except LostEncryption as error:
            if is_first:
                raise Distrusted(str(error)) from error
            self._warn_of(error)
            return False
        except (OSError, TimeoutError, UnicodeError) as error:
            self._reason = _in_words(error)
            if is_first and not session.is_quitting:
                session.disconnected(self._reason, None)
                raise NoServer(self._nobody(self._reason)) from error
            if not self.was_ever_welcome:
                self._tell_once(self._nobody(self._reason))
            return False
        finally:
            self._opening = None
        self._wire = wire
        try:
            session.connected(is_private=wire.is_private)
            wire.start()
            await self._stay(wire)
        finally:
            wire.drop()
            self._wire = None
            if self._security is not None:
                session.model.transport = ""
            self._recorder.closed(wire.reason)
        self._reason = wire.reason
        self.was_ever_welcome = self.was_ever_welcome or wire.was_welcome
        return wire.was_welcome

    async def _open(self) -> _Wire:
        loop = asyncio.get_running_loop()

        def make() -> _Wire:
            return _Wire(self._session, self._recorder, self._lines_per_turn)

        if self._datagrams is not None:
            return await self._datagrams.open(make)
        if self._dial is not None:
            return (await loop.create_connection(make, sock=self._dial()))[1]
        if self._host.startswith("/"):
            if sys.platform == "win32":
                raise OSError(_("this system has no Unix sockets"))
            return (await loop.create_unix_connection(make, self._host))[1]
        if self._security is not None:
            return await self._open_securely(self._security, make)
        return (await loop.create_connection(make, self._host, self._port, happy_eyeballs_delay=0.25))[1]

    async def _open_securely(self, security: Security, make: Callable[[], _Wire]) -> _Wire:
        """Connect with TLS or without, and say which; what is to be said about it, once."""
        opened = await security.open(make)
        model = self._session.model
        model.transport = _("encrypted") if opened.is_encrypted else _("not encrypted")
        if opened.words and opened.words != self._security_words:
            self._session.inform(opened.words, model.current)
        self._security_words = opened.words or self._security_words
        return opened.protocol

    def _warn_of(self, error: LostEncryption) -> None:
        """Say that there is plain text where there was encryption, once."""
        self._reason = str(error)
        if error.is_answer and self._security_words != self._reason:
            self._session.complain(self._reason, self._session.model.current)
            self._security_words = self._reason

    def _tell_once(self, words: str) -> None:
        if words not in self._session.told:
            self._session.told.add(words)
            self._session.complain(words, self._session.model.server)

    async def _stay(self, wire: _Wire) -> None:
        """Until the connection ends, tick when the session wants it."""
        session = self._session
        while not wire.ended.is_set():
            try:
                async with asyncio.timeout(min(max(session.due() - session.now(), 0.05), PING_AFTER)):
                    await wire.ended.wait()
            except TimeoutError:
                session.tick()
                if session.pulse.is_gone:
                    wire.end(_("the server has fallen silent"))

    async def _wait(self, failures: int) -> None:
        """Wait before the next attempt: not at all at first, then twice as long each time."""
        session = self._session
        if session.is_quitting:
            return
        patience = min(0.5 * 2 ** min(failures - 1, 10), MOST_PATIENCE) if failures else 0.0
        patience *= 0.5 + self._dice() / 2
        session.disconnected(self._reason, session.now() + patience)
        await self.wait(patience)

    def _nobody(self, reason: str) -> str:
        where = self._host if self._host.startswith("/") else f"{self._host}:{self._port}"
        return _("There is no server at {where} ({reason}).").format(where=where, reason=reason)


class _Wire(asyncio.Protocol):
    """One connection: bytes to lines and lines to bytes."""

    def __init__(self, session: Session, recorder: Recorder, lines_per_turn: int) -> None:
        self.ended = asyncio.Event()
        self.reason = ""
        self.was_welcome = False
        self._lines_per_turn = lines_per_turn
        self._session = session
        self._recorder = recorder
        self._transport: asyncio.Transport | None = None
        self._buffer = LineBuffer()
        self._lines: deque[bytes] = deque()
        self._is_started = self._is_hearing = self._is_paused = False
        self._has_eof = self._is_secure = False

    def start(self) -> None:
        """The session has begun: write what it says, hear what has come already."""
        self._is_started = True
        self._session.on_lines = self._write
        self._write()
        self._hear_soon()

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can overhear us: it is encrypted, or does not leave this machine."""
        if self._transport is None:
            return False
        peer = self._transport.get_extra_info("peername")
        return self._is_secure or not isinstance(peer, tuple) or is_loopback(peer)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass of it
        self._is_secure = transport.get_extra_info("ssl_object") is not None
        self._recorder.opened(*describe(transport.get_extra_info))
        sock = transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        self._recorder.saw(Direction.RECEIVED, data)
        self._lines.extend(self._buffer.feed(data))
        if self._buffer.overflowed:
            self.end(_("the server sent a line without end"))
        if len(self._lines) > LINES_WAITING and self._transport is not None and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()
        self._hear_soon()

    def eof_received(self) -> bool:
        # What is still to be heard is heard before the end.
        self._has_eof = True
        self._hear_soon()
        return not self._is_secure  # TLS ends as a whole, and is heard out in connection_lost

    def connection_lost(self, error: Exception | None) -> None:
        self.reason = self.reason or (_in_words(error) if error else _("the server has ended it"))
        while self._lines and self._is_started:
            self._hear(LINES_PER_TURN)
        self.ended.set()

    def end(self, reason: str) -> None:
        """End the connection from our side, so that nothing we wrote arrives later: it is a reset."""
        self.reason = self.reason or reason
        self.drop()
        self.ended.set()

    def finish(self) -> None:
        """Write what is left, and close once the server has heard our QUIT, or soon."""
        if self._transport is None or self._transport.is_closing():
            return
        asyncio.get_running_loop().call_later(_FAREWELL, self.end, "")
        self._write()

    def drop(self) -> None:
        """Close at once. The system must not go on sending what it holds: history decides what to repeat."""
        self._is_started = False
        self._session.on_lines = lambda: None
        if self._transport is None or self._transport.is_closing():
            return
        sock = self._transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
        self._transport.abort()

    def _hear_soon(self) -> None:
        if self._is_started and not self._is_hearing and (self._lines or self._has_eof):
            self._is_hearing = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        """Hear some lines; the rest in the loop's next turn."""
        self._is_hearing = False
        if not self._is_started:
            return
        self._hear(self._lines_per_turn)
        if self._transport is not None:
            if self._is_paused and len(self._lines) < LINES_WAITING // 2:
                self._is_paused = False
                self._transport.resume_reading()
            if self._has_eof and not self._lines:
                self._transport.close()
        if self._lines:
            self._hear_soon()

    def _hear(self, most: int) -> None:
        session = self._session
        for _turn in range(min(most, len(self._lines))):
            try:
                line = parse_line(self._lines.popleft().decode("utf-8", "replace"))
            except MalformedLine:
                continue  # A line that says nothing: the server's mistake is not the person's.
            session.hear(line)
        self.was_welcome = self.was_welcome or session.was_welcome

    def _write(self) -> None:
        lines = self._session.take_lines()
        if not lines or self._transport is None or self._transport.is_closing():
            return
        data = "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")
        self._recorder.saw(Direction.SENT, data)
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > SENDQ_BYTES:
            self.end(_("the server does not read"))


#: ``struct linger`` has shorts on Windows.
_LINGER = "hh" if sys.platform == "win32" else "ii"
_CODE = re.compile(r"\[(?:Errno|WinError) ([0-9]{1,5})\]")
#: Nobody listens: as the system, Windows' sockets, and Windows' loop number it.
_REFUSED = {errno.ECONNREFUSED, 10061, 1225}


def _in_words(error: Exception) -> str:
    """Why there is no connection, for a person."""
    if isinstance(error, ssl.SSLError):
        return _("the encryption has failed")
    if isinstance(error, socket.gaierror):
        return _("the name is not known")
    if isinstance(error, TimeoutError):
        return _("no answer")
    if isinstance(error, FileNotFoundError):
        return _("there is no such socket")
    # Of several addresses that failed, asyncio tells only in the text.
    codes = {int(code) for code in _CODE.findall(str(error))}
    if isinstance(error, ConnectionRefusedError) or codes & _REFUSED:
        return _("nobody listens there")
    if len(codes) == 1:
        return os.strerror(codes.pop())
    return visible(str(error)) or type(error).__name__  # by datagrams these are the server's words

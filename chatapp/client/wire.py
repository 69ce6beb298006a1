"""One connection to a server: bytes to lines for the session, and its lines to bytes.

A flood is heard in slices of time, so that the keyboard has its turn between; where messages come one by one
but close together, they are left to gather for a moment, which costs far less than to wake up for each.
"""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import ssl
import struct
import sys
from collections import deque
from gettext import gettext as _
from typing import cast

from chatapp.client.inspector.recorder import Direction, Recorder
from chatapp.client.inspector.transport import describe
from chatapp.client.session import Session
from chatapp.client.tls import is_loopback
from chatapp.irc.framing import LineBuffer
from chatapp.irc.line import MalformedLine, parse_line
from chatapp.irc.visible import visible
from chatapp.system_errors import reason_for, reason_of

#: Bytes that may wait for a server that does not read.
SENDQ_BYTES = 1 << 20
#: Lines, and seconds, for which we hear in one turn of the loop; the keyboard has its turn between.
LINES_PER_TURN, _SECONDS_PER_TURN = 100, 0.001
#: Bytes read at once, where we can say so: more would be taken apart in one go.
_READ_BYTES = 16 * 1024
#: Lines that may wait to be heard before we stop reading.
LINES_WAITING = 2000
#: Reads that follow each other within so many seconds, with so few bytes, are a flood of small pieces.
_CLOSE, _SMALL_BYTES = 0.005, 4096
#: Seconds for which such pieces are left to gather.
_GATHERING = 0.01
#: Seconds for the server to answer our QUIT.
_FAREWELL = 2.0


class Wire(asyncio.Protocol):
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
        self._is_started = self._is_hearing = self._is_writing = False
        self._is_full = self._is_gathering = self._is_paused = False
        self._read_at = 0.0
        self._has_eof = self._is_secure = False

    def start(self) -> None:
        """The session has begun: write what it says, hear what has come already."""
        self._is_started = True
        self._session.on_lines = self._write_soon
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
        if hasattr(transport, "max_size"):  # asyncio's own, where it reads the socket itself
            transport.max_size = _READ_BYTES
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
        self._is_full = self._is_full or len(self._lines) > LINES_WAITING
        self._gather(len(data))
        self._read_or_pause()
        self._hear_soon()

    def eof_received(self) -> bool:
        # What is still to be heard is heard before the end.
        self._has_eof = True
        self._hear_soon()
        return not self._is_secure  # TLS ends as a whole, and is heard out in connection_lost

    def connection_lost(self, error: Exception | None) -> None:
        self.reason = self.reason or (in_words(error) if error else _("the server has ended it"))
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
        if self._session.on_lines == self._write_soon:  # else another connection has begun since
            self._session.on_lines = lambda: None
        if self._transport is None or self._transport.is_closing():
            return
        sock = self._transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
        self._transport.abort()

    def _gather(self, size: int) -> None:
        """After a small read close behind another: let a moment's worth of bytes gather before the next."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        is_flood = now - self._read_at < _CLOSE and size < _SMALL_BYTES
        self._read_at = now
        if is_flood and not self._is_gathering:
            self._is_gathering = True
            loop.call_later(_GATHERING, self._gathered)

    def _gathered(self) -> None:
        self._is_gathering = False
        self._read_at = asyncio.get_running_loop().time()
        self._read_or_pause()

    def _read_or_pause(self) -> None:
        is_paused = self._is_full or self._is_gathering
        if self._transport is None or is_paused == self._is_paused or self._transport.is_closing():
            return
        self._is_paused = is_paused
        if is_paused:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

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
        if len(self._lines) < LINES_WAITING // 2:
            self._is_full = False
            self._read_or_pause()
        if self._transport is not None and self._has_eof and not self._lines:
            self._transport.close()
        if self._lines:
            self._hear_soon()

    def _hear(self, most: int) -> None:
        session = self._session
        clock = asyncio.get_running_loop().time
        end = clock() + _SECONDS_PER_TURN
        for _turn in range(min(most, len(self._lines))):
            if clock() > end:
                break
            try:
                line = parse_line(self._lines.popleft().decode("utf-8", "replace"))
            except MalformedLine:
                continue  # A line that says nothing: the server's mistake is not the person's.
            session.hear(line)
        self.was_welcome = self.was_welcome or session.was_welcome

    def _write_soon(self) -> None:
        """Write once a turn: what is said together goes together, and a way just broken is tried once."""
        if not self._is_writing:
            self._is_writing = True
            asyncio.get_running_loop().call_soon(self._write)

    def _write(self) -> None:
        self._is_writing = False
        if self.ended.is_set():
            return  # What waits is for the next connection to decide.
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


def in_words(error: Exception) -> str:
    """Why there is no connection, for a person."""
    if isinstance(error, ssl.SSLError):
        return _("the encryption has failed")
    if isinstance(error, socket.gaierror | TimeoutError):
        return reason_of(error)
    if isinstance(error, FileNotFoundError):
        return _("there is no such socket")
    # Of several addresses that failed, asyncio tells only in the text.
    codes = {int(code) for code in _CODE.findall(str(error))}
    if isinstance(error, ConnectionRefusedError) or codes & _REFUSED:
        return reason_for(errno.ECONNREFUSED)
    if len(codes) == 1:
        return reason_for(codes.pop())
    return visible(str(error)) or type(error).__name__  # by datagrams these are the server's words

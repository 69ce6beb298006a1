"""One connection to the server under test, as it registers and joins; then it is a bare wire."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _

from chatapp.bench.ways import PLAIN, Address, Way, connect
from chatapp.irc.framing import LineBuffer
from chatapp.irc.line import Line, MalformedLine, parse_line

#: What everybody in a large room hears very often; nobody here acts on it.
_TOLD_TO_ALL = (b" 353 ", b" JOIN ")


class BenchError(Exception):
    """The run cannot go on; ``str()`` says why in words for the person who started it."""


class Caller:
    """One connection to the server under test. ``caps`` become those that the server agreed to."""

    __slots__ = (
        "_buffer",
        "_unsent",
        "caps",
        "isupport",
        "joined",
        "nick",
        "on_line",
        "registered",
        "socket",
        "way",
        "wire",
    )

    def __init__(self, address: Address, nick: str, caps: Sequence[str] = (), way: Way = PLAIN) -> None:
        self.nick = nick
        self.way = way
        self.caps: frozenset[str] = frozenset()
        self.isupport: dict[str, str] = {}
        self.registered = False
        self.joined = False
        self.on_line: Callable[[Line], None] | None = None
        self._buffer = LineBuffer(1 << 20)
        self._unsent = b""
        try:
            self.socket, self.wire = connect(address, way)
        except OSError as error:
            words = _("no server at {host} port {port}: {reason}")
            raise BenchError(words.format(host=address[0], port=address[1], reason=error)) from error
        try:
            self._greet(caps)
        except BenchError:
            self.socket.close()
            raise

    def _greet(self, caps: Sequence[str]) -> None:
        request = [f"CAP REQ :{' '.join(caps)}"] if caps else []
        self.say(*request, f"NICK {self.nick}", f"USER {self.nick} 0 * :chat-bench")

    def join(self, room: str) -> None:
        """Ask to be let in."""
        self.say(f"JOIN {room}")

    def fileno(self) -> int:
        """For a selector."""
        return self.socket.fileno()

    def say(self, *lines: str) -> None:
        """Send ``lines``."""
        self.send("".join(f"{line}\r\n" for line in lines).encode())

    def send(self, data: bytes) -> None:
        """Send ``data``, whole lines; what the network does not take now goes before the next."""
        if self.way.websocket:
            data = self.way.wrap(data)
        if self._unsent:
            data = self._unsent + data
        if not data:
            return
        try:
            sent = self.wire.send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            words = _("the server broke the connection of {nick}: {reason}")
            raise BenchError(words.format(nick=self.nick, reason=error)) from error
        self._unsent = data[sent:]

    def hear(self, data: bytes) -> None:
        """Take in what came, line by line: registration, PING, joining.

        Raises:
            BenchError: The server refuses us.
        """
        for raw in self._buffer.feed(data):
            if not self.on_line and any(word in raw for word in _TOLD_TO_ALL):
                continue
            try:
                line = parse_line(raw.decode("utf-8", "replace"))
            except MalformedLine:
                continue
            self.obey(line)
            if self.on_line:
                self.on_line(line)

    def obey(self, line: Line) -> None:
        """Do what the server asks for, and note what it tells."""
        match line.command:
            case "PING":
                self.say(f"PONG :{line.param(0)}")
            case "CAP" if line.param(1) in ("ACK", "NAK"):
                if line.param(1) == "ACK":
                    self.caps = frozenset(line.param(2).split())
                self.say("CAP END")
            case "005":
                for token in line.params[1:-1]:
                    name, _equals, value = token.partition("=")
                    self.isupport[name] = value
            case "001":
                self.registered = True
            case "366":
                self.joined = True
            case "ERROR" | "432" | "433" | "437" | "464" | "465" | "471" | "473" | "474" | "475":
                reason = " ".join([line.command, *line.params])
                words = _("the server refuses {nick}: {reason}")
                raise BenchError(words.format(nick=self.nick, reason=reason))

    @property
    def is_blocked(self) -> bool:
        """Whether the network has not taken all that was to be sent."""
        return bool(self._unsent)

    def close(self) -> None:
        """End the connection without a word."""
        self.wire.close()

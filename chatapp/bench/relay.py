"""A bare relay: the least that can pass for a room, to show how fast the generator itself is.

It speaks just enough IRC for the generator, checks nothing and keeps nothing: each turn it reads every
sender once, takes all that a member says for messages, and writes the same bytes once to every connection.
"""

from __future__ import annotations

import contextlib
import selectors
import socket

from chatapp.irc.framing import LineBuffer


class _Peer:
    __slots__ = ("buffer", "echo", "member", "nick", "prefix", "socket", "unsent")

    def __init__(self, accepted: socket.socket) -> None:
        self.socket = accepted
        self.buffer = LineBuffer()
        self.nick = self.prefix = b""
        self.member = False
        self.echo = False
        self.unsent = bytearray()

    def send(self, data: bytes) -> None:
        if self.unsent:
            self.unsent += data
            return
        sent = 0
        # Whoever has hung up is found out when they are read from.
        with contextlib.suppress(BlockingIOError, ConnectionError):
            sent = self.socket.send(data)
        if sent < len(data):
            self.unsent += data[sent:]

    def flush(self) -> None:
        if not self.unsent:
            return
        with contextlib.suppress(BlockingIOError, ConnectionError):
            del self.unsent[: self.socket.send(self.unsent)]


class Relay:
    """Serves on ``listening`` until the process ends; has one room, whatever it is called."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._selector = selectors.DefaultSelector()
        self._selector.register(listening, selectors.EVENT_READ, None)
        self._peers: set[_Peer] = set()
        self._said: list[tuple[_Peer, bytes]] = []

    def serve(self) -> None:
        """Relay for ever."""
        buffer = bytearray(1 << 18)
        view = memoryview(buffer)
        while True:
            backlog = any(peer.unsent for peer in self._peers)
            for key, _ in self._selector.select(0.001 if backlog else None):
                if key.data is None:
                    self._accept()
                else:
                    self._read(key.data, view)
            self._spread()

    def _accept(self) -> None:
        accepted, _ = self._listening.accept()
        accepted.setblocking(False)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer = _Peer(accepted)
        self._peers.add(peer)
        self._selector.register(accepted, selectors.EVENT_READ, peer)

    def _read(self, peer: _Peer, view: memoryview) -> None:
        try:
            count = peer.socket.recv_into(view)
        except OSError:
            count = 0
        if not count:
            self._selector.unregister(peer.socket)
            self._peers.discard(peer)
            peer.socket.close()
            return
        data = bytes(view[:count])
        if peer.member and data.endswith(b"\n") and not peer.buffer.pending:
            said = peer.prefix + data[:-1].replace(b"\n", b"\n" + peer.prefix) + b"\n"
            self._said.append((peer, said))
            return
        for line in peer.buffer.feed(data):
            if line.startswith(b"PRIVMSG "):
                self._said.append((peer, peer.prefix + line + b"\r\n"))
            else:
                self._obey(peer, line)

    def _obey(self, peer: _Peer, line: bytes) -> None:
        verb, _, rest = line.partition(b" ")
        if verb == b"NICK":
            peer.nick = rest
            peer.prefix = b":%s!%s@127.0.0.1 " % (rest, rest)
        elif verb == b"CAP" and rest.startswith(b"REQ"):
            peer.echo = b"echo-message" in rest
            peer.send(b":relay CAP * ACK :echo-message\r\n" if peer.echo else b":relay CAP * NAK :\r\n")
        elif verb == b"USER":
            peer.send(b":relay 001 %s :Hello\r\n" % peer.nick)
        elif verb == b"JOIN":
            peer.member = True
            peer.send(b":relay 366 %s %s :End of /NAMES list\r\n" % (peer.nick, rest))

    def _spread(self) -> None:
        together = b"".join(said for _, said in self._said)
        silent = {speaker for speaker, _ in self._said if not speaker.echo}
        for peer in self._peers:
            if not peer.member or not together:
                peer.flush()
            elif peer in silent:
                peer.send(b"".join(said for speaker, said in self._said if speaker is not peer))
            else:
                peer.send(together)
        self._said = []


def run_relay(listening: socket.socket) -> None:
    """Serve until the process is ended."""
    with contextlib.suppress(KeyboardInterrupt):
        Relay(listening).serve()

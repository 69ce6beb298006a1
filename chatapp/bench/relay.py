"""A bare relay: the least that can pass for rooms, to show how fast the generator itself is.

It speaks just enough IRC for the generator, checks nothing and keeps nothing: each turn it reads every
sender once, takes all that a member says for messages, and writes the same bytes once to every connection of
the room.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket

from chatapp.irc.framing import LineBuffer

#: How often, in seconds, it looks whether it is still wanted.
_LOOKS_UP_EVERY = 2.0


class _Peer:
    __slots__ = ("buffer", "echo", "nick", "prefix", "room", "socket", "unsent")

    def __init__(self, accepted: socket.socket) -> None:
        self.socket = accepted
        self.buffer = LineBuffer()
        self.nick = self.prefix = b""
        self.room: _Room | None = None
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


class _Room:
    __slots__ = ("peers", "said")

    def __init__(self) -> None:
        self.peers: dict[_Peer, None] = {}
        self.said: list[tuple[_Peer, bytes]] = []

    def spread(self) -> set[_Peer]:
        """Send what was said; give back those whom the network has not taken it for."""
        together = b"".join([said for _, said in self.said])
        silent = {speaker for speaker, _ in self.said if not speaker.echo}
        for peer in self.peers:
            if peer in silent:
                peer.send(b"".join([said for speaker, said in self.said if speaker is not peer]))
            else:
                peer.send(together)
        self.said = []
        return {peer for peer in self.peers if peer.unsent}


class Relay:
    """Serves on ``listening``; everyone is in one room at a time."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._selector = selectors.DefaultSelector()
        self._selector.register(listening, selectors.EVENT_READ, None)
        self._rooms: dict[bytes, _Room] = {}
        self._loud: set[_Room] = set()
        self._behind: set[_Peer] = set()

    def serve(self) -> None:
        """Relay until whoever started it has ended."""
        parent = os.getppid()
        buffer = bytearray(1 << 18)
        view = memoryview(buffer)
        while True:
            events = self._selector.select(0.001 if self._behind else _LOOKS_UP_EVERY)
            if not events and os.getppid() != parent:
                return
            for key, _ in events:
                if key.data is None:
                    self._accept()
                else:
                    self._read(key.data, view)
            for room in self._loud:
                self._behind |= room.spread()
            self._loud.clear()
            for peer in self._behind:
                peer.flush()
            self._behind = {peer for peer in self._behind if peer.unsent}

    def _accept(self) -> None:
        accepted, _ = self._listening.accept()
        accepted.setblocking(False)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(accepted, selectors.EVENT_READ, _Peer(accepted))

    def _read(self, peer: _Peer, view: memoryview) -> None:
        try:
            count = peer.socket.recv_into(view)
        except OSError:
            count = 0
        if not count:
            self._selector.unregister(peer.socket)
            self._behind.discard(peer)
            if peer.room:
                del peer.room.peers[peer]
            peer.unsent.clear()
            peer.socket.close()
            return
        data = bytes(view[:count])
        if peer.room and data.endswith(b"\n") and not peer.buffer.pending:
            said = peer.prefix + data[:-1].replace(b"\n", b"\n" + peer.prefix) + b"\n"
            self._say(peer, said)
            return
        for line in peer.buffer.feed(data):
            if line.startswith(b"PRIVMSG "):
                self._say(peer, peer.prefix + line + b"\r\n")
            else:
                self._obey(peer, line)

    def _say(self, peer: _Peer, said: bytes) -> None:
        if peer.room:
            peer.room.said.append((peer, said))
            self._loud.add(peer.room)

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
            peer.room = self._rooms.setdefault(rest, _Room())
            peer.room.peers[peer] = None
            peer.send(b":relay 366 %s %s :End of /NAMES list\r\n" % (peer.nick, rest))


def run_relay(listening: socket.socket) -> None:
    """Serve until the process is ended."""
    with contextlib.suppress(KeyboardInterrupt):
        Relay(listening).serve()

"""The fake IRC server of the terminal harness: a process of its own that floods its client at an exact rate.

It says on its standard output where it listens, and takes orders (`bench.terminal_flood`). It knows as much
IRC as irssi, WeeChat and our client want of it.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.terminal_flood import ROOM, EndOfOrders, Flood, flood_text

CAPS = "message-tags server-time echo-message batch labeled-response multi-prefix"
_NICKS = ("bruno", "carla", "davi", "elisa", "fabio", "gil", "helena", "iara")


def flood_line(number: int, has_tags: bool) -> str:
    """The message ``number`` of a flood."""
    nick = _NICKS[number * 5 % len(_NICKS)]
    second, milli = divmod(number, 1000)
    minute, second = divmod(second, 60)
    time_of_day = f"{minute // 60 % 24:02}:{minute % 60:02}:{second:02}.{milli:03}"
    tags = f"@msgid=f{number};time=2026-01-01T{time_of_day}Z "
    return f"{tags if has_tags else ''}:{nick}!{nick}@host PRIVMSG {ROOM} :{flood_text(number)}\r\n"


@dataclass
class Peer:
    """A client: its half of the dialogue, and the bytes that it has not taken yet."""

    sock: socket.socket
    nick: str = "*"
    caps: set[str] = field(default_factory=set)
    is_in_caps: bool = False
    has_user: bool = False
    is_welcome: bool = False
    rooms: set[str] = field(default_factory=set)
    heard: bytes = b""
    waiting: bytearray = field(default_factory=bytearray)

    def say(self, *lines: str) -> None:
        for line in lines:
            self.waiting += f"{line}\r\n".encode()

    def hear(self, line: str) -> None:
        """Answer one line of the client's."""
        command, *params = _split(line)
        label = ""
        if line.startswith("@"):
            tags = dict(tag.partition("=")[::2] for tag in line[1:].split(" ", 1)[0].split(";"))
            label = tags.get("label", "")
        answer = getattr(self, f"_{command.lower()}", None)
        if answer is not None:
            answer(params, label)
        if self.has_user and self.nick != "*" and not self.is_in_caps and not self.is_welcome:
            self._welcome()

    def _welcome(self) -> None:
        self.is_welcome = True
        nick = self.nick
        self.say(
            f":fake 001 {nick} :Welcome",
            f":fake 002 {nick} :Your host is fake",
            f":fake 003 {nick} :This server was made for this",
            f":fake 004 {nick} fake 1 i nt",
            f":fake 005 {nick} CHANTYPES=# PREFIX=(ov)@+ CHANMODES=b,k,l,nt CASEMAPPING=ascii :are supported",
            f":fake 422 {nick} :No MOTD",
        )

    def _cap(self, params: list[str], _label: str) -> None:
        kind = params[0].upper() if params else ""
        if kind == "LS":
            self.is_in_caps = True
            self.say(f":fake CAP * LS :{CAPS}")
        elif kind == "REQ":
            wanted = params[1].split()
            fits = set(wanted) <= set(CAPS.split())
            self.caps |= set(wanted) if fits else set()
            self.say(f":fake CAP * {'ACK' if fits else 'NAK'} :{params[1]}")
        elif kind == "END":
            self.is_in_caps = False

    def _nick(self, params: list[str], _label: str) -> None:
        self.nick = params[0]

    def _user(self, _params: list[str], _label: str) -> None:
        self.has_user = True

    def _ping(self, params: list[str], _label: str) -> None:
        self.say(f":fake PONG fake :{params[0]}")

    def _join(self, params: list[str], _label: str) -> None:
        for room in params[0].split(","):
            self.rooms.add(room)
            self.say(
                f":{self.nick}!user@host JOIN {room}",
                f":fake 353 {self.nick} = {room} :@bruno {self.nick} {' '.join(_NICKS[1:])}",
                f":fake 366 {self.nick} {room} :End of NAMES",
            )

    def _mode(self, params: list[str], _label: str) -> None:
        if len(params) > 1 and params[1].strip("+") == "b":
            self.say(f":fake 368 {self.nick} {params[0]} :End of list")
        elif len(params) == 1 and params[0].startswith("#"):
            self.say(f":fake 324 {self.nick} {params[0]} +nt")

    def _who(self, params: list[str], _label: str) -> None:
        self.say(f":fake 315 {self.nick} {params[0]} :End of WHO")

    def _privmsg(self, params: list[str], label: str) -> None:
        if "echo-message" in self.caps:
            tags = f"@label={label} " if label else ""
            self.say(f"{tags}:{self.nick}!user@host PRIVMSG {params[0]} :{params[1]}")


def _split(line: str) -> list[str]:
    """Command and parameters of a client's line."""
    if line.startswith("@"):
        line = line.partition(" ")[2]
    head, colon, last = line.partition(" :")
    return [*head.split(), *([last] if colon else [])] or [""]


class Server:
    """Serves one client at a time well, and several somehow."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        self._peers: list[Peer] = []
        self._flood = Flood()

    def serve(self) -> None:
        """Until nobody gives orders any more."""
        self._selector.register(0, selectors.EVENT_READ, "orders")
        print(json.dumps({"port": self.port}), flush=True)
        while True:
            for key, _events in self._selector.select(self._flood.pause):
                if key.fileobj is self._listener:
                    self._accept()
                elif key.data == "orders":
                    self._flood.take_orders()
                else:
                    self._hear(key.data)
            numbers = self._flood.due()
            for peer in list(self._peers):
                if numbers and ROOM in peer.rooms:
                    has_tags = "message-tags" in peer.caps
                    peer.waiting += "".join(flood_line(n, has_tags) for n in numbers).encode()
                self._send(peer)

    def _accept(self) -> None:
        sock, _address = self._listener.accept()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer = Peer(sock)
        self._peers.append(peer)
        self._selector.register(sock, selectors.EVENT_READ, peer)

    def _hear(self, peer: Peer) -> None:
        try:
            data = peer.sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data or data[:1] == b"\x16":  # gone, or in hope of TLS
            self._forget(peer)
            return
        *whole, peer.heard = (peer.heard + data).split(b"\n")
        for line in whole:
            peer.hear(line.decode("utf-8", "replace").strip("\r"))

    def _send(self, peer: Peer) -> None:
        try:
            while peer.waiting:
                del peer.waiting[: peer.sock.send(bytes(peer.waiting[: 1 << 18]))]
        except BlockingIOError:
            return
        except OSError:
            self._forget(peer)

    def _forget(self, peer: Peer) -> None:
        if peer in self._peers:
            self._peers.remove(peer)
            self._selector.unregister(peer.sock)
            peer.sock.close()


if __name__ == "__main__":
    try:
        Server().serve()
    except EndOfOrders:
        sys.exit(0)

"""People who talk at an exact rate in a room of a real server: the flood before the operator's console."""

from __future__ import annotations

import json
import os
import selectors
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.terminal_flood import EndOfOrders, Flood, flood_text

ROOM = "#lobby"
NICKS = ("bruno", "carla", "davi", "elisa")


def main(port: int) -> None:
    """Enter the room at the server on ``port``, and talk as ordered."""
    speakers = [_enter(port, nick) for nick in NICKS]
    flood = Flood()
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    for speaker in speakers:
        speaker.setblocking(False)
        selector.register(speaker, selectors.EVENT_READ)
    print(json.dumps({"port": port}), flush=True)
    while True:
        for key, _events in selector.select(flood.pause):
            if key.fd == 0:
                flood.take_orders()
            else:
                os.read(key.fd, 1 << 18)  # nobody listens to what the others say
        numbers = flood.due()
        for at, speaker in enumerate(speakers):
            mine = (n for n in numbers if n % len(speakers) == at)
            data = "".join(f"PRIVMSG {ROOM} :{flood_text(n)}\r\n" for n in mine).encode()
            speaker.setblocking(True)
            speaker.sendall(data)
            speaker.setblocking(False)


def _enter(port: int, nick: str) -> socket.socket:
    speaker = socket.create_connection(("127.0.0.1", port))
    speaker.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    speaker.sendall(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\nJOIN {ROOM}\r\n".encode())
    heard = b""
    while b" 366 " not in heard:
        heard += speaker.recv(65536)
    return speaker


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except EndOfOrders:
        sys.exit(0)

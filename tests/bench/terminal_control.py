"""The harness's control: the least that could be called a client, to see what measuring itself costs.

It shows each key at once, and of the flood the newest rows thirty times a second. It has no session, no
history and no colours, so nothing can be much quicker on the same machine. When it is to be ``careless``, it
prints above a prompt that it takes away and draws again, as a shell would: the harness must see it.
"""

from __future__ import annotations

import os
import selectors
import socket
import sys
import time
import tty
from collections import deque

_FRAME = 1 / 30


def main(port: int, room: str, is_careless: bool) -> None:
    """Show what comes from ``port`` and what is typed, until one of them ends."""
    columns, lines = os.get_terminal_size(0)
    tty.setraw(0)
    server = socket.create_connection(("127.0.0.1", port))
    server.sendall(f"NICK Ana\r\nUSER ana 0 * :Ana\r\nJOIN {room}\r\n".encode())
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    selector.register(server, selectors.EVENT_READ)
    prompt = f"\x1b[{lines};1H[{room}] "
    mark = f"PRIVMSG {room} :".encode()
    typed, rest, drawn, is_new = "", b"", 0.0, False
    said: deque[str] = deque(maxlen=lines - 2)
    os.write(1, f"\x1b[?1049h{prompt}\x1b[K".encode())
    while True:
        for key, _events in selector.select(max(drawn + _FRAME - time.monotonic(), 0.0) if is_new else None):
            if key.fd:
                data = server.recv(1 << 18)
                if not data:
                    return
                *whole, rest = (rest + data).split(b"\r\n")
                fresh = [line.rpartition(mark)[2].decode() for line in whole if mark in line]
                said.extend(fresh)
                is_new = is_new or bool(fresh)
            else:
                for char in os.read(0, 4096).decode():
                    typed = "" if char == "\x15" else typed + char
                os.write(1, f"{prompt}{typed}\x1b[K".encode())
        if is_new and time.monotonic() - drawn >= _FRAME:
            drawn, is_new = time.monotonic(), False
            rows = [f"\x1b[{y};1H{text[:columns]}\x1b[K" for y, text in enumerate(said, start=1)]
            if is_careless:
                os.write(1, f"\x1b[{lines};1H\x1b[K{said[-1][:columns]}\r\n".encode())
                selectors.DefaultSelector().select(0.001)  # what the terminal reads by then is on the screen
                rows = []
            os.write(1, f"{''.join(rows)}{prompt}{typed}\x1b[K".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], is_careless="careless" in sys.argv)

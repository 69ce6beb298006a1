"""A person with a raw IRC connection: says lines, waits for lines, never longer than some seconds."""

from __future__ import annotations

import socket
import time
from typing import Self

PATIENCE = 40.0


class Talker:
    """Connected to ``address``; registered if ``nick`` is given, with ``caps`` asked for."""

    def __init__(self, address: tuple[str, int], nick: str = "", caps: str = "") -> None:
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self._rest = b""
        self._lines: list[str] = []
        if caps:
            self.say(f"CAP REQ :{caps}")
        if nick:
            self.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
            if caps:
                self.say("CAP END")
            self.waits_for(" 001 ")

    def say(self, *lines: str) -> None:
        self.send("".join(f"{line}\r\n" for line in lines).encode())

    def send(self, data: bytes) -> None:
        self.socket.settimeout(PATIENCE)
        self.socket.sendall(data)

    def join(self, room: str) -> None:
        self.say(f"JOIN {room}")
        self.waits_for(" 366 ")

    def waits_for(self, part: str) -> str:
        """The next line that has ``part`` in it; those before it are dropped."""
        return self.waits_for_either(part)

    def waits_for_either(self, *parts: str) -> str:
        """The next line that has one of ``parts`` in it."""
        until = time.monotonic() + PATIENCE
        while True:
            while self._lines:
                line = self._lines.pop(0)
                if any(part in line for part in parts):
                    return line
            assert self._read(until), f"the connection ended before {parts}"

    def hears_until_the_end(self) -> list[str]:
        """All lines until the server hangs up."""
        until = time.monotonic() + PATIENCE
        while self._read(until):
            pass
        lines, self._lines = self._lines, []
        return lines

    def _read(self, until: float) -> bool:
        """Read once; false when the connection has ended."""
        left = until - time.monotonic()
        assert left > 0, "waited too long"
        self.socket.settimeout(left)
        try:
            data = self.socket.recv(1 << 16)
        except ConnectionError:
            return False
        *whole, self._rest = (self._rest + data).split(b"\n")
        self._lines += [line.decode().rstrip("\r") for line in whole]
        return bool(data)

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

"""A program that sends bare datagrams: each is a message, prose comes back, all of it best effort."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from gettext import gettext as _
from typing import Any

from chatapp.commands.table import disconnect
from chatapp.listeners.connection import House
from chatapp.listeners.plain import PlainConnection

#: No answer is larger: programs of courses read with ``recvfrom(1024)``.
ANSWER_BYTES = 1024
#: Datagrams that wait while their sender is held; what comes then is lost, as datagrams may be.
_MOST_WAITING = 32


class BareLink(asyncio.Transport):
    """The way to one address. It ends by itself when nothing comes for ``idle`` seconds (0: never)."""

    def __init__(self, send: Callable[[bytes], None], on_end: Callable[[], None], idle: int) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()
        self._send = send
        self._on_end = on_end
        self._idle = idle
        self._heard = self._loop.time()
        self._waiting: deque[bytes] = deque()
        self._is_paused = self._is_closing = False
        self._connection: PlainConnection | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._watch(idle)

    def start(self, house: House, address: str, on_lost: Callable[[str], None]) -> None:
        """Let the address take part. Nobody is trusted not to flood: no network slows who sends datagrams."""
        self._house = house
        self._connection = PlainConnection(house, address, on_lost, is_trusted=False)
        self._connection.connection_made(self)

    def hear(self, data: bytes) -> None:
        """A datagram has come: a message, or several where there are line ends in it."""
        self._heard = self._loop.time()
        if len(self._waiting) < _MOST_WAITING:
            self._waiting.append(data if data.endswith((b"\n", b"\r")) else data + b"\n")
            self._bring()

    # As asyncio.Transport has it

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send rows: an answer in as few datagrams as hold it, what others say in one for each."""
        for datagram in datagrams_of(bytes(data)):
            self._send(datagram)

    def close(self) -> None:
        if self._is_closing:
            return
        self._is_closing = True
        if self._timer is not None:
            self._timer.cancel()
        self._on_end()
        connection, self._connection = self._connection, None
        if connection is not None:
            self._loop.call_soon(connection.connection_lost, None)

    def abort(self) -> None:
        self.close()

    def is_closing(self) -> bool:
        return self._is_closing

    def pause_reading(self) -> None:
        self._is_paused = True

    def resume_reading(self) -> None:
        self._is_paused = False
        self._bring()

    def get_write_buffer_size(self) -> int:
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing waits here."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    # Inside

    def _bring(self) -> None:
        try:
            while self._waiting and self._connection is not None and not self._is_paused:
                self._connection.data_received(self._waiting.popleft())
        except Exception:
            self.close()
            raise

    def _watch(self, seconds: float) -> None:
        if self._idle:
            self._timer = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        """End it if nothing was heard for long enough, else look again when that would be."""
        left = self._heard + self._idle - self._loop.time()
        if left > 0:
            self._watch(left)
        elif self._connection is not None:
            words = _("nothing came for {seconds} seconds").format(seconds=self._idle)
            disconnect(self._house.world, self._connection.session, words)


def datagrams_of(text: bytes) -> list[bytes]:
    """``text``, whole rows of prose, in datagrams of at most `ANSWER_BYTES`, each of whole letters.

    An answer or a list begins with ``--`` and is packed; else each row, which somebody said, is by itself.
    """
    found: list[bytes] = []
    is_answer = text.startswith(b"-- ")
    for row in text.splitlines(keepends=True):
        for part in _cut(row):
            if is_answer and found and len(found[-1]) + len(part) <= ANSWER_BYTES:
                found[-1] += part
            else:
                found.append(part)
    return found


def _cut(row: bytes) -> list[bytes]:
    parts = []
    while len(row) > ANSWER_BYTES:
        end = ANSWER_BYTES
        while row[end] & 0xC0 == 0x80:  # in the middle of a letter
            end -= 1
        parts.append(row[:end])
        row = row[end:]
    return [*parts, row]

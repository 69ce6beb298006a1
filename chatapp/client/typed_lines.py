"""Lines of text from the standard input, as somebody types them or a program writes them."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import IO

#: Lines that may wait to be taken; whoever writes more of them waits.
_WAITING_LINES = 16


class TypedLines(asyncio.Queue[str | None]):
    """The lines that wait to be taken; a thread puts them, and waits while there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self.room = threading.Semaphore(_WAITING_LINES)

    def _get(self) -> str | None:
        self.room.release()
        return super()._get()


def read_lines(source: IO[bytes]) -> TypedLines:
    """A queue into which every line of ``source`` is put, without its end, then ``None``.

    A thread waits for them: there is no way to wait for files and consoles on every system.
    """
    lines = TypedLines()
    loop = asyncio.get_running_loop()
    # Not through the buffer: its lock, held by a thread that waits, would break the end of the program.
    raw = getattr(source, "raw", source)

    def put(line: str | None) -> None:
        lines.room.acquire()
        loop.call_soon_threadsafe(lines.put_nowait, line)

    def read() -> None:
        rest = b""
        with contextlib.suppress(RuntimeError):  # The program ends: nobody listens.
            while data := raw.read(65536):
                *whole, rest = (rest + data).split(b"\n")
                for line in whole:
                    put(_text(line))
            if rest:
                put(_text(rest))
            put(None)

    threading.Thread(target=read, daemon=True, name="input").start()
    return lines


def _text(line: bytes) -> str:
    """A line of input as text; what is no UTF-8 is taken for the old code of Windows."""
    line = line.rstrip(b"\r")
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")

"""What the screen is written on: a terminal that does not read holds up nobody in our process.

The terminal is opened once more, so that it can be made one that does not block: the descriptor that the keys
come from, and that other programs share, stays as it is. Where it cannot be opened, a thread writes.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import queue
import select
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TextIO, cast

from prompt_toolkit.data_structures import Size
from prompt_toolkit.output import Output
from prompt_toolkit.output.vt100 import Vt100_Output

#: Seconds that are waited at the end for a terminal to take some of what is left.
FAREWELL = 1.0
_PIECE = 4096


class Paper(ABC):
    """A terminal to write on, in order and without waiting; prompt_toolkit takes it for a stream.

    ``on_drained`` is called when all has been taken after something had to wait.
    """

    def __init__(self, terminal: TextIO) -> None:
        self.encoding = terminal.encoding or "utf-8"
        self.on_drained: Callable[[], None] = lambda: None
        self._terminal = terminal.fileno()

    def output(self) -> Output:
        """What prompt_toolkit draws on."""
        return Vt100_Output(cast(TextIO, self), self._size, term=os.environ.get("TERM"))

    def write(self, text: str) -> int:
        """Write ``text``, now or soon."""
        data = text.encode(self.encoding, "replace")
        if data:
            self._take(data)
        return len(text)

    def flush(self) -> None:  # noqa: B027 - all there is to it
        """Nothing is held back."""

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return True

    def fileno(self) -> int:
        """Raise: nobody else is to write here, or to make it block."""
        raise io.UnsupportedOperation

    @property
    @abstractmethod
    def is_draining(self) -> bool:
        """Whether the terminal has not taken all yet."""

    @abstractmethod
    def settle(self, seconds: float = FAREWELL) -> None:
        """Wait until the terminal has taken all: at the end, and before we stop.

        It is given up when it has taken nothing for ``seconds``.
        """

    @abstractmethod
    def close(self) -> None:
        """Write what is left, unless the terminal takes nothing for `FAREWELL` seconds."""

    @abstractmethod
    def _take(self, data: bytes) -> None:
        """Write ``data`` behind what waits."""

    def _size(self) -> Size:
        with contextlib.suppress(OSError):  # The terminal is gone, as the one who reads its keys finds out.
            columns, lines = os.get_terminal_size(self._terminal)
            return Size(rows=lines or 24, columns=columns or 80)
        return Size(rows=24, columns=80)


class OwnDescriptor(Paper):
    """A terminal that was opened for us alone, as ``descriptor``, which does not block."""

    def __init__(self, terminal: TextIO, descriptor: int) -> None:
        super().__init__(terminal)
        self._descriptor = descriptor
        self._left = b""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_draining(self) -> bool:
        return bool(self._left)

    def settle(self, seconds: float = FAREWELL) -> None:
        deadline = time.monotonic() + seconds
        while self._left and (wait := deadline - time.monotonic()) > 0:
            left = len(self._left)
            select.select((), (self._descriptor,), (), wait)
            self._push()
            if len(self._left) < left:
                deadline = time.monotonic() + seconds
        if not self._left:
            self._rest()

    def close(self) -> None:
        self.settle(FAREWELL)
        self._rest()
        self._left = b""
        os.close(self._descriptor)

    def _take(self, data: bytes) -> None:
        is_first = not self._left
        self._left += data
        if is_first:
            self._push()
            if self._left:
                self._watch()

    def _push(self) -> None:
        try:
            self._left = self._left[os.write(self._descriptor, self._left) :]
        except BlockingIOError:
            return
        except OSError:
            self._left = b""  # the terminal is gone, as the one who reads its keys finds out

    def _watch(self) -> None:
        """Go on when the terminal takes more."""
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            self.settle()
            return
        try:
            self._loop.add_writer(self._descriptor, self._more)
        except (OSError, NotImplementedError):  # kqueue knows terminals that it cannot watch
            self._timer = self._loop.call_later(0.01, self._look)

    def _look(self) -> None:
        self._more()
        if self._left and self._loop is not None:
            self._timer = self._loop.call_later(0.01, self._look)

    def _more(self) -> None:
        self._push()
        if not self._left:
            self._rest()
            self.on_drained()

    def _rest(self) -> None:
        """Watch no longer."""
        if self._timer is not None:
            self._timer.cancel()
        elif self._loop is not None and not self._loop.is_closed():
            self._loop.remove_writer(self._descriptor)
        self._timer = self._loop = None


class PatientThread(Paper):
    """A terminal that is written to by a thread, which has the patience."""

    def __init__(self, terminal: TextIO) -> None:
        super().__init__(terminal)
        self._pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting = 0
        self._is_done = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._write_all, name="terminal", daemon=True)
        self._thread.start()

    @property
    def is_draining(self) -> bool:
        return self._waiting > 0

    def settle(self, seconds: float = FAREWELL) -> None:
        with self._lock:
            self._is_done.clear()
            left = self._waiting
        while left and not self._is_done.wait(seconds) and self._waiting < left:
            left = self._waiting

    def close(self) -> None:
        self.settle(FAREWELL)
        self._pieces.put(b"")
        self._thread.join(0.1)

    def _take(self, data: bytes) -> None:
        with contextlib.suppress(RuntimeError):  # At the very beginning and end there is no loop to be told.
            self._loop = asyncio.get_running_loop()
        with self._lock:
            self._waiting += len(data)
        self._pieces.put(data)

    # On the thread.

    def _write_all(self) -> None:
        while data := self._pieces.get():
            try:
                self._write(data)
            except OSError:
                self._took(self._waiting)
                return  # the terminal is gone, as the one who reads its keys finds out
            self._took(len(data))

    def _took(self, size: int) -> None:
        with self._lock:
            self._waiting -= size
            if self._waiting:
                return
            self._is_done.set()
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # The loop has ended meanwhile.
                self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        if not self._waiting:
            self.on_drained()

    def _write(self, data: bytes) -> None:
        while data:
            # A loop that reads the keys may have made the terminal one that does not block.
            select.select((), (self._terminal,), ())
            try:
                data = data[os.write(self._terminal, data[:_PIECE]) :]
            except BlockingIOError:
                continue


def open_paper() -> Paper | None:
    """The standard output; ``None`` on Windows, where it is no file that one could wait for."""
    if sys.platform == "win32":
        return None
    try:
        name = os.ttyname(sys.stdout.fileno())
        descriptor = os.open(name, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return PatientThread(sys.stdout)  # It is another user's, or outside of our tree of files.
    return OwnDescriptor(sys.stdout, descriptor)

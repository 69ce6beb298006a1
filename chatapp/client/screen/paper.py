"""A terminal written to by a thread: one that does not read holds up nobody in our process."""

from __future__ import annotations

import os
import queue
import select
import sys
import threading
from typing import TextIO, cast

from prompt_toolkit.output import Output
from prompt_toolkit.output.vt100 import Vt100_Output

#: Bytes that may wait before no more pictures should be drawn: a few full ones.
BEHIND_BYTES = 64 * 1024
#: Seconds that are waited at the end for a terminal to take what is left.
FAREWELL = 1.0
_PIECE = 4096


class PatientTerminal:
    """Stands before ``terminal``, which is one, where prompt_toolkit writes. Nothing is lost."""

    def __init__(self, terminal: TextIO) -> None:
        self.encoding = terminal.encoding
        self._descriptor = terminal.fileno()
        self._pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting = 0
        self._thread = threading.Thread(target=self._write_all, name="terminal", daemon=True)
        self._thread.start()

    def output(self) -> Output:
        """What prompt_toolkit draws on."""
        return Vt100_Output.from_pty(cast(TextIO, self), term=os.environ.get("TERM"))

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has not taken yet what was drawn long ago."""
        return self._waiting > BEHIND_BYTES

    def close(self) -> None:
        """Write what is left, as long as the terminal takes it within `FAREWELL` seconds."""
        self._pieces.put(b"")
        self._thread.join(FAREWELL)

    # What prompt_toolkit asks of a stream.

    def write(self, text: str) -> int:
        data = text.encode(self.encoding or "utf-8", "replace")
        if data:
            with self._lock:
                self._waiting += len(data)
            self._pieces.put(data)
        return len(text)

    def flush(self) -> None:
        """The thread writes at once what there is."""

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return True

    # On the thread.

    def _write_all(self) -> None:
        while data := self._pieces.get():
            try:
                self._write(data)
            except OSError:
                return  # the terminal is gone, as the one who reads its keys finds out
            with self._lock:
                self._waiting -= len(data)

    def _write(self, data: bytes) -> None:
        while data:
            # A loop that reads the keys may have made the terminal one that does not block.
            select.select((), (self._descriptor,), ())
            try:
                data = data[os.write(self._descriptor, data[:_PIECE]) :]
            except BlockingIOError:
                continue


def patient_terminal() -> PatientTerminal | None:
    """The standard output; ``None`` on Windows, where it is no file that one could wait for."""
    return None if sys.platform == "win32" else PatientTerminal(sys.stdout)

"""A terminal for tests: a pseudo-terminal with the client inside, its screen as text (Unix only)."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence

import pyte


class Terminal:
    """Runs ``program``, ours by itself, with ``arguments`` in ``columns`` x ``rows``; a context manager."""

    def __init__(
        self,
        arguments: Sequence[str],
        columns: int = 80,
        rows: int = 24,
        environment: dict[str, str] | None = None,
        program: Sequence[str] = (sys.executable, "-m", "chatapp"),
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self._master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        self._slave = slave
        self._set_size(columns, rows)
        self.screen.write_process_input = self.type
        self.process = subprocess.Popen(
            [*program, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**os.environ, "TERM": "xterm-256color", "LANGUAGE": "en", **(environment or {})},
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._slave)
        os.close(self._master)

    def hang_up(self) -> None:
        """Take the terminal away, as a lost connection does."""
        os.close(self._slave)
        os.close(self._master)

    def type(self, text: str) -> None:
        """Press the keys of ``text``; escape sequences stand for the keys that have none."""
        os.write(self._master, text.encode())

    def paste(self, text: str) -> None:
        """Paste as a terminal does it: bracketed."""
        self.type(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size."""
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    @property
    def lines(self) -> list[str]:
        """The rows on the screen, without blanks at their ends."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    @property
    def input_row(self) -> str:
        """The row in which the cursor is."""
        return self.lines[self.screen.cursor.y]

    def column_of(self, char: str, row: int) -> int:
        """The cell in which ``char`` stands last in a row; -1 if it is not there."""
        cells = self.screen.buffer[row]
        return max((x for x in range(self.screen.columns) if cells[x].data == char), default=-1)

    def is_as_before(self) -> bool:
        """Whether echo, line mode and the rest are as they were at the start."""
        return termios.tcgetattr(self._slave) == self.before

    def wait_for(self, condition: str | Callable[[], bool], seconds: float = 60.0) -> None:
        """Read what comes until ``condition``, or its text on the screen, is there."""
        holds = (lambda: condition in self.text) if isinstance(condition, str) else condition
        deadline = time.monotonic() + seconds
        while not holds():
            left = deadline - time.monotonic()
            assert left > 0, f"waited for {condition!r} in vain:\n{self.text}"
            self._read(min(left, 0.05))

    def do_twice(self, do: Callable[[], object], hint: str, outcome: Callable[[], bool]) -> None:
        """``do`` what has an ``outcome`` only when it is done again while the ``hint`` is there for it.

        That is some seconds; where this machine was too slow for them, begin anew.
        """
        while not outcome():
            do()
            self.wait_for(lambda: outcome() or hint in self.text)
            if not outcome():
                do()
                self.wait_for(lambda: outcome() or hint not in self.text)

    def wait_for_exit(self, seconds: float = 60.0) -> int:
        """Read until the program has ended; its exit code."""
        self.wait_for(lambda: self.process.poll() is not None, seconds)
        while self._read(0.0):
            pass
        return self.process.returncode

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        with contextlib.suppress(OSError):
            data = os.read(self._master, 65536)
            self.raw += data
            self._stream.feed(data)
            return bool(data)
        return False

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

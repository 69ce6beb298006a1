"""A pseudo-terminal with a program in it, read at full speed or slowly, each read with its time (Unix only).

What was read is kept with its time and made a picture later, so that the making costs the measurement
nothing. Only when the program asks the terminal something (where the cursor is) is the picture made up to
there, and answered as xterm would. A slow terminal reads so many bytes a second: a program that writes more
waits, or does not write more.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.terminal_glass import Glass

_QUESTION = re.compile(rb"\x1b\[(?P<status>[56])n|\x1b\[(?P<device>>?)0?c|\x1b\[\?2026(?P<mode>\$)p")
#: The longest question, less one byte: what of a read may be the beginning of one.
_TAIL = 9
#: A program that is installed has its bytecode beside it: one that is not must be allowed to keep it.
_ENVIRONMENT = {
    "TERM": "xterm-256color",
    "LANGUAGE": "en",
    "LC_ALL": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "",
}
#: Bytes that a slow terminal reads at once.
_SIP = 256


class Pty:
    """Runs ``command`` in ``columns`` x ``lines``; a context manager.

    ``raw`` is all that was read. ``on_look(moment, glass)`` is called for each read, in order, once its
    picture is made; `note` puts other things in between. ``bytes_per_second`` 0 is a terminal without limits.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        columns: int = 120,
        lines: int = 30,
        bytes_per_second: int = 0,
        joins: bool = False,
    ) -> None:
        self.glass = Glass(columns, lines, joins)
        self.on_look: Callable[[float, Glass], None] = lambda _moment, _glass: None
        self.raw = bytearray()
        self.has_ended = False
        self._speed = bytes_per_second
        self._allowance = float(_SIP)
        self._counted = time.monotonic()
        self._tail = b""
        self._waiting: list[tuple[bytes, float | None] | Callable[[], None]] = []
        self._master, slave = pty.openpty()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**os.environ, **_ENVIRONMENT, **environment},
        )
        os.close(slave)

    def __enter__(self) -> Pty:
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._master)

    def press(self, keys: str) -> float:
        """Type ``keys``; the moment at which they were on their way."""
        moment = time.monotonic()
        os.write(self._master, keys.encode())
        return moment

    def note(self, what: Callable[[], None]) -> None:
        """Have ``what`` called in its place between the reads."""
        self._waiting.append(what)

    def read_until(self, moment: float) -> None:
        """Read what comes until ``moment`` of the monotonic clock."""
        while (left := moment - time.monotonic()) > 0 and not self.has_ended:
            self._read(left)

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Read until ``condition`` of the picture holds; false if it does not in time."""
        deadline = time.monotonic() + seconds
        while True:
            self.look()
            if condition():
                return True
            left = deadline - time.monotonic()
            if left <= 0 or self.has_ended:
                return False
            self._read(min(left, 0.02))

    def look(self) -> None:
        """Make the picture of all that was read."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not isinstance(one, tuple):
                one()
                continue
            data, moment = one
            self.glass.feed(data)
            if moment is not None:
                self.on_look(moment, self.glass)

    def cpu_seconds(self) -> float:
        """Processor time that the program has taken so far."""
        words = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> int:
        """Memory that the program holds."""
        words = Path(f"/proc/{self.process.pid}/statm").read_text("utf-8").split()
        return int(words[1]) * os.sysconf("SC_PAGE_SIZE")

    def _read(self, seconds: float) -> None:
        most = 1 << 16
        if self._speed:
            now = time.monotonic()
            self._allowance = min(self._allowance + (now - self._counted) * self._speed, _SIP)
            self._counted = now
            if self._allowance < _SIP / 4:
                select.select([], [], [], min(seconds, (_SIP / 4 - self._allowance) / self._speed))
                return
            most = int(self._allowance)
        if not select.select([self._master], [], [], seconds)[0]:
            return
        try:
            data = os.read(self._master, most)
        except OSError:  # nobody is at the other end
            data = b""
        moment = time.monotonic()
        self.has_ended = not data
        self._allowance -= len(data)
        self.raw += data
        self._take(data, moment)

    def _take(self, data: bytes, moment: float) -> None:
        """Keep what was read; what stands before a question is on the picture when that is answered."""
        before = len(self._tail)
        seen = self._tail + data
        end = before
        for question in _QUESTION.finditer(seen):
            self._waiting.append((seen[end : question.end()], None))
            end = question.end()
            self._reply(question)
        self._waiting.append((seen[end:], moment))
        self._tail = seen[max(end, len(seen) - _TAIL) :] if end > before else seen[-_TAIL:]

    def _reply(self, question: re.Match[bytes]) -> None:
        if question["status"] == b"6":
            self.look()
            self.press(f"\x1b[{self.glass.y + 1};{min(self.glass.x, self.glass.columns - 1) + 1}R")
        elif question["status"] == b"5":
            self.press("\x1b[0n")
        elif question["device"] is not None:
            self.press("\x1b[>41;354;0c" if question["device"] else "\x1b[?62;22c")
        else:
            self.press("\x1b[?2026;2$y")

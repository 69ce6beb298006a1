"""People's terminals in tmux: each a screen of a fixed size to type at, to read and to wait before."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

#: Seconds within which something must have appeared, also on a busy machine.
PATIENCE = 60.0
_LOOK_EVERY = 0.05
_BIN = Path(sys.executable).parent
_SETTINGS = """
set-option -g remain-on-exit on
set-option -g status off
set-option -s escape-time 0
set-option -g default-terminal tmux-256color
"""
_numbers = itertools.count()


class Screen:
    """One program on a terminal of its own."""

    def __init__(self, terminals: Terminals, name: str) -> None:
        self._tmux = terminals.tmux
        self._closed = terminals.closed
        self._name = name
        self.pid = int(self._tmux("display-message", "-p", "-t", name, "#{pane_pid}"))

    def text(self) -> str:
        """What is on the screen, row by row, without the blanks at the ends."""
        return self._tmux("capture-pane", "-p", "-t", self._name)

    def rows(self) -> list[str]:
        return self.text().splitlines()

    def title(self) -> str:
        """The title of its window."""
        return self._tmux("display-message", "-p", "-t", self._name, "#{pane_title}").strip()

    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0."""
        column, row = self._tmux("display-message", "-p", "-t", self._name, "#{cursor_x} #{cursor_y}").split()
        return int(column), int(row)

    def keys(self, *names: str) -> None:
        """Press keys by tmux's names: ``Enter``, ``PageUp``, ``C-c``, ``M-1``."""
        self._tmux("send-keys", "-t", self._name, *names)

    def type(self, text: str) -> None:
        """Type ``text`` and leave it in the line."""
        self._tmux("send-keys", "-t", self._name, "-l", "--", text)

    def say(self, text: str) -> None:
        """Type ``text`` and press Enter."""
        self.type(text)
        self.keys("Enter")

    def paste(self, text: str) -> None:
        """Paste as a terminal does: in brackets where the program asked for them."""
        self._tmux("load-buffer", "-", given=text)
        self._tmux("paste-buffer", "-p", "-d", "-t", self._name)

    def resize(self, width: int, height: int) -> None:
        self._tmux("resize-window", "-t", self._name, "-x", str(width), "-y", str(height))

    def wait_for(self, wanted: str | Callable[[str], object], seconds: float = PATIENCE) -> str:
        """Wait until the screen holds ``wanted``, or until ``wanted(text)`` is true; the screen then."""
        until = time.monotonic() + seconds
        while True:
            text = self.text()
            if (wanted in text) if isinstance(wanted, str) else wanted(text):
                return text
            if time.monotonic() > until:
                raise AssertionError(f"{self._name} waited in vain for {wanted!r} and sees:\n{text}")
            self._closed.wait(_LOOK_EVERY)

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    @property
    def is_running(self) -> bool:
        return not self._ending()

    def wait_until_it_ended(self, seconds: float = PATIENCE) -> int:
        """Its exit code, -1 where a signal ended it."""
        self.wait_for(lambda _text: self._ending(), seconds)
        ending = self._ending()
        return int(ending) if ending.isdecimal() else -1

    def _ending(self) -> str:
        """How it ended: a code, or ``by`` a signal; "" while it runs."""
        how = "#{?pane_dead_signal,by #{pane_dead_signal},#{pane_dead_status}},#{pane_dead},#{pid}"
        ending, dead, tmux = self._tmux("display-message", "-p", "-t", self._name, how).strip().split(",")
        if dead == "1" and not ending:
            os.kill(int(tmux), signal.SIGCHLD)  # tmux 3.3 can miss the end of a program whose terminal closed
        return ending


def ask(screen: Screen, *dialogue: tuple[str, str]) -> None:
    """Type each command, and wait for what must follow it: a regular expression."""
    for command, answer in dialogue:
        screen.say(command)
        screen.wait_for(re.compile(answer).search)


class Terminals:
    """All the screens of a test, on a tmux of their own that ends with it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.closed = threading.Event()
        self._socket = f"chatapp-{os.getpid()}-{next(_numbers)}"
        self._screens: dict[str, Screen] = {}
        self.environment = {
            **os.environ,
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "LANGUAGE": "en",
            "SHELL": "/bin/sh",
        }
        for name in ("TMUX", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            self.environment.pop(name, None)
        self._settings = home / "tmux.conf"
        self._settings.write_text(_SETTINGS, encoding="utf-8")

    def open(
        self, name: str, command: Sequence[str | Path], size: tuple[int, int] = (80, 24), **environment: str
    ) -> Screen:
        """Run ``command`` on a terminal of ``size`` (columns, rows)."""
        extra = [part for key, value in environment.items() for part in ("-e", f"{key}={value}")]
        width, height = size
        self.tmux(
            "new-session",
            "-d",
            "-s",
            name,
            "-x",
            str(width),
            "-y",
            str(height),
            *extra,
            "--",
            *map(str, command),
        )
        screen = self._screens[name] = Screen(self, name)
        return screen

    def close(self, name: str) -> None:
        """Take away a terminal, whatever runs on it."""
        _end(self._screens.pop(name).pid)
        self.tmux("kill-session", "-t", name)

    def close_all(self) -> None:
        self.closed.set()
        for screen in self._screens.values():
            _end(screen.pid)
        with contextlib.suppress(AssertionError):
            self.tmux("kill-server")

    def tmux(self, *words: str, given: str = "") -> str:
        command = ["tmux", "-u", "-L", self._socket, "-f", str(self._settings), *words]
        done = subprocess.run(
            command, input=given.encode(), capture_output=True, env=self.environment, timeout=PATIENCE
        )
        assert done.returncode == 0, f"{command}: {done.stderr.decode()}"
        return done.stdout.decode()


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def program(name: str) -> Path:
    """A command of ours, as it was installed."""
    return _BIN / name


@contextlib.contextmanager
def terminals(home: Path) -> Iterator[Terminals]:
    """The terminals of one test; nothing that ran on them survives it."""
    here = Terminals(home)
    try:
        yield here
    finally:
        here.close_all()

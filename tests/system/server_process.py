"""The real server as a process: started, stopped, killed and started again on the same data."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

from catalogues import compile_into
from ports import free_port

import chatapp

#: Starting and stopping take a fraction of this, also on a busy machine.
PATIENCE = 60.0

_LISTENING = re.compile(r"(\S+) porta? (\d+)")
_LIFTED = {
    "CHATAPP_LIMITS__FLOOD_PROTECTION": "false",
    "CHATAPP_LIMITS__CONNECTIONS_PER_PRIVATE_IP": "0",
}

#: ``python -c`` this: the program with the catalogues of the folder that is its first argument.
_TRANSLATED = """
import pathlib, sys
from chatapp import cli
cli.LOCALES = pathlib.Path(sys.argv.pop(1))
sys.exit(cli.main())
"""


def program_in(language: str, folder: Path) -> list[str]:
    """What Python is to run, so that chatapp speaks ``language`` as the source has it now.

    What is compiled beside the source may be older; so there is a compiled catalogue in ``folder``.
    """
    if language == "en":
        return ["-m", "chatapp"]
    return ["-c", _TRANSLATED, str(compile_into(folder / "locale"))]


class ServerProcess:
    """Keeps its data and what it writes in ``folder``, and its port however often it is started.

    ``settings`` are environment variables without the ``CHATAPP_``; the limits that a test of one machine
    runs into are lifted. ``language`` is what it speaks, from catalogues that are compiled for it.
    """

    def __init__(self, folder: Path, language: str = "en", **settings: str) -> None:
        self.address = ("127.0.0.1", free_port())
        self.exit_code: int | None = None
        self._folder = folder
        self._language = language
        self._settings = {f"CHATAPP_{name}": value for name, value in settings.items()}
        self._process: subprocess.Popen[bytes] | None = None
        self._log = folder / "log.txt"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start and wait until it listens."""
        words = f"server --host 127.0.0.1 --port {self.address[1]} --data-dir"
        command = [sys.executable, *program_in(self._language, self._folder)]
        command += [*words.split(), str(self._folder / "data")]
        environment = {
            **os.environ,
            **_LIFTED,
            **self._settings,
            "PYTHONPATH": str(Path(chatapp.__file__).parents[1]),
            "LANGUAGE": self._language,
        }
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=environment
            )
        assert self._process.stdout is not None
        # Should it never say where it listens, this ends it, and with it the line that we wait for.
        too_late = threading.Timer(PATIENCE, self._process.kill)
        too_late.start()
        said = self._process.stdout.readline().decode("utf-8")
        too_late.cancel()
        found = _LISTENING.search(said)
        assert found, f"the server did not say where it listens: {said} {self.log()}"
        self.address = (found[1], int(found[2]))

    def signal(self, number: int = signal.SIGTERM) -> None:
        """Send a signal and do not wait."""
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self, seconds: float = PATIENCE) -> int:
        """Wait until it has ended; return its exit code."""
        assert self._process is not None
        self.exit_code = self._process.wait(seconds)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
        return self.exit_code

    def stop(self) -> int:
        """End it as an operator does; return its exit code."""
        self.signal()
        return self.wait()

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        assert self._process is not None
        self._process.kill()
        self.wait()

    def log(self) -> str:
        """All that it has logged, over all starts."""
        return self._log.read_bytes().decode("utf-8")

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def __enter__(self) -> ServerProcess:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self.kill()

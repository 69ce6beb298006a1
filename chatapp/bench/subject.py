"""The server under test as a process of ours: started by a command line, killed, started again."""

from __future__ import annotations

import contextlib
import os
import random
import shlex
import signal
import socket
import subprocess
import time
from gettext import gettext as _
from pathlib import Path
from types import TracebackType
from typing import Self

from chatapp.bench.caller import BenchError
from chatapp.bench.callers import close_all, open_callers
from chatapp.bench.peers.peer import Peer
from chatapp.bench.ways import PLAIN, Address

_START_SECONDS = 60
_END_SECONDS = 60
#: Below those that a system as it comes gives to connections.
_PORTS = range(20_000, 32_000)


class Subject:
    """Runs ``command``, in which ``{port}`` is a free port and ``{data}`` a place in ``folder``.

    Or, of one of the servers that we know, what it takes to start it.
    """

    def __init__(self, command: str | Peer, folder: Path) -> None:
        self.address: Address = ("127.0.0.1", _free_port())
        self._environment: dict[str, str] | None = None
        self._way = PLAIN
        if isinstance(command, Peer):
            self._words = command.command(self.address[1], folder)
            self._environment = {**os.environ, **command.environment}
            self._way = command.way
        else:
            places = {"port": self.address[1], "data": folder / "data"}
            self._words = [word.format(**places) for word in shlex.split(command)]
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it and wait until it registers a client; return how many seconds that took.

        Raises:
            BenchError: It ended at once, or did not answer in time; the message has the end of what it wrote.
        """
        began = time.monotonic()
        with self._log.open("ab") as log:
            try:
                self._process = subprocess.Popen(
                    self._words,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=self._environment,
                    start_new_session=os.name == "posix",
                )
            except OSError as error:
                words = _("{program} cannot be started: {reason}")
                raise BenchError(words.format(program=self._words[0], reason=error)) from error
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() - began > _START_SECONDS:
                last = self._log.read_text(errors="replace")[-500:].strip()
                raise BenchError(_("the server did not start: {words}").format(words=last))
            time.sleep(0.02)
        return time.monotonic() - began

    def _answers(self) -> bool:
        try:
            socket.create_connection(self.address, timeout=1).close()
            close_all(open_callers(self.address, ["probe"], seconds=_START_SECONDS, way=self._way))
        except (OSError, BenchError):
            return False
        return True

    @property
    def pid(self) -> int:
        """The number of the process that was started."""
        return self._process.pid if self._process else 0

    def kill(self) -> None:
        """End it in the middle of whatever it does (SIGKILL), with all that the command started."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait(_END_SECONDS)
        self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def _free_port() -> int:
    """A port that nobody has, of those that no system gives to whoever asks for any.

    So it stays free until the server listens there, and while it is down.
    """
    for port in random.sample(_PORTS, len(_PORTS)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise BenchError(_("there is no free port"))

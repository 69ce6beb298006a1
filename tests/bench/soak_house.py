"""The server of a soak as a process of ours, and what it uses, seen from outside and from inside."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ports import free_port

_SERVER = Path(__file__).with_name("soak_server.py")
_PATIENCE = 30.0
_SETTINGS = {
    "CHATAPP_LIMITS__FLOOD_PROTECTION": "false",
    "CHATAPP_LIMITS__CONNECTIONS_PER_PRIVATE_IP": "0",
    "CHATAPP_ACCOUNTS__PASSWORD_HASH_COST": "minimum",
    "CHATAPP_ACCOUNTS__REGISTRATION_THROTTLE": "0",
    "PYTHONDONTWRITEBYTECODE": "",
}


class Sample(NamedTuple):
    """What the server used ``at`` so many seconds since the beginning."""

    at: float
    resident: int
    files: int
    cpu: float


class House:
    """The running server, seen from outside and, when asked, from inside."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, port: int, udp_port: int) -> None:
        self.port, self.udp_port = port, udp_port
        self.process = process
        self._told = folder / "inventory.jsonl"
        self._log = folder / "server.log"
        self._proc = Path(f"/proc/{process.pid}")
        self._began = time.monotonic()

    def sample(self) -> Sample:
        """What it uses now."""
        pages = int((self._proc / "statm").read_text().split()[1])
        ticks = (self._proc / "stat").read_text().rpartition(")")[2].split()[11:13]
        return Sample(
            time.monotonic() - self._began,
            pages * os.sysconf("SC_PAGE_SIZE"),
            len(list((self._proc / "fd").iterdir())),
            sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"),
        )

    def inventory(self) -> dict[str, object]:
        """What is inside it now. It takes the server some hundredths of a second."""
        before = self._lines()
        self.process.send_signal(signal.SIGUSR1)
        until = time.monotonic() + _PATIENCE
        while len(lines := self._lines()) == len(before):
            assert time.monotonic() < until, "the server does not tell what it has in it"
            time.sleep(0.05)
        found: dict[str, object] = json.loads(lines[-1])
        return found

    def log(self) -> list[str]:
        """The lines that it has logged."""
        return self._log.read_text(encoding="utf-8").splitlines()

    def _lines(self) -> list[str]:
        text = self._told.read_text(encoding="utf-8") if self._told.exists() else ""
        return [line for line in text.split("\n")[:-1] if line]


@contextmanager
def house(folder: Path, **settings: str) -> Iterator[House]:
    """A server with its data in ``folder``; at the end it is stopped, and must end well.

    ``settings`` are environment variables.
    """
    udp_port = free_port(socket.SOCK_DGRAM)
    words = [sys.executable, str(_SERVER), str(folder / "inventory.jsonl"), "--host", "127.0.0.1"]
    words += ["--port", "0", "--udp-port", str(udp_port), "--data-dir", str(folder / "data")]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **_SETTINGS, "LANGUAGE": "en", **settings},
        )
    try:
        assert process.stdout is not None
        said = process.stdout.readline().decode()
        found = re.search(r"port (\d+)", said)
        assert found, said + (folder / "server.log").read_text(encoding="utf-8")
        yield House(process, folder, int(found[1]), udp_port)
        process.terminate()
        assert process.wait(_PATIENCE) == 0
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def slope(samples: Sequence[Sample]) -> float:
    """Bytes an hour by which the resident memory grows: the line that fits ``samples`` best."""
    count = len(samples)
    middle = sum(sample.at for sample in samples) / count
    level = sum(sample.resident for sample in samples) / count
    spread = sum((sample.at - middle) ** 2 for sample in samples)
    return 3600 * sum((s.at - middle) * (s.resident - level) for s in samples) / spread if spread else 0.0

"""A chat server on this machine: whether it can be started from here, and starting it in the background."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

#: Seconds that a server has to begin to listen.
START_WITHIN = 15.0
_TRY_EVERY = 0.05


class NotStarted(Exception):
    """The server ended, or did not listen in time; its log says why."""


@dataclass(frozen=True, slots=True)
class Started:
    """A server that runs on after us."""

    pid: int
    log: Path

    @property
    def stop_command(self) -> str:
        """What one types to stop it."""
        return f"taskkill /PID {self.pid} /F" if sys.platform == "win32" else f"kill {self.pid}"


def is_this_machine(host: str) -> bool:
    """Whether ``host`` is a name or an address of the machine we run on."""
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return any(_can_bind(family, address) for family, _type, _proto, _name, address in found)


async def start_server(host: str, port: int, log: Path) -> Started:
    """Start ``chat-server`` detached from this terminal, and wait until it listens at ``port``.

    Raises:
        NotStarted: It is not there after `START_WITHIN` seconds.
        OSError: The log cannot be written.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    process = _spawn(port, log)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + START_WITHIN
    while process.poll() is None and loop.time() < deadline:
        if await _is_listening(host, port):
            return Started(process.pid, log)
        await asyncio.sleep(_TRY_EVERY)
    if process.poll() is None:
        process.terminate()
    raise NotStarted(str(log))


def _spawn(port: int, log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "chatapp", "server", "--port", str(port)]
    with log.open("ab") as output:
        if sys.platform == "win32":
            flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, creationflags=flags
            )
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )


async def _is_listening(host: str, port: int) -> bool:
    try:
        _reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True


def _can_bind(family: int, address: tuple[str | int, ...] | tuple[int, bytes]) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind(address)
    except OSError:
        return False
    return True

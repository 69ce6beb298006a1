"""What is to be known of a server to start it for a measurement."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from chatapp.bench.ways import PLAIN, Way

_VERSION_SECONDS = 10


def nothing(_port: int) -> Mapping[str, str]:
    """The files of a server that needs none."""
    return {}


@dataclass(frozen=True, slots=True)
class Peer:
    """A server, how it is started on a port of this machine, and what it can do.

    ``words`` follow the program on its command line; in them ``{port}``, ``{folder}`` and ``{data}`` are
    filled in: an empty folder of its own, and a place in it. ``files`` are the settings to write there, by
    name, for a port. ``install`` is the command that installs it where it is missing.
    """

    name: str
    program: str
    words: Sequence[str]
    install: str
    version: Sequence[str] = ("--version",)
    caps: frozenset[str] = frozenset()
    way: Way = PLAIN
    files: Callable[[int], Mapping[str, str]] = nothing
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_irc(self) -> bool:
        """Whether it is one of those that ours is compared with: the others have less to do."""
        return self.way.protocol == "irc"

    def find(self) -> str | None:
        """Where the program is, ``None`` where it is missing."""
        # Daemons are not in everybody's path, and what pip installed is beside Python.
        places = [
            os.environ.get("PATH", ""),
            str(Path(sys.executable).parent),
            "/usr/sbin",
            "/usr/local/sbin",
        ]
        return shutil.which(self.program, path=os.pathsep.join(places))

    def command(self, port: int, folder: Path) -> list[str]:
        """Write its files into ``folder``; return what starts it at ``port``.

        Raises:
            LookupError: The program is missing.
        """
        program = self.find()
        if program is None:
            raise LookupError(self.program)
        # Some give up their rights before they read their settings.
        folder.chmod(0o755)
        for name, text in self.files(port).items():
            (folder / name).write_text(text, encoding="utf-8")
        places = {"port": port, "folder": folder, "data": folder / "data"}
        return [program, *(word.format(**places) for word in self.words)]

    def version_line(self) -> str:
        """What it says of its version; empty when it says nothing."""
        program = self.find()
        if program is None:
            return ""
        try:
            said = subprocess.run(
                [program, *self.version],
                capture_output=True,
                text=True,
                errors="replace",
                stdin=subprocess.DEVNULL,
                timeout=_VERSION_SECONDS,
                check=False,
            ).stdout
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return next(iter(said.splitlines()), "").strip()

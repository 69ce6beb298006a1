"""A machine with systemd and root, as far as a page needs one: its folders are in one of ours."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from system.server_process import PATIENCE

import chatapp

ROOT = Path(chatapp.__file__).parents[1]

#: What it does not have: other users, and packages that are installed.
_SUDO = '#!/bin/sh\n[ "$1" = -u ] && shift 2\nexec "$@"\n'
_INSTALL = """#!/bin/sh
exec /usr/bin/install $(printf '%s ' "$@" | sed 's/-[og] chatapp//g')
"""
_PYTHON = """#!/bin/sh
[ "$1 $2" = "-m venv" ] || exit 9
mkdir -p "$3/bin" && cp {shims}/pip {shims}/chat-server {shims}/chat-client "$3/bin"
"""
_NOTHING = "#!/bin/sh\n"


class Machine:
    """Runs commands as they are typed; ``/opt``, ``/etc`` and ``/var`` are folders below ``folder``."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._servers: dict[str, subprocess.Popen[bytes]] = {}
        for name in ("shims", "opt", "etc/systemd/system", "etc/chatapp", "var/lib", "var/backups"):
            (folder / name).mkdir(parents=True)
        listener = f"CHATAPP_LISTENER__HOST=127.0.0.1\nCHATAPP_LISTENER__PORT={port}\n"
        self.path("/etc/chatapp/environment").write_text(listener)
        run = f'#!/bin/sh\nexec {sys.executable} -m chatapp {{}} "$@"{{}}\n'
        for name, script in {
            "sudo": _SUDO,
            "useradd": _NOTHING,
            "install": _INSTALL,
            "python3": _PYTHON.format(shims=folder / "shims"),
            "pip": _NOTHING,
            "chat-server": run.format("server", ""),
            "chat-client": run.format("client", f" --port {port}"),
        }.items():
            shim = folder / "shims" / name
            shim.write_text(script)
            shim.chmod(0o755)

    def path(self, absolute: str) -> Path:
        return self._folder / absolute.lstrip("/")

    def types(self, line: str) -> tuple[int, str]:
        """Do what ``line`` says; give back the exit code and what was printed."""
        words = line.removeprefix("sudo ").split()
        if words[0] == "systemctl":
            return self._systemctl(*(word for word in words[1:] if word[0] != "-"))
        done = subprocess.run(
            ["bash", "-c", self._here(line)],
            cwd=ROOT,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        return done.returncode, done.stdout

    def _here(self, text: str) -> str:
        return re.sub(r"(?<=[\s='\"-])/(?=(?:opt|etc|var)/)|^/(?=opt/)", f"{self._folder}/", text)

    def _environment(self, **more: str) -> dict[str, str]:
        path = f"{self._folder / 'shims'}:{os.environ['PATH']}"
        home = {
            "HOME": str(self._folder),
            "XDG_DATA_HOME": str(self._folder),
            "XDG_CONFIG_HOME": str(self._folder),
        }
        return {**os.environ, **home, "PATH": path, "PYTHONPATH": str(ROOT), "LANGUAGE": "en", **more}

    def _systemctl(self, verb: str, *units: str) -> tuple[int, str]:
        for unit in units:
            if verb in ("stop", "restart"):
                self.stop(unit)
            if verb in ("start", "restart") or (verb == "enable" and not unit.endswith(".timer")):
                code = self._start(unit)
                if code:
                    return code, ""
            if verb == "enable" and unit.endswith(".timer"):
                assert self._unit(unit)["Timer"]["OnCalendar"]
            if verb == "status":
                return self._servers[unit].poll() or 0, ""
        return 0, ""

    def _unit(self, name: str) -> configparser.ConfigParser:
        unit = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
        unit.optionxform = str  # type: ignore[assignment, method-assign]
        suffix = "" if "." in name else ".service"
        unit.read_string(self.path(f"/etc/systemd/system/{name}{suffix}").read_text("utf-8"))
        return unit

    def _start(self, name: str) -> int:
        """Return once it has ended, or says that it is ready, as its type asks for."""
        service = self._unit(name)["Service"]
        file = Path(self._here(" " + service["EnvironmentFile"].removeprefix("-"))[1:])
        given = dict(line.split("=", 1) for line in file.read_text().splitlines())
        self.path("/var/lib/chatapp").mkdir(mode=0o700, exist_ok=True)  # the StateDirectory
        command = shlex.split(self._here(service["ExecStart"]))
        if service["Type"] == "oneshot":
            return subprocess.run(command, env=self._environment(**given), timeout=PATIENCE).returncode
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind("")  # the system gives it an abstract name
            told.settimeout(PATIENCE)
            where = "@" + told.getsockname()[1:].decode()
            environment = self._environment(**given, NOTIFY_SOCKET=where)
            log = self.path("/log.txt").open("ab")
            with log:
                self._servers[name] = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            until = time.monotonic() + PATIENCE
            while b"READY=1" not in told.recv(4096):
                assert time.monotonic() < until
        return 0

    def stop(self, name: str) -> None:
        server = self._servers.pop(name)
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE) == 0

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.kill()
            server.wait()

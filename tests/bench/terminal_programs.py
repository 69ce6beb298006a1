"""The programs that the terminal harness compares: how each is started and led into the room of the flood."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.terminal_flood import ROOM
from bench.terminal_pty import Pty

_IRSSI = 'settings = { "fe-common/core" = { autolog = "no"; }; };\n'


@dataclass(frozen=True)
class Program:
    """A client: its command for a port and a folder of its own, and what to type until it is in the room."""

    name: str
    command: Callable[[int, Path], Sequence[str]]
    enter: Callable[[Pty], None] = lambda _pty: None
    #: The last row of the screen while nothing is typed, once it is in the room.
    is_ready: Callable[[str], bool] = lambda row: row == f"[{ROOM}]"
    #: The command that must be installed.
    needs: str = ""
    #: Whether it is a server itself, at the port; people come in and talk there.
    is_server: bool = False

    def is_installed(self) -> bool:
        """Whether it can be run here."""
        return not self.needs or shutil.which(self.needs) is not None


#: How our client is called; another checkout's can be put here.
chat_client = [sys.executable, "-m", "chatapp", "client"]
#: Without the limits for one address, which are in the way of a measurement.
chat_server = [
    "env",
    "CHATAPP_LIMITS__FLOOD_PROTECTION=false",
    "CHATAPP_LIMITS__CONNECTIONS_PER_PRIVATE_IP=0",
    *(sys.executable, "-m", "chatapp", "server"),
]


def _ours(*flags: str) -> Callable[[int, Path], Sequence[str]]:
    def command(port: int, _home: Path) -> Sequence[str]:
        where = ["--host", "127.0.0.1", "--port", str(port), "--name", "Ana", "--room", ROOM]
        return [*chat_client, *where, *flags]

    return command


def _irssi(port: int, home: Path) -> Sequence[str]:
    (home / "config").write_text(_IRSSI, encoding="utf-8")
    return ["irssi", "--home", str(home), "-c", "127.0.0.1", "-p", str(port), "-n", "Ana"]


def _weechat(port: int, home: Path) -> Sequence[str]:
    at = "irc.server.fake"
    commands = [
        "/set logger.file.auto_log off",
        f"/server add fake 127.0.0.1/{port}",
        f"/set {at}.nicks Ana",
        f"/set {at}.capabilities *",
        f"/set {at}.autojoin {ROOM}",
        f"/set {at}.ssl off",
        f"/set {at}.tls off",
        "/set irc.look.server_buffer independent",
        "/set irc.look.buffer_switch_autojoin on",
        "/connect fake",
    ]
    return ["weechat", "-d", str(home), *(word for command in commands for word in ("-r", command))]


def _console(port: int, home: Path) -> Sequence[str]:
    return [*chat_server, "--host", "127.0.0.1", "--port", str(port), "--data-dir", str(home / "data")]


def _control(port: int, _home: Path) -> Sequence[str]:
    return [sys.executable, str(Path(__file__).with_name("terminal_control.py")), str(port), ROOM]


def _join_irssi(pty: Pty) -> None:
    pty.wait_for(lambda: "Welcome" in pty.glass.text and "(fake)]" in pty.glass.row(-1), 10)
    pty.press(f"/join {ROOM}\r")


def _is_weechat_in(row: str) -> bool:
    return "[Ana" in row and row.endswith("]")


#: In the order of the table. The control is no client: it shows what the harness itself and the machine cost.
PROGRAMS = (
    Program("control", _control),
    Program("chatapp", _ours()),
    Program("chatapp --inline", _ours("--inline")),
    Program("console", _console, is_ready=lambda row: row == "[#lobby]", is_server=True),
    Program("irssi", _irssi, _join_irssi, needs="irssi"),
    Program("WeeChat", _weechat, is_ready=_is_weechat_in, needs="weechat"),
)

"""A server of ours on a terminal, and everyone who can come in: our client, irssi and weechat."""

from __future__ import annotations

import signal
from typing import NamedTuple

from interop.screens import Screen, Terminals, program
from ports import free_port

#: Wide enough that no line of a test is wrapped by the bars of other people's clients.
WIDE = (150, 40)

#: As it comes, irssi says one line in two seconds.
_IRSSI = 'settings = { "irc/core" = { cmd_queue_speed = "10msec"; cmds_max_at_once = "100"; }; };'


class Login(NamedTuple):
    """An account, and how to prove that it is one's own."""

    account: str
    password: str
    mechanism: str = "PLAIN"


class House:
    """The server, and people who join it with the program that they like."""

    def __init__(self, terminals: Terminals) -> None:
        self.terminals = terminals
        self.port = free_port()
        self.data = terminals.home / "data"

    def open(self, *flags: str) -> Screen:
        """Start the server on its terminal, and wait until it says how to join.

        It has no console, unless ``flags`` are others: its operator would be in the room, and first.
        """
        where = ["--port", str(self.port), "--data-dir", str(self.data), *(flags or ["--no-console"])]
        screen = self.terminals.open("server", [program("chat-server"), *where], WIDE)
        screen.wait_for("stops the server.")
        self.screen = screen
        return screen

    def shut(self) -> int:
        """Stop the server as an operator does; its exit code. Its terminal is gone then."""
        self.screen.signal(signal.SIGTERM)
        code = self.screen.wait_until_it_ended()
        self.terminals.close("server")
        return code

    def crash(self) -> None:
        """Take the server away in the middle of whatever it does."""
        self.terminals.close("server")

    def client(self, name: str, *flags: str, size: tuple[int, int] = (80, 24)) -> Screen:
        """Somebody with our client, online."""
        where = ["--host", "localhost", "--port", str(self.port)]
        screen = self.terminals.open(name, [program("chat-client"), *where, "--name", name, *flags], size)
        screen.wait_for(" online")
        return screen

    def irssi(self, name: str, room: str = "#lobby", login: Login | None = None) -> Screen:
        """Somebody with irssi, in ``room``; with a ``login``, to their account."""
        home = self.terminals.home / f"irssi-{name}"
        home.mkdir()
        network = _irssi_network(self.port, login) if login else ""
        (home / "config").write_text(_IRSSI + network, encoding="utf-8")
        where = [] if login else ["-c", "localhost", "-p", str(self.port)]
        screen = self.terminals.open(name, ["irssi", "--home", home, *where, "-n", name], WIDE)
        screen.wait_for("Mode change [+i]")
        screen.say(f"/join {room}")
        screen.wait_for("Total of")
        return screen

    def weechat(
        self, name: str, room: str = "#lobby", capabilities: str = "*", login: Login | None = None
    ) -> Screen:
        """Somebody with weechat, in ``room``; with a ``login``, to their account."""
        at = "irc.server.chat"
        commands = [
            "/set logger.file.auto_log off",
            # Several commands typed close together are no paste that it must ask about.
            "/set weechat.look.paste_max_lines -1",
            f"/server add chat localhost/{self.port}",
            f"/set {at}.nicks {name}",
            f"/set {at}.capabilities {capabilities}",
            f"/set {at}.autojoin {room}",
            # Some options changed their names with 4.0 and 4.4; of one that is not there it only complains.
            f"/set {at}.ssl off",
            f"/set {at}.tls off",
            f"/set {at}.anti_flood_prio_high 0",
            f"/set {at}.anti_flood_prio_low 0",
            f"/set {at}.anti_flood 0",
            "/set irc.look.server_buffer independent",
        ]
        if login:
            commands += [
                f"/set {at}.sasl_mechanism {login.mechanism.lower()}",
                f"/set {at}.sasl_username {login.account}",
                f"/set {at}.sasl_password {login.password}",
                f"/set {at}.sasl_fail disconnect",
            ]
        commands.append("/connect chat")
        words = [word for command in commands for word in ("-r", command)]
        screen = self.terminals.open(name, ["weechat", "-d", self.terminals.home / name, *words], WIDE)
        screen.wait_for(f"{room}(")
        screen.say(f"/buffer {room}")
        screen.wait_for(f"has joined {room}")
        return screen


def _irssi_network(port: int, login: Login) -> str:
    return f"""
servers = (
  {{ address = "localhost"; port = "{port}"; chatnet = "chat"; autoconnect = "yes"; use_tls = "no"; }}
);
chatnets = {{
  chat = {{
    type = "IRC";
    sasl_mechanism = "{login.mechanism}";
    sasl_username = "{login.account}";
    sasl_password = "{login.password}";
  }};
}};
"""

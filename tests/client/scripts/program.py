"""chat-client's verbs in this process, against a small server."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from client.small_server import SmallServer

from chatapp import cli
from chatapp.client import command_line
from chatapp.client.saved import Loaded
from chatapp.client.settings import Settings
from chatapp.irc.line import Line


class Moody(SmallServer):
    """Refuses rooms and messages, or cuts the connection before it says that it has a message."""

    def __init__(self):
        super().__init__()
        self.closed_rooms = set()
        self.refused = set()
        self.cut_at = set()
        self.taken = set()

    def _on_nick(self, writer, line):
        if line.param(0) in self.taken:
            self._write(writer, f":small 433 * {line.param(0)} :Nickname is already in use")
        else:
            super()._on_nick(writer, line)

    def _on_join(self, writer, line):
        if line.param(0) in self.closed_rooms:
            self._write(writer, f":small 473 x {line.param(0)} :Cannot join channel (+i)")
        else:
            super()._on_join(writer, line)

    def _on_privmsg(self, writer, line):
        text = line.param(1)
        if text in self.cut_at:
            self.cut_at.discard(text)
            writer.transport.abort()
        elif text in self.refused:
            label = {"label": line.tags["label"]} if "label" in line.tags else {}
            self._write(writer, _refusal(line, label))
        else:
            super()._on_privmsg(writer, line)

    _on_notice = _on_privmsg


def _refusal(line: Line, label: dict[str, str]) -> str:
    tags = f"@label={label['label']} " if label else ""
    return f"{tags}:small 404 x {line.param(0)} :Cannot send to channel"


def chat_client(monkeypatch, port: int, *arguments: str, said: bytes = b"", settings: Settings | None = None):
    """Run the program; its exit code."""
    monkeypatch.setattr(command_line, "settings", lambda: Loaded(settings or Settings()))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said)))
    verb, *rest = arguments
    where: Sequence[str] = ("--host", "127.0.0.1", "--port", str(port), "--no-tls", "--name", "Bot")
    return cli.client([verb, *where, *rest])

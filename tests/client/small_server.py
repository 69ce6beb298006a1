"""A small IRC server on a real socket, in a thread of its own: rooms that echo, and a switch to pull."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from ports import free_port

from chatapp.irc.line import Line, format_line, parse_line

#: Seconds within which the thread has done what it is asked for, also on a busy machine.
PATIENCE = 60.0
CAPS = "message-tags echo-message labeled-response batch server-time"


class SmallServer:
    """Serves 127.0.0.1 at a free port, or at ``port``; a context manager.

    ``said`` is what clients have said, in order, as (nick, target, text).
    """

    def __init__(self, port: int = 0) -> None:
        self.port = port or free_port()
        self.said: list[tuple[str, str, str]] = []
        self._writers: dict[asyncio.StreamWriter, str] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._is_empty = asyncio.Event()
        self._number = 0

    def __enter__(self) -> SmallServer:
        self._thread.start()
        self.up()
        return self

    def __exit__(self, *_error: object) -> None:
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def up(self) -> None:
        """Listen, at the same port as before."""
        self._call(self._up())

    def down(self) -> None:
        """Be gone: nobody listens, every connection is cut."""
        self._call(self._down())

    def say(self, nick: str, target: str, *texts: str) -> None:
        """Somebody says something to all who are connected."""
        source = f"{nick}!{nick}@there"
        lines = [self._tagged("PRIVMSG", target, text, source=source) for text in texts]
        self._call(self._to_all(lines))

    def tell(self, *lines: str) -> None:
        """Send raw lines to all who are connected."""
        self._call(self._to_all(list(lines)))

    def _call(self, coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)

    async def _up(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=1 << 20)

    async def _down(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        if self._writers:
            self._is_empty.clear()
            await self._is_empty.wait()

    async def _to_all(self, lines: list[str]) -> None:
        for writer in list(self._writers):
            self._write(writer, *lines)

    def _write(self, writer: asyncio.StreamWriter, *lines: str) -> None:
        writer.write("".join(f"{line}\r\n" for line in lines).encode())

    def _tagged(self, command: str, *params: str, source: str, **tags: str) -> str:
        self._number += 1
        return format_line(Line(command, list(params), source, {"msgid": f"m{self._number}", **tags}))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers[writer] = "*"
        try:
            while raw := await reader.readline():
                self._answer(writer, parse_line(raw.decode().strip("\r\n")))
        except (ConnectionError, asyncio.CancelledError):
            return
        finally:
            del self._writers[writer]
            writer.close()
            if not self._writers:
                self._is_empty.set()

    def _answer(self, writer: asyncio.StreamWriter, line: Line) -> None:
        answer: Callable[[asyncio.StreamWriter, Line], None] | None
        answer = getattr(self, f"_on_{line.command.lower()}", None)
        if answer is not None:
            answer(writer, line)

    def _on_cap(self, writer: asyncio.StreamWriter, line: Line) -> None:
        if line.param(0) == "LS":
            self._write(writer, f":small CAP * LS :{CAPS}")
        elif line.param(0) == "REQ":
            self._write(writer, f":small CAP * ACK :{line.param(1)}")
        elif line.param(0) == "END":
            nick = self._writers[writer]
            self._write(writer, f":small 001 {nick} :Welcome", f":small 376 {nick} :End")

    def _on_nick(self, writer: asyncio.StreamWriter, line: Line) -> None:
        self._writers[writer] = line.param(0)

    def _on_ping(self, writer: asyncio.StreamWriter, line: Line) -> None:
        self._write(writer, f":small PONG small {line.param(0)}")

    def _on_quit(self, writer: asyncio.StreamWriter, line: Line) -> None:
        writer.close()

    def _on_join(self, writer: asyncio.StreamWriter, line: Line) -> None:
        nick = self._writers[writer]
        for room in line.param(0).split(","):
            self._write(
                writer,
                f":{nick}!{nick}@here JOIN {room}",
                f":small 353 {nick} = {room} :@Bruno {nick} Carla",
                f":small 366 {nick} {room} :End",
            )

    def _on_privmsg(self, writer: asyncio.StreamWriter, line: Line) -> None:
        nick = self._writers[writer]
        self.said.append((nick, line.param(0), line.param(1)))
        labels = {"label": line.tags["label"]} if "label" in line.tags else {}
        source = f"{nick}!{nick}@here"
        self._write(writer, self._tagged("PRIVMSG", *line.params, source=source, **labels))

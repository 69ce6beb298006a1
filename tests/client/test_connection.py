from __future__ import annotations

import asyncio
import errno
import socket
import sys
import time
from collections.abc import Callable

import pytest
from client.fake_server import FakeServer

from chatapp.client import pulse, wire
from chatapp.client.connection import Connection, NoServer
from chatapp.client.model import ConnectionState, Model
from chatapp.client.outcome import Outcome
from chatapp.client.session import Session


class Listening:
    """A `FakeServer` behind a real socket."""

    def __init__(self) -> None:
        self.fake = FakeServer()
        self.writers: list[asyncio.StreamWriter] = []
        self.connections = 0
        self.accepts = True
        self.is_deaf = False

    async def start(self, path: str = "") -> int:
        if path:
            self.server = await asyncio.start_unix_server(self._serve, path)
            return 0
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self.server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self.server.close()
        for writer in self.writers:
            writer.transport.abort()

    def cut(self) -> None:
        self.writers[-1].transport.abort()

    def push(self, text: str) -> None:
        self.writers[-1].write(f"{text}\r\n".encode())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        self.connections += 1
        if not self.accepts:
            writer.transport.abort()
            return
        self.fake.connect()
        try:
            while line := await reader.readline():
                text = line.decode().rstrip("\r\n")
                self.fake.hear(text)
                if text.startswith("QUIT") and not self.is_deaf:
                    writer.write(b"ERROR :bye\r\n")
                    writer.close()
                    return
                writer.write("".join(f"{out}\r\n" for out in self.fake.out).encode())
                self.fake.out.clear()
        except ConnectionError:
            return  # the client has reset it


class Client:
    """A session on a real connection; `until` waits for the model to say something."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.model = Model()
        self.session = Session(self.model, "Ana", rooms=["#lobby"], now=time.time)
        self.connection = Connection(self.session, host, port, dice=lambda: 0.0)
        self._changed = asyncio.Event()
        self.model.on_change = self._changed.set

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    @property
    def texts(self) -> list[str]:
        room = self.model.find("#lobby")
        assert room is not None
        return [entry.text for entry in room.entries if entry.kind.name == "MESSAGE" and entry.msgid]

    @property
    def notes(self) -> list[str]:
        return [entry.text for buffer in self.model.buffers for entry in buffer.entries if not entry.nick]

    def is_in(self) -> bool:
        room = self.model.find("#lobby")
        return room is not None and room.joined and self.session.reading.catchup.is_settled(room)


def run(scene) -> None:
    """Run ``scene(server, client, task)`` with a server and a client that is in the room; then both end."""

    async def play() -> None:
        server = Listening()
        client = Client(await server.start())
        task = asyncio.create_task(client.connection.run())
        await client.until(client.is_in)
        await scene(server, client, task)
        client.connection.quit()
        await task
        await server.stop()

    asyncio.run(play())


def test_what_is_said_reaches_the_server_and_comes_back():
    async def scene(server, client, task):
        client.session.submit("olá 🎉")
        await client.until(lambda: client.texts == ["olá 🎉"])
        assert server.fake.texts("#lobby") == ["olá 🎉"]

    run(scene)


def test_it_comes_back_after_a_cut_and_sends_what_waited():
    async def scene(server, client, task):
        server.cut()
        await client.until(lambda: not client.is_in())
        client.session.submit("still here")
        await client.until(lambda: client.texts == ["still here"])
        assert server.connections == 2

    run(scene)


def test_quitting_says_so_and_ends():
    async def scene(server, client, task):
        assert client.session.submit("/quit tchau") is Outcome.QUIT
        client.connection.quit()
        await task
        assert server.fake.heard[-1] == "QUIT tchau"
        assert client.model.state is ConnectionState.OFFLINE

    run(scene)


def test_who_leaves_in_the_moment_in_which_the_way_opens_is_not_connected(monkeypatch):
    opens = Connection._open

    async def open_late(connection):
        opened = await opens(connection)
        connection.quit()
        return opened

    async def scene(server, client, task):
        monkeypatch.setattr(Connection, "_open", open_late)
        server.cut()
        server.fake.heard.clear()
        async with asyncio.timeout(5):
            await task
        assert client.model.state is ConnectionState.OFFLINE
        assert server.fake.heard == []

    run(scene)


def test_a_server_that_does_not_answer_the_farewell_is_left(monkeypatch):
    monkeypatch.setattr(wire, "_FAREWELL", 0.01)

    async def scene(server, client, task):
        server.fake.hear = lambda text: None
        server.is_deaf = True
        client.connection.quit()
        async with asyncio.timeout(60):
            await task

    run(scene)


def test_without_a_server_the_first_attempt_says_so():
    async def play() -> None:
        server = Listening()
        port = await server.start()
        await server.stop()
        with pytest.raises(
            NoServer, match=rf"There is no server at 127.0.0.1:{port} \(nobody listens there\)"
        ):
            await Client(port).connection.run()

    asyncio.run(play())


def test_patience_grows_and_has_an_end():
    waits = []

    async def play() -> None:
        client = Client(1)
        client.session.now = lambda: 0.0
        for failures in range(9):
            waiting = asyncio.create_task(client.connection._wait(failures))
            await asyncio.sleep(0)
            waits.append(client.model.retry_at)
            waiting.cancel()

    asyncio.run(play())
    assert waits == [0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]


@pytest.mark.slow
def test_it_keeps_trying_until_the_server_is_back():
    async def scene(server, client, task):
        server.accepts = False
        server.cut()
        await client.until(lambda: server.connections >= 3)
        server.accepts = True
        await client.until(client.is_in)

    run(scene)


def test_a_line_without_end_ends_the_connection_and_the_memory_stays_small():
    async def scene(server, client, task):
        server.writers[-1].write(b"x" * 100_000)
        await client.until(lambda: server.connections == 2 and client.is_in())

    run(scene)


def test_bytes_that_are_no_text_are_shown_and_not_feared():
    async def scene(server, client, task):
        server.writers[-1].write(b"\r\n:\r\n@\r\n\0\r\n@msgid=z9 :bob!b@c PRIVMSG #lobby :\xff\xfe ok\r\n")
        await client.until(lambda: client.texts == ["\ufffd\ufffd ok"])

    run(scene)


def test_a_flood_leaves_turns_for_the_keyboard():
    async def scene(server, client, task):
        turns = 0

        async def type_away() -> None:
            nonlocal turns
            while len(client.texts) < 5000:
                turns += 1
                await asyncio.sleep(0)

        flood = "".join(f"@msgid=f{n} :bob!b@c PRIVMSG #lobby :{n}\r\n" for n in range(5000))
        server.writers[-1].write(flood.encode())
        await asyncio.wait_for(type_away(), 60)
        assert turns >= 5000 / wire.LINES_PER_TURN
        assert client.texts == [str(n) for n in range(5000)]

    run(scene)


def test_what_came_before_the_end_is_heard():
    async def scene(server, client, task):
        server.push("@msgid=z1 :bob!b@c PRIVMSG #lobby :last words")
        server.writers[-1].close()
        await client.until(lambda: "last words" in client.texts)

    run(scene)


@pytest.mark.slow
def test_a_server_that_falls_silent_is_left_and_tried_again(monkeypatch):
    monkeypatch.setattr(pulse, "PING_AFTER", 0.05)
    monkeypatch.setattr(pulse, "GIVE_UP_AFTER", 0.15)

    async def scene(server, client, task):
        hear, server.fake.hear = server.fake.hear, lambda text: None
        await client.until(lambda: not client.is_in())
        server.fake.hear = hear
        await client.until(client.is_in)
        assert any("the server has fallen silent" in note for note in client.notes)

    run(scene)


@pytest.mark.slow
def test_a_server_that_does_not_read_is_left():
    async def scene(server, client, task):
        server.writers[-1].transport.pause_reading()
        while client.is_in():
            for _line in range(500):
                client.session.send("TAGMSG", "#lobby", "x" * 400)
            await asyncio.sleep(0)
        await client.until(client.is_in)
        assert any("the server does not read" in note for note in client.notes)

    run(scene)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(111, "refused"), "nobody listens there"),
        (TimeoutError(), "no answer"),
        (socket.gaierror(-2, "unknown"), "the name is not known"),
        (FileNotFoundError(2, "none"), "there is no such socket"),
        (OSError(errno.ENETUNREACH, "Connect call failed"), "there is no way to that network"),
        (
            OSError(f"Multiple exceptions: [Errno {errno.ECONNREFUSED}] ..., [Errno 99] ..."),
            "nobody listens there",
        ),
        (ValueError(), "ValueError"),
        (ConnectionError("[Errno 99999999999999999999]"), "[Errno 99999999999999999999]"),
        (ConnectionError("\x1b[2Jgone"), "\u241b[2Jgone"),
    ],
)
def test_every_failure_has_words(error, words):
    assert wire.in_words(error) == words


@pytest.mark.skipif(sys.platform == "win32", reason="no Unix sockets there")
def test_a_path_is_a_unix_socket(tmp_path):
    async def play() -> None:
        server = Listening()
        path = str(tmp_path / "chat.sock")
        await server.start(path)
        client = Client(0, path)
        task = asyncio.create_task(client.connection.run())
        await client.until(client.is_in)
        client.session.submit("/quit")
        client.connection.quit()
        await task
        await server.stop()

    asyncio.run(play())

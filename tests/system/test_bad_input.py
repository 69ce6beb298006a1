"""Rubbish and rude clients: the server stays up, others chat on, memory and the log stay small."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import time
from pathlib import Path

import pytest
from system.server_process import ServerProcess
from system.talker import PATIENCE, Talker

from chatapp.bench.probe import NoSuchFigure, resident_bytes

pytestmark = pytest.mark.slow

MIB = 1 << 20
#: More than any of these tests has a reason to cost, less than what a leak of what was sent would.
MEMORY_BYTES = 24 * MIB
LOG_LINES = 60
#: Nobody else may wait for a rude client; a busy machine may take its time. `chat-bench` measures the rest.
SLOWEST_SECONDS = 20.0


class Watch:
    """Ana and Bruno, who chat on whatever others do, and the server's memory and log."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self.ana = Talker(server.address, "ana")
        self.bruno = Talker(server.address, "bruno")
        self.ana.join("#r")
        self.bruno.join("#r")
        self.said = 0
        self.memory = memory_of(server)
        self.slowest = 0.0

    def chat(self) -> None:
        self.said += 1
        began = time.monotonic()
        self.ana.say(f"PRIVMSG #r :número {self.said}")
        assert self.bruno.waits_for("PRIVMSG").endswith(f":número {self.said}")
        self.slowest = max(self.slowest, time.monotonic() - began)

    def check(self) -> None:
        self.chat()
        assert self.slowest < SLOWEST_SECONDS
        assert self.server.is_running
        assert memory_of(self.server) - self.memory < MEMORY_BYTES
        log = self.server.log()
        assert "Traceback" not in log
        assert len(log.splitlines()) < LOG_LINES
        assert all(char.isprintable() or char == "\n" for char in log)


def memory_of(server: ServerProcess) -> int:
    try:
        return resident_bytes(server.pid)
    except NoSuchFigure:
        return 0


@pytest.fixture
def watch(tmp_path):
    with ServerProcess(tmp_path) as server:
        watch = Watch(server)
        yield watch
        watch.check()
        watch.ana.close()
        watch.bruno.close()


def shout(watch: Watch, data: bytes, greeting: bytes = b"") -> bytes:
    """Send ``greeting`` and ``data`` on a new connection, chat meanwhile, and return what came back."""
    with socket.create_connection(watch.server.address, timeout=PATIENCE) as rude:
        heard = b""
        with contextlib.suppress(ConnectionError):
            for at in range(0, len(greeting + data), 65536):
                rude.sendall((greeting + data)[at : at + 65536])
            rude.shutdown(socket.SHUT_WR)
        watch.chat()
        with contextlib.suppress(ConnectionError):
            while got := rude.recv(65536):
                heard += got
        return heard


@pytest.mark.parametrize(
    "greeting", [b"", b"NICK rude\r\nUSER rude 0 * :rude\r\n"], ids=["stranger", "guest"]
)
class TestRubbish:
    def test_random_bytes(self, watch, greeting):
        dice = random.Random(7)
        for _ in range(30):
            shout(watch, dice.randbytes(dice.randrange(1, 20_000)), greeting)

    def test_random_lines(self, watch, greeting):
        dice = random.Random(8)
        words = [
            b"NICK",
            b"JOIN",
            b"PRIVMSG",
            b"MODE",
            b"CAP",
            b"#r",
            b":",
            b"@a=b",
            b"+o",
            b"\xff",
            b"*",
            b"",
            b"-1",
        ]
        words += [
            b"CHATHISTORY",
            b"LATEST",
            b"WHO",
            b"TOPIC",
            b"KICK",
            b"BATCH",
            b"TAGMSG",
            b"9" * 400,
            b"\0",
        ]
        for _ in range(20):
            lines = [b" ".join(dice.choices(words, k=dice.randrange(1, 8))) for _ in range(40)]
            shout(watch, b"\r\n".join(lines) + b"\r\n", greeting)

    def test_half_a_line(self, watch, greeting):
        for cut in range(1, 20):
            shout(watch, b"PRIVMSG #r :never finished"[:cut], greeting)

    def test_a_mebibyte_without_an_end(self, watch, greeting):
        shout(watch, b"x" * MIB, greeting)

    def test_a_mebibyte_of_line_ends(self, watch, greeting):
        shout(watch, b"\r\n" * (MIB // 2), greeting)

    def test_a_mebibyte_of_nul(self, watch, greeting):
        shout(watch, b"\0" * MIB, greeting)

    def test_nul_in_lines(self, watch, greeting):
        shout(watch, b"PRIVMSG #r :a\0b\r\n\0\r\nNI\0CK x\r\n" * 50, greeting)

    def test_invalid_utf8(self, watch, greeting):
        shout(watch, b"JOIN #r\r\nPRIVMSG #r :\xff\xfe\xc3(\r\nTOPIC #r :\xed\xa0\x80\r\n" * 50, greeting)

    def test_terminal_controls(self, watch, greeting):
        shout(
            watch,
            b"NICK \x1b[2J\r\nUSER \x1b]0;x\x07 0 * :\x1bc\r\nJOIN #\x1b[31m\r\nQUIT :\x1b[2J\r\n",
            greeting,
        )


def test_an_http_request_never_reaches_the_parser(watch):
    body = b"NICK web\r\nUSER web 0 * :web\r\nJOIN #r\r\nPRIVMSG #r :from a web page\r\n"
    for verb in (b"GET", b"POST", b"PUT", b"OPTIONS", b"HEAD"):
        head = verb + b" / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body)
        answer = shout(watch, head + body)
        assert answer.startswith(b"HTTP/1.1 4")
        assert b"001" not in answer


def test_connections_that_say_nothing(watch):
    silent = [socket.create_connection(watch.server.address, timeout=PATIENCE) for _ in range(300)]
    try:
        watch.check()
        with Talker(watch.server.address, "carla") as carla:
            carla.join("#r")
    finally:
        for connection in silent:
            connection.close()


def test_connections_that_come_and_go(watch):
    for _ in range(300):
        socket.create_connection(watch.server.address, timeout=PATIENCE).close()


def test_a_reader_that_stops_reading_is_let_go_and_nobody_else_waits(watch):
    server = watch.server
    deaf = Talker(server.address, "deaf")
    deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.join("#r")
    text = "x" * 400
    gone = False
    for _ in range(400):
        watch.ana.say(*(f"PRIVMSG #r :{text}" for _ in range(50)), "PING done")
        watch.ana.waits_for("PONG")
        watch.bruno.say("PING done")
        gone = "QUIT" in watch.bruno.waits_for_either("QUIT", "PONG")
        if gone:
            break
    deaf.close()
    assert gone


def test_a_reader_that_stops_reading_its_own_answers(watch):
    with Talker(watch.server.address, "greedy") as greedy:
        greedy.join("#r")
        greedy.socket.settimeout(1)
        with pytest.raises((ConnectionError, TimeoutError)):
            for _ in range(20_000):
                greedy.socket.sendall(b"WHO #r\r\nNAMES #r\r\nMOTD\r\nLIST\r\n" * 50)
        watch.check()


def test_a_slow_writer_is_heard_in_the_end(watch):
    with Talker(watch.server.address, "slow") as slow:
        slow.join("#r")
        for byte in "PRIVMSG #r :devagar é melhor\r\n".encode():
            slow.send(bytes([byte]))
        assert watch.bruno.waits_for("PRIVMSG").endswith(":devagar é melhor")


def test_unregistered_callers_end_by_themselves(tmp_path):
    with ServerProcess(tmp_path, LIMITS__REGISTRATION_TIMEOUT="2", LIMITS__NAME_TIMEOUT="2") as server:
        silent = Talker(server.address)
        half = Talker(server.address)
        half.say("NICK half")
        assert silent.hears_until_the_end()[-1].startswith("ERROR :")
        assert half.hears_until_the_end()[-1].startswith("ERROR :")
        silent.close()
        half.close()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not tell")
def test_no_file_is_left_open(watch):
    folder = f"/proc/{watch.server.pid}/fd"
    before = len(os.listdir(folder))  # noqa: PTH208
    for number in range(100):
        with Talker(watch.server.address, f"guest{number}") as guest:
            guest.join("#r")
    watch.chat()
    until = time.monotonic() + PATIENCE
    while len(os.listdir(folder)) > before:  # noqa: PTH208
        assert time.monotonic() < until
        watch.chat()

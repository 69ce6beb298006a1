"""The little of NATS that the generator speaks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chatapp.bench.caller import BenchError
from chatapp.bench.callers import close_all, join_all, open_callers
from chatapp.bench.nats import publish_head
from chatapp.bench.plan import Plan
from chatapp.bench.readers import Checked
from chatapp.bench.tally import Tally
from chatapp.bench.text import format_text
from chatapp.bench.ways import Way

NATS = Way(protocol="nats")


@contextmanager
def answering(**answers: bytes) -> Iterator[tuple[tuple[str, int], list[bytes]]]:
    """A server that answers a line by its first word, and keeps what it was told."""
    told: list[bytes] = []

    def serve() -> None:
        caller, _ = listening.accept()
        with caller, caller.makefile("rb") as lines:
            caller.sendall(b'INFO {"server_id":"x"}\r\n')
            for line in lines:
                told.append(line)
                caller.sendall(answers.get(line.split()[0].decode(), b""))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname(), told
        thread.join(60)


def test_a_caller_connects_and_subscribes():
    with answering(PING=b"PONG\r\n") as (address, told):
        callers = open_callers(address, ["me"], ["echo-message", "server-time"], way=NATS)
        join_all(callers, "#r", 60)
        close_all(callers)

    assert callers[0].caps == {"echo-message"}
    assert told[0] == b'CONNECT {"verbose": false, "pedantic": false, "name": "me", "echo": true}\r\n'
    assert told[1:] == [b"PING\r\n", b"SUB #r 1\r\n", b"PING\r\n"]


def test_a_refusal_is_told():
    with (
        answering(PING=b"-ERR 'maximum connections exceeded'\r\n") as (address, _),
        pytest.raises(BenchError, match="maximum connections exceeded"),
    ):
        open_callers(address, ["me"], way=NATS)


def test_a_text_is_published_with_its_length():
    plan = Plan(("127.0.0.1", 1), "#r", "b", text_bytes=40, way=NATS)

    assert plan.head(0) == publish_head("#r", 40) == b"PUB #r 40\r\n"
    assert len(format_text(1, 2, 40)) == 40


def test_what_is_delivered_is_read_however_it_is_cut():
    reader = Checked(Tally((0,)))
    data = b"".join(b"MSG #r 1 40\r\n" + format_text(n, 7, 40) + b"\r\n" for n in (1, 2, 3))
    for byte in data:
        reader.take(memoryview(bytes((byte,))))

    assert (reader.received(), reader.tally.lost({0: 3})) == (3, 0)

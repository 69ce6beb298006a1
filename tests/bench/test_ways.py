"""The scenarios along every way, against our own server."""

from __future__ import annotations

import json
import socket
import threading

import pytest
from bench.fake_relay import serving
from system.server_process import ServerProcess

from chatapp.bench.main import main

WAYS = [[], ["--tls"], ["--websocket"], ["--tls", "--websocket"]]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with ServerProcess(tmp_path_factory.mktemp("house")) as server:
        yield server


def run(capsys, *words: str) -> dict:
    code = main([*words, "--json"])
    out, err = capsys.readouterr()
    assert code == 0, out or err
    return json.loads(out)


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("caps", ["", "message-tags server-time echo-message"])
def test_everything_said_is_heard(capsys, house, way, caps):
    words = f"room --port {house.address[1]} --members 6 --senders 2 --messages 40".split()
    figures = run(capsys, *words, "--caps", caps, *way)

    assert figures["deliveries"] == 40 * (6 if caps else 5)
    assert figures["members_who_heard_other_bytes"] == 0


@pytest.mark.slow
def test_a_server_without_tls_is_told(capsys):
    with serving() as relay:
        code = main(["join", "--port", str(relay.port), "--members", "2", "--tls"])

    assert code == 2
    assert "no server at" in capsys.readouterr().err


@pytest.mark.slow
def test_a_server_without_websockets_is_told(capsys):
    with socket.create_server(("127.0.0.1", 0)) as rude:
        rude.listen()
        rude.settimeout(60)

        def refuse() -> None:
            caller, _ = rude.accept()
            with caller:
                caller.recv(4096)
                caller.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=refuse)
        thread.start()
        code = main(["join", "--port", str(rude.getsockname()[1]), "--members", "2", "--websocket"])
        thread.join()

    assert code == 2
    assert "404 Not Found" in capsys.readouterr().err

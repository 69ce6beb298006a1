"""chat-server as a process: what it prints, how it ends, and what it survives."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and standard files of Unix"),
]

SERVER = [sys.executable, "-m", "chatapp", "server", "--host", "127.0.0.1", "--port", "0", "--data-dir"]


def start(data, **options):
    environ = {key: value for key, value in os.environ.items() if not key.startswith("CHATAPP_")}
    return subprocess.Popen([*SERVER, str(data)], text=True, env={**environ, "LANGUAGE": "en"}, **options)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_quiet_daemon_says_where_it_listens_and_ends_well(tmp_path, name):
    with start(tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        said = server.stdout.readline()
        host, _, port = said.removeprefix("chatapp is listening on ").strip().partition(" port ")
        with socket.create_connection((host, int(port)), timeout=60) as peer:
            peer.sendall(b"PING a\r\n")
            assert peer.recv(1000) == b":chatapp PONG chatapp :a\r\n"
            server.send_signal(signal.Signals[name])
            out, err = server.communicate(timeout=60)
    assert server.returncode == 0
    assert out == ""
    assert "Traceback" not in err
    assert "error" not in err


def test_it_serves_on_when_nobody_reads_what_it_prints(tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    with start(tmp_path, stdout=writing, stderr=subprocess.PIPE) as server:
        os.close(writing)
        line = ""
        while "Nobody reads the standard output" not in line:
            line = server.stderr.readline()
            assert line, "it ended"
        server.send_signal(signal.SIGTERM)
        _, err = server.communicate(timeout=60)
    assert server.returncode == 0
    assert err == ""


def test_it_serves_when_its_standard_files_are_closed(tmp_path):
    path = tmp_path / "chat.sock"
    (tmp_path / "chat-server.toml").write_text(f'[[listener]]\npath = "{path}"\n')
    command = [sys.executable, "-m", "chatapp", "server", "--data-dir", str(tmp_path / "data")]
    command += ["--config", str(tmp_path / "chat-server.toml")]
    server = subprocess.Popen(["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command])
    with server, socket.socket(socket.AF_UNIX) as peer:
        while server.poll() is None:
            try:
                peer.connect(str(path))
            except OSError:
                continue
            break
        peer.sendall(b"PING a\r\n")
        assert peer.recv(1000) == b":chatapp PONG chatapp :a\r\n"
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0

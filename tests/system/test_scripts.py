"""chat-client's verbs with the real server: nothing said by a script is lost or doubled, whatever happens."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest
from ports import free_port
from system.server_process import ServerProcess
from system.talker import Talker

_HOMES = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")


class Scripts:
    """Runs chat-client's verbs against ``server``, with a home of their own."""

    def __init__(self, server, folder):
        self._server = server
        self._environ = {**os.environ, "LANGUAGE": "en", **dict.fromkeys(_HOMES, str(folder))}

    def popen(self, verb, *arguments, **environ):
        where = ["--host", "127.0.0.1", "--port", str(self._server.address[1])]
        return subprocess.Popen(
            [sys.executable, "-m", "chatapp", "client", verb, *where, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**self._environ, **environ},
        )

    def run(self, verb, *arguments, said=b"", **environ):
        """The exit code, what was printed, and what was complained of."""
        process = self.popen(verb, *arguments, **environ)
        out, err = process.communicate(said, timeout=60)
        return process.returncode, out.decode(), err.decode()

    def texts(self, room):
        code, out, _err = self.run("tail", room, "--json", "--lines", "5000", "--name", "reader")
        assert code == 0
        return [json.loads(line)["text"] for line in out.splitlines()]


@pytest.fixture
def server(tmp_path):
    with ServerProcess(tmp_path) as server:
        yield server


@pytest.fixture
def scripts(server, tmp_path):
    (tmp_path / "home").mkdir()
    return Scripts(server, tmp_path / "home")


@pytest.mark.slow
def test_a_message_of_many_lines_is_one(scripts):
    assert scripts.run("send", "#ops", "--multiline", "--name", "bot", said=b"one\n\nthree\n") == (0, "", "")
    assert scripts.texts("#ops") == ["one\n\nthree"]


@pytest.mark.slow
def test_each_line_is_there_once_though_the_server_is_killed_meanwhile(server, scripts):
    lines = [f"line {number}" for number in range(400)]
    sending = scripts.popen("send", "#ops", "--name", "bot", "--timeout", "80")
    following = scripts.popen("tail", "#ops", "--follow", "--lines", "1", "--json", "--name", "reader")
    try:
        for part in range(4):
            said = lines[part * 100 : part * 100 + 100]
            sending.stdin.write("".join(f"{line}\n" for line in said).encode())
            sending.stdin.flush()
            if part < 3:
                following.stdout.readline()  # something of it was said
                server.kill()
                server.start()
        assert sending.communicate(timeout=90) == (b"", b"")
        assert sending.returncode == 0
    finally:
        for process in (sending, following):
            process.kill()
            process.communicate()
    assert scripts.texts("#ops") == lines


@pytest.mark.slow
def test_a_script_speaks_as_its_account_or_not_at_all(server, scripts):
    with Talker(server.address, "ana", "draft/account-registration") as ana:
        ana.say("REGISTER * * s3gredo")
        ana.waits_for("REGISTER SUCCESS")
    account = ["#ops", "--name", "ana", "--account", "ana"]

    right = scripts.run("send", *account, "as ana", CHATAPP_ACCOUNT_PASSWORD="s3gredo")
    wrong = scripts.run("send", *account, "as nobody", CHATAPP_ACCOUNT_PASSWORD="wrong")

    assert right == (0, "", "")
    assert wrong[0] == 1
    assert "Not logged in" in wrong[2]
    assert scripts.texts("#ops") == ["as ana"]


@pytest.mark.slow
def test_a_message_goes_by_datagrams_too(tmp_path):
    """What is told at once, that nothing is encrypted, comes before there is a room to tell of."""
    port = free_port(socket.SOCK_DGRAM)
    (tmp_path / "home").mkdir()
    with ServerProcess(tmp_path, LISTENER__UDP_PORT=str(port)) as server:
        scripts = Scripts(server, tmp_path / "home")
        code, out, _err = scripts.run("send", "#ops", "by air", "--name", "bot", "--udp", "--port", str(port))
        assert (code, out) == (0, "")
        assert scripts.texts("#ops") == ["by air"]

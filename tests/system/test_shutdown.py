"""SIGTERM and SIGINT: everything on disk, everyone told, exit code 0, nobody waited for."""

from __future__ import annotations

import signal
import sys

import pytest
from system.server_process import ServerProcess
from system.talker import Talker

from chatapp.bench.crash import judge, speak_until_cut
from chatapp.bench.history import read_history

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process at once"),
]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_everyone_is_told(tmp_path, number):
    with (
        ServerProcess(tmp_path) as server,
        Talker(server.address) as mute,  # who is answered came later, so this one is known by then
        Talker(server.address, "ana") as ana,
    ):
        server.signal(number)
        assert server.wait() == 0
        assert ana.hears_until_the_end()[-1].startswith("ERROR :")
        assert mute.hears_until_the_end()[-1].startswith("ERROR :")
        assert "Traceback" not in server.log()


def test_what_was_said_just_before_is_kept(tmp_path):
    with ServerProcess(tmp_path) as server:
        with Talker(server.address, "ana") as ana:
            ana.join("#r")
            ana.say(*(f"PRIVMSG #r :last words {number}" for number in range(50)), "PING done")
            ana.waits_for("PONG")
            assert server.stop() == 0
        server.start()
        with Talker(server.address, "bruno", "draft/chathistory batch message-tags") as bruno:
            bruno.join("#r")
            bruno.say("CHATHISTORY LATEST #r * 100")
            for number in range(50):
                assert bruno.waits_for("PRIVMSG").endswith(f"last words {number}")


def test_under_load_what_anybody_heard_is_kept(tmp_path):
    with ServerProcess(tmp_path) as server:
        told = speak_until_cut(server.address, "#r", 0.3, server.signal)
        assert server.wait() == 0
        server.start()
        verdict = judge(told.heard, read_history(server.address, "#r"))

    assert verdict.heard > 100
    assert verdict.faults == []
    assert "Traceback" not in server.log()


def test_a_reader_that_has_stopped_does_not_hold_it_up(tmp_path):
    with ServerProcess(tmp_path) as server, Talker(server.address, "deaf") as deaf:
        deaf.join("#r")
        with Talker(server.address, "ana") as ana:
            ana.join("#r")
            for _ in range(20):
                ana.say(*(f"PRIVMSG #r :{'x' * 400}" for _ in range(100)), "PING done")
                ana.waits_for("PONG")
            assert server.stop() == 0


def test_it_starts_again_at_once_on_the_same_port(tmp_path):
    with ServerProcess(tmp_path) as server:
        with Talker(server.address, "ana"):
            assert server.stop() == 0
        address = server.address
        server.start()
        assert server.address == address
        Talker(server.address, "ana").close()

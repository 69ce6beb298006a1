"""kill -9 while four clients speak at full speed: what anybody heard is in the history, once and in order."""

from __future__ import annotations

import json
import shlex
import sys

import pytest
from system.server_process import ServerProcess
from system.talker import Talker

from chatapp.bench.crash import judge, speak_until_cut
from chatapp.bench.history import read_history
from chatapp.bench.main import main
from chatapp.bench.progress import Progress

pytestmark = pytest.mark.slow


def test_what_was_heard_survives_being_killed(tmp_path):
    told = {}
    with ServerProcess(tmp_path) as server:
        for room, seconds in (("#first", 0.3), ("#second", 0.0)):
            told[room] = speak_until_cut(server.address, room, seconds, server.kill)
            server.start()
        verdicts = {
            room: judge(what.heard, read_history(server.address, room)) for room, what in told.items()
        }

    for verdict in verdicts.values():
        assert verdict.heard > 100
        assert verdict.faults == []


def test_a_room_survives_being_killed(tmp_path):
    with ServerProcess(tmp_path) as server:
        with Talker(server.address, "ana") as ana:
            ana.join("#chá")
            ana.say("TOPIC #chá :água e folhas", "MODE #chá +mk segredo", "PING done")
            ana.waits_for("PONG")
            server.kill()
        server.start()
        with Talker(server.address, "bruno") as bruno:
            bruno.say("JOIN #chá")
            assert " 475 " in bruno.waits_for("#chá")
            bruno.say("JOIN #chá segredo")
            assert bruno.waits_for(" 332 ").endswith(":água e folhas")
            bruno.say("MODE #chá")
            assert "m" in bruno.waits_for(" 324 ").split()[4]


def test_killed_twice_while_starting_it_still_starts(tmp_path):
    with ServerProcess(tmp_path) as server:
        with Talker(server.address, "ana", "echo-message") as ana:
            ana.join("#r")
            ana.say("PRIVMSG #r :still here")
            ana.waits_for("still here")
            server.kill()
        for _ in range(2):
            server.start()
            server.kill()
        server.start()
        with Talker(server.address, "bruno", "draft/chathistory batch message-tags") as bruno:
            bruno.join("#r")
            bruno.say("CHATHISTORY LATEST #r * 10")
            bruno.waits_for("still here")
            bruno.waits_for("BATCH -")


class Shown(Progress):
    """Remembers what it was to show."""

    def __init__(self):
        super().__init__()
        self.told = []

    def announce(self, about):
        self.told.append(about)

    def begin(self, doing, seconds=0):
        self.told.append(doing)


def test_the_longer_script_is_the_same_in_more_rounds(capsys, monkeypatch):
    shown = Shown()
    monkeypatch.setattr("chatapp.bench.main.on_terminal", lambda: shown)
    server = f"{shlex.quote(sys.executable)} -m chatapp server"
    command = server + " --host 127.0.0.1 --port {port} --data-dir {data}"
    code = main(["crash", "--rounds", "1", "--json", "--server-command", command])

    figures = json.loads(capsys.readouterr().out)
    assert (code, figures["faults"]) == (0, [])
    assert figures["messages_heard_by_somebody"] > 100
    assert shown.told == ["", "1/1", "speaking", "looking at every history once more"]


def test_a_server_that_does_not_start_is_told(capsys):
    command = f"{shlex.quote(sys.executable)} -c \"raise SystemExit('no disk')\""
    code = main(["crash", "--server-command", command])

    assert code == 2
    assert "did not start: no disk" in capsys.readouterr().err

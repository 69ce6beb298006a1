"""What moderators did, by the real server and over a restart."""

from __future__ import annotations

import sys
import time

import pytest
from system.server_process import ServerProcess
from system.talker import PATIENCE, Talker

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process at once"),
]
OPERATOR = {"OPERATOR__NAME": "root", "OPERATOR__PASSWORD": "sesame"}


def test_bans_modes_and_what_was_done_survive_a_restart(tmp_path):
    with ServerProcess(tmp_path, **OPERATOR) as server:
        with Talker(server.address, "ana") as ana:
            ana.say("OPER root sesame")
            ana.waits_for(" 381 ")
            ana.join("#hall")
            ana.join("#tea")
            ana.say("MODE #tea +fW #hall 30", "MODE #tea +b t:600:a:eve", "KLINE 1h eve!*@* :rest")
            ana.waits_for("is banned until")
            assert server.stop() == 0
        server.start()
        with Talker(server.address, "bruno") as bruno:
            bruno.say("OPER root sesame", "MODE #tea", "MODE #tea b", "KLINE", "AUDIT")
            assert bruno.waits_for(" 324 ").endswith("#tea +ntfW #hall 30")
            assert " t:600:a:eve ana!ana@" in bruno.waits_for(" 367 ")
            assert bruno.waits_for(" 216 ").endswith(":rest")
            assert "KLINE eve!*@*" in bruno.waits_for("KLINE eve")
        with Talker(server.address) as eve:
            eve.say("NICK eve", "USER eve 0 * :Eve")
            assert any(" 465 " in line and line.endswith(": rest") for line in eve.hears_until_the_end())


def test_what_ends_while_the_server_serves_goes_by_itself(tmp_path):
    with ServerProcess(tmp_path, **OPERATOR) as server, Talker(server.address, "ana") as ana:
        ana.say("OPER root sesame", "KLINE 1s eve :a moment")
        ana.waits_for("is banned until")
        until = time.monotonic() + PATIENCE
        ana.say("KLINE")
        while " 216 " in ana.waits_for_either(" 216 ", " 219 "):
            assert time.monotonic() < until
            ana.waits_for(" 219 ")
            ana.say("KLINE")
        with Talker(server.address, "eve"):
            pass

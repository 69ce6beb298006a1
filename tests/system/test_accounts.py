"""Accounts in a real server: killed, stopped and started again, and looked after from outside meanwhile."""

from __future__ import annotations

import base64
import subprocess
import sys

import pytest
from system.server_process import PATIENCE, ServerProcess
from system.talker import Talker

pytestmark = pytest.mark.slow


class Member(Talker):
    """Somebody who comes in with their account."""

    def __init__(self, address, name, password, caps=""):
        super().__init__(address)
        response = base64.b64encode(f"\0{name}\0{password}".encode()).decode()
        self.say(f"CAP REQ :sasl {caps}".rstrip(), "AUTHENTICATE PLAIN", f"AUTHENTICATE {response}")
        self.outcome = self.waits_for_either(" 903 ", " 904 ").split()[1]
        self.say(f"NICK {name}", "USER u 0 * :u", "CAP END")


def account(folder, *args, password=""):
    words = ["-m", "chatapp", "server", "account", *args, "--data-dir", str(folder / "data")]
    done = subprocess.run(
        [sys.executable, *words], input=f"{password}\n", capture_output=True, text=True, timeout=PATIENCE
    )
    return done.returncode, done.stdout + done.stderr


def test_what_was_promised_survives_being_killed(tmp_path):
    with ServerProcess(tmp_path) as server:
        with Talker(server.address, "Ana") as ana:
            ana.say("REGISTER * * segredo")
            ana.waits_for("REGISTER SUCCESS")
            ana.say("NS SET ALWAYS-ON ON", "JOIN #chá", "CS REGISTER #chá", "MODE #chá +i")
            ana.waits_for(" MODE #chá +i")
            server.kill()
        server.start()
        with Talker(server.address, "bruno") as bruno:
            bruno.say("JOIN #chá")
            assert " 473 " in bruno.waits_for("#chá")
            bruno.say("PRIVMSG Ana :ainda aí?")
            assert "Not connected" in bruno.waits_for(" 301 ")
        with Member(server.address, "Ana", "segredo", "batch") as ana:
            assert ana.outcome == "903"
            assert " JOIN #chá" in ana.waits_for("#chá")
            assert "~Ana" in ana.waits_for(" 353 ")
            ana.say("CHATHISTORY LATEST bruno * 9")
            assert ana.waits_for("PRIVMSG").endswith(":ainda aí?")


def test_the_operator_looks_after_accounts_while_it_runs_and_while_not(tmp_path):
    with ServerProcess(tmp_path) as server:
        assert account(tmp_path, "add", "Ana", "--password-stdin", password="um") == (
            0, "The account Ana is made\n",
        )  # fmt: skip
        assert account(tmp_path, "list")[1].startswith("Ana\t")
        with Member(server.address, "Ana", "um") as ana:
            assert ana.outcome == "903"
        server.stop()
        assert account(tmp_path, "password", "Ana", "--password-stdin", password="dois")[0] == 0
        server.start()
        with Member(server.address, "Ana", "um") as ana:
            assert ana.outcome == "904"
        with Member(server.address, "Ana", "dois") as ana:
            assert ana.outcome == "903"
        assert account(tmp_path, "remove", "Ana")[0] == 0
        with Member(server.address, "Ana", "dois") as ana:
            assert ana.outcome == "904"
        assert "segredo" not in server.log()

"""A paste of 200 lines from a real terminal to a real server: few messages, every line once, in order."""

from __future__ import annotations

import sys

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

from client.terminal import Terminal
from system.server_process import ServerProcess
from system.talker import Talker

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path):
    with ServerProcess(tmp_path) as server:
        yield server


@pytest.fixture
def terminal(server, tmp_path):
    where = ["--host", server.address[0], "--port", str(server.address[1])]
    home = str(tmp_path / "ana")
    places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"), home)
    with Terminal(["client", *where, "--name", "Ana"], 100, 30, places) as terminal:
        terminal.wait_for("Ana joined")
        yield terminal


def test_a_paste_is_few_messages_in_order(server, terminal):
    lines = [f"linha {number:03} ç" for number in range(200)]
    with Talker(server.address, "Bruno", "batch message-tags draft/multiline") as bruno:
        bruno.join("#lobby")
        terminal.wait_for("Bruno joined")
        terminal.paste("\n".join(lines))
        terminal.wait_for("200│ linha 199 ç")
        terminal.type("\ry")
        begins, heard = 0, []
        while len(heard) < len(lines):
            line = bruno.waits_for_either("BATCH +", "PRIVMSG")
            begins += "BATCH +" in line
            heard += [line.rpartition(" :")[2]] if "PRIVMSG" in line else []
        assert heard == lines
        assert 0 < begins <= 10
        terminal.wait_for(lambda: "linha 199 ç" in terminal.text and "…" not in terminal.text)

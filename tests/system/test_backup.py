"""A house that is backed up while people talk, burns down, and is built again: all is as it was."""

from __future__ import annotations

import base64
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from system.server_process import PATIENCE, ServerProcess
from system.talker import Talker

import chatapp

pytestmark = pytest.mark.slow

CAPS = (
    "message-tags server-time echo-message batch draft/chathistory draft/event-playback draft/read-marker"
    " draft/multiline sasl draft/account-registration draft/metadata-2"
)


def chat_server(*args):
    """What ``chat-server`` with ``args`` says; it must go well."""
    done = subprocess.run(
        [sys.executable, "-m", "chatapp", "server", *map(str, args)],
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        env={**os.environ, "LANGUAGE": "en", "PYTHONPATH": str(Path(chatapp.__file__).parents[1])},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def log_in(talker, nick):
    proof = base64.b64encode(f"\0{nick}\0secret-{nick}".encode()).decode()
    talker.say(f"CAP REQ :{CAPS}", f"NICK {nick}", f"USER {nick} 0 * :{nick}")
    talker.say("AUTHENTICATE PLAIN", f"AUTHENTICATE {proof}", "CAP END")
    talker.waits_for(" 903 ")
    talker.waits_for(" 001 ")


def furnish(address):
    """Have a bit of everything that lasts."""
    with Talker(address, "ana", CAPS) as ana:
        ana.say("REGISTER * * secret-ana")
        ana.waits_for("REGISTER SUCCESS")
        ana.join("#tea")
        ana.say("TOPIC #tea :green or black?", "MODE #tea +mk sesame", "MODE #tea +b *!*@spam.example")
        ana.say("PRIVMSG #tea :first ☕", "PRIVMSG ana :note to self")
        said = ana.waits_for("first ☕")
        ana.say(f"@+draft/reply={msgid(said)};+draft/react=👍 TAGMSG #tea")
        ana.say(f"MARKREAD #tea timestamp={said.partition('time=')[2][:24]}")
        ana.waits_for("MARKREAD #tea timestamp=")
        ana.say("QUIT")
        ana.waits_for("ERROR")


def msgid(line):
    return line.partition("msgid=")[2].partition(";")[0].partition(" ")[0]


def look_around(address):
    """All of that, as somebody finds it who comes back, without what is new each time."""
    with Talker(address) as ana:
        log_in(ana, "ana")
        ana.say("JOIN #tea sesame")
        found = [ana.waits_for(" 332 ")]
        ana.waits_for(" 366 ")
        ana.say("MODE #tea", "MODE #tea b", "MARKREAD #tea")
        found += [ana.waits_for(part) for part in (" 324 ", " 367 ", "MARKREAD #tea ")]
        for target in ("#tea", "ana"):
            ana.say(f"CHATHISTORY LATEST {target} * 50", "PING :end")
            while "PONG" not in (line := ana.waits_for_either("PRIVMSG", "TAGMSG", "TOPIC", "PONG")):
                found.append(re.sub(r"batch=[^; ]*", "batch", line))
        ana.say("QUIT")
        ana.waits_for("ERROR")
    return found


def fingerprint(data):
    return (data / "tls.pem").read_bytes()


def test_backed_up_while_serving_destroyed_and_restored_all_is_as_it_was(tmp_path):
    server = ServerProcess(tmp_path)
    data, copy = tmp_path / "data", tmp_path / "copy.tar.gz"
    with server:
        furnish(server.address)
        told = chat_server("backup", "--data-dir", data, "--to", copy)
        with Talker(server.address, "bruno") as bruno:  # nobody noticed
            bruno.say("PING :still")
            bruno.waits_for("PONG")
        before = look_around(server.address)
        key = fingerprint(data)
        server.stop()
    assert "1 room, 1 account" in told and "key for TLS" in told
    assert len(before) == 8
    shutil.rmtree(data)

    chat_server("restore", copy, "--data-dir", data)

    assert fingerprint(data) == key
    with server:
        assert look_around(server.address) == before
        assert server.stop() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_backup_that_is_killed_at_any_moment_harms_nobody(tmp_path):
    """The server goes on, nothing half stands at the place of the backup, and the next one is whole."""
    server = ServerProcess(tmp_path)
    data, folder = tmp_path / "data", tmp_path / "to"
    folder.mkdir()
    with server, Talker(server.address, "ana", CAPS) as ana:
        ana.join("#tea")
        for number in range(40):
            ana.say(f"PRIVMSG #tea :{number} {'x' * 300}")
        ana.waits_for(" :39 ")
        for number in range(5):
            command = [sys.executable, "-m", "chatapp", "server", "backup", "--data-dir", str(data)]
            child = subprocess.Popen([*command, "--to", str(folder)], stdout=subprocess.PIPE)
            while child.poll() is None and not list(folder.iterdir()):
                os.sched_yield()
            child.send_signal(signal.SIGKILL)
            child.communicate()
            ana.say(f"PRIVMSG #tea :after {number}")
            ana.waits_for(f" :after {number}")
        for half in folder.iterdir():
            assert half.name.startswith((".chatapp-unfinished-", "chatapp-backup-"))
        chat_server("backup", "--data-dir", data, "--to", tmp_path / "to" / "last")
        assert not list(folder.glob(".chatapp-unfinished-*"))
        assert "  46 messages and events" in chat_server("restore", "--check", folder / "last")
        assert server.stop() == 0

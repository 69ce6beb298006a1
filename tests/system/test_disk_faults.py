"""The real server on a disk that takes nothing: all wait and are told, and all goes on when it does again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from system.server_process import ServerProcess
from system.talker import Talker

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the fault is a limit set from outside (prlimit)"),
]

CAPS = "echo-message draft/chathistory batch message-tags"
TEXTS = [f"{number} {'x' * 300}" for number in range(1000)]


def limit_files(server, size=None):
    """Let no file of ``server`` grow beyond ``size`` bytes; to SQLite that is an I/O error. None lifts it."""
    import resource

    _soft, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))


def texts_of(lines):
    return [line.partition(" PRIVMSG #tea :")[2] for line in lines if " PRIVMSG #tea :" in line]


def lines_until(talker, part):
    lines = []
    while not lines or part not in lines[-1]:
        lines.append(talker.waits_for(""))
    return lines


def test_an_error_of_the_disk_is_waited_out_and_nothing_is_lost_doubled_or_early(tmp_path):
    with ServerProcess(tmp_path) as server:
        with Talker(server.address, "ana", CAPS) as ana, Talker(server.address, "bob", CAPS) as bob:
            ana.join("#tea"), bob.join("#tea")
            limit_files(server, 65536)
            ana.say(*(f"PRIVMSG #tea :{text}" for text in TEXTS), "PING over")
            before = lines_until(bob, "NOTICE bob")
            assert "does not take what is said. It waits, and nothing is lost" in before[-1]
            assert server.is_running

            limit_files(server)
            echoes = lines_until(ana, "PONG")
            ana.say("PRIVMSG #tea :after")
            heard = [*before, *lines_until(bob, ":after")]
            assert texts_of(echoes) == TEXTS
            assert texts_of(heard) == [*TEXTS, "after"]
            bob.say("CHATHISTORY LATEST #tea * 1000")
            assert texts_of(lines_until(bob, "BATCH -")) == [*TEXTS[1:], "after"]
        assert "the disk reports a fault" in server.log()
        assert "Traceback" not in server.log()
        assert server.stop() == 0


def test_killed_while_it_waits_it_has_lost_nothing_that_was_heard(tmp_path):
    with ServerProcess(tmp_path) as server:
        with Talker(server.address, "ana", CAPS) as ana, Talker(server.address, "bob", CAPS) as bob:
            ana.join("#tea"), bob.join("#tea")
            limit_files(server, 65536)
            ana.say(*(f"PRIVMSG #tea :{text}" for text in TEXTS))
            heard = texts_of(lines_until(bob, "NOTICE bob"))
            server.kill()
        server.start()
        with Talker(server.address, "cleo", CAPS) as cleo:
            cleo.join("#tea")
            cleo.say("CHATHISTORY LATEST #tea * 1000")
            kept = texts_of(lines_until(cleo, "BATCH -"))
            assert kept[: len(heard)] == heard
            assert kept == TEXTS[: len(kept)]


def test_it_ends_in_time_while_it_waits_and_says_that_not_all_is_kept(tmp_path):
    with ServerProcess(tmp_path) as server:
        with Talker(server.address, "ana", CAPS) as ana:
            ana.join("#tea")
            limit_files(server, 65536)
            ana.say(*(f"PRIVMSG #tea :{text}" for text in TEXTS))
            lines_until(ana, "NOTICE ana")
            server.signal()
            assert "going down" in ana.hears_until_the_end()[-1]
        assert server.wait() == 1
        assert "it could not keep what was said" in server.log()


def resident(server):
    pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def flood(talker, line, most):
    """Send ``line`` until nobody takes it any more, or so many bytes are gone; gives back how many were."""
    sent, block = 0, line * 1000
    talker.socket.settimeout(1.0)
    try:
        while sent < most:
            sent += talker.socket.send(block[sent % len(line) :])
    except TimeoutError:
        pass
    return sent


def test_a_flood_while_it_waits_stays_outside_and_is_all_said_afterwards(tmp_path):
    with (
        ServerProcess(tmp_path) as server,
        Talker(server.address, "ana", CAPS) as ana,
        Talker(server.address, "bob") as bob,
    ):
        ana.join("#tea"), bob.join("#tea")
        limit_files(server, 65536)
        ana.say(*(f"PRIVMSG #tea :{text}" for text in TEXTS))
        lines_until(bob, "NOTICE bob")
        before, line = resident(server), b"PRIVMSG #tea :%s\r\n" % (b"y" * 400)
        sent = flood(bob, line, 100_000_000)
        assert sent < 50_000_000
        assert resident(server) - before < 50_000_000

        limit_files(server)
        rest = line[sent % len(line) :] if sent % len(line) else b""
        bob.send(rest + b"PRIVMSG #tea :over\r\n")
        said = texts_of(lines_until(ana, ":over"))
        assert said.count("y" * 400) == -(-sent // len(line))

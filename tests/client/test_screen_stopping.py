"""The client stopped and continued, as shells do it (Unix only)."""

from __future__ import annotations

import os
import re
import signal
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

from client.small_server import SmallServer
from client.terminal import Terminal

pytestmark = pytest.mark.slow

CTRL_Z = "\x1a"
#: A shell that runs one job: when it stops it has the terminal itself, until Enter continues the job.
SHELL = """
import os, signal, sys, termios
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
before = termios.tcgetattr(0)
job = os.fork()
if job == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, "-m", "chatapp", *sys.argv[1:]])
while os.WIFSTOPPED((status := os.waitpid(job, os.WUNTRACED)[1])):
    os.tcsetpgrp(0, os.getpgrp())
    sane = termios.tcgetattr(0)[3] & termios.ICANON and termios.tcgetattr(0)[3] & termios.ECHO
    termios.tcsetattr(0, termios.TCSADRAIN, before)
    print(f"job {job} stopped, {'sane' if sane else 'raw'}", flush=True)
    sys.stdin.readline()
    os.tcsetpgrp(0, job)
    os.killpg(job, signal.SIGCONT)
"""


@pytest.fixture
def server():
    with SmallServer() as server:
        yield server


@pytest.mark.parametrize("flag", [(), ("--inline",)])
def test_the_shell_has_the_terminal_and_gives_it_back(server, tmp_path, flag):
    arguments = ["client", "--host", "127.0.0.1", "--port", str(server.port), "--name", "Ana", *flag]
    folder = str(tmp_path)
    environment = {"XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder, "HOME": folder}
    program = [sys.executable, "-c", SHELL]
    with Terminal(arguments, environment=environment, program=program) as terminal:
        terminal.wait_for("Ana joined")
        terminal.type("half")
        terminal.wait_for("[#lobby] half")

        terminal.type(CTRL_Z)
        terminal.wait_for("stopped, sane")
        left = terminal.raw.rindex(b"\x1b[?2004l")
        assert left > terminal.raw.rindex(b"\x1b[?2004h")
        job = int(re.findall(rb"job (\d+) stopped", terminal.raw)[-1])
        terminal.screen.reset()
        terminal.type("\r")
        terminal.wait_for("[#lobby] half")

        os.kill(job, signal.SIGSTOP)
        terminal.wait_for("stopped, raw")
        terminal.screen.reset()
        terminal.type("\r")
        terminal.wait_for("[#lobby] half")
        terminal.type("!")
        terminal.wait_for("[#lobby] half!")
        server.say("Bruno", "#lobby", "welcome back")
        terminal.wait_for("welcome back")

        terminal.type("\x15/quit\r")
        assert terminal.wait_for_exit() == 0
        assert terminal.is_as_before()

"""chat-server on a real terminal: one speaks in the console, and the terminal is given back (Unix only)."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

from client.terminal import Terminal

pytestmark = pytest.mark.slow

ENTER, CTRL_C, CTRL_L, ALT_1 = "\r", "\x03", "\x0c", "\x1b1"


def on_terminal(folder, *arguments, **environment):
    """A server; or a verb of it, where ``arguments`` begin with one."""
    is_verb = arguments[:1] == ("owner-code",)
    address = [] if is_verb else ["--host", "127.0.0.1", "--port", "0"]
    arguments = ["server", *arguments, *address, "--data-dir", str(folder / "data")]
    return Terminal(arguments, columns=100, rows=40, environment={"HOME": str(folder), **environment})


@pytest.fixture
def console(tmp_path):
    with on_terminal(tmp_path) as terminal:
        terminal.wait_for("online")
        terminal.wait_for("#lobby · chatapp joined")
        yield terminal


def call(terminal, nick):
    """Someone comes in by the port that the console tells of."""
    port = int(re.search(r"listening on 127\.0\.0\.1 port (\d+)", terminal.text)[1])
    peer = socket.create_connection(("127.0.0.1", port), timeout=60)
    peer.sendall(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\nJOIN #lobby\r\n".encode())
    return peer


def hear(peer, words):
    heard = b""
    while words.encode() not in heard:
        data = peer.recv(65536)
        assert data, heard
        heard += data


def test_a_conversation_and_the_end_of_it(console):
    assert "The owner code: " in console.text
    with call(console, "ana") as ana:
        console.wait_for("ana came in from 127.0.0.1")
        ana.sendall("PRIVMSG #lobby :olá, servidor\r\n".encode())
        console.wait_for("#lobby <ana> olá, servidor")
        console.type("olá, ana" + ENTER)
        hear(ana, "PRIVMSG #lobby :olá, ana")
        console.type(ALT_1 + "só aqui" + ENTER)
        console.wait_for(lambda: re.search(r"^\d\d:\d\d +só aqui", console.text, re.MULTILINE) is not None)
        console.type("/stop" + ENTER)
        console.wait_for("Stop the server?")
        console.type("y" + ENTER)
        hear(ana, "the server is going down")
    assert console.wait_for_exit() == 0
    assert console.is_as_before()
    assert "The server has stopped; everything said is kept." in console.text
    # What stood there before is there again: the screen was left once, and nothing was wiped out behind it.
    banner, _opened, screen = console.raw.partition(b"\x1b[?1049h")
    assert b"Join from this machine:" in banner
    assert screen.count(b"\x1b[?1049l") == 1
    assert b"\x1b[2J" not in screen.partition(b"\x1b[?1049l")[2]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_signals(console, name):
    if name == "SIGINT":
        console.do_twice(
            lambda: console.process.send_signal(signal.SIGINT),
            "Press Ctrl-C again",
            lambda: "Stop the server?" in console.text,
        )
        console.type("y" + ENTER)
    else:
        console.process.send_signal(signal.SIGTERM)
    assert console.wait_for_exit() == 0
    assert console.is_as_before()
    assert console.text.rstrip().endswith("The server has stopped; everything said is kept.")
    assert "Traceback" not in console.text


def test_the_owner_code_makes_an_operator_once(console):
    code = re.search(r"owner code: ([A-Z2-7-]+)", console.text)[1]
    with call(console, "ana") as ana, call(console, "eve") as eve:
        ana.sendall(f"OWNER {code}\r\n".encode())
        hear(ana, " 381 ana ")
        console.wait_for("ana has become an owner")
        eve.sendall(f"OWNER {code}\r\n".encode())
        hear(eve, " 464 eve ")


def test_without_a_console(tmp_path):
    with on_terminal(tmp_path, "--no-console") as terminal:
        terminal.wait_for("Ctrl-C stops the server.")
        with call(terminal, "ana"):
            terminal.wait_for("ana came in from 127.0.0.1")
        assert b"\x1b[?1049h" not in terminal.raw
        terminal.type(CTRL_C)
        assert terminal.wait_for_exit() == 0
        assert "The server has stopped" in terminal.text


def test_the_second_start_shows_no_code_and_the_verb_makes_one(tmp_path):
    for expected in (True, False):
        with on_terminal(tmp_path, "--no-console") as terminal:
            terminal.wait_for("Ctrl-C stops the server.")
            assert ("The owner code: " in terminal.text) is expected
            terminal.type(CTRL_C)
            assert terminal.wait_for_exit() == 0
    with on_terminal(tmp_path, "owner-code") as terminal:
        assert terminal.wait_for_exit() == 0
        code = re.search(r"owner code: ([A-Z2-7-]+)", terminal.text)[1]
    with on_terminal(tmp_path) as terminal:
        terminal.wait_for("online")
        with on_terminal(tmp_path, "owner-code") as second:
            assert second.wait_for_exit() == 1
            # Where the rows break depends on how long the name of the folder is.
            assert "another chat-server uses this data".replace(" ", "") in "".join(second.text.split())
        with call(terminal, "ana") as ana:
            ana.sendall(f"OWNER {code}\r\n".encode())
            hear(ana, " 381 ana ")


def test_when_the_terminal_is_closed_the_server_ends(tmp_path):
    with on_terminal(tmp_path) as terminal:
        terminal.wait_for("online")
        os.close(terminal._master)
        terminal._master = os.open(os.devnull, os.O_RDWR)
        assert terminal.process.wait(60) in (0, 1, -signal.SIGHUP)


def test_a_terminal_that_does_not_read_holds_nobody_up(console):
    with call(console, "ana") as ana, call(console, "bruno") as bruno:
        console.wait_for("bruno joined")
        hear(bruno, " 366 bruno #lobby ")
        for number in range(60):  # each picture anew: far more than a terminal holds that nobody looks at
            console.type(CTRL_L)
            text = hashlib.sha512(b"%d" % number).hexdigest() * 3
            ana.sendall(f"PRIVMSG #lobby :{number} {text}\r\nPING {number}x\r\n".encode())
            hear(bruno, f"PRIVMSG #lobby :{number} ")
            hear(ana, f" :{number}x\r\n")
        console.wait_for("59 ")

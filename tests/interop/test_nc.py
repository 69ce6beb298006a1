"""Callers who bring no client: nc with IRC or with prose, a browser, a TLS hello, and garbage."""

from __future__ import annotations

import contextlib
import socket
import subprocess

import pytest

pytestmark = pytest.mark.timeout(300)

#: How a TLS 1.2 client begins: a handshake record with a ClientHello, cut short.
TLS_HELLO = bytes.fromhex("16030100a5010000a10303") + bytes(32)


@pytest.fixture
def ana(house):
    return house.client("Ana")


@pytest.fixture
def typist(here, house):
    """Somebody who sits before nc."""
    return here.open("nc", ["nc", "localhost", str(house.port)])


def call(house, data, *flags):
    """Pipe ``data`` through nc; what came back."""
    command = ["nc", "-w", "5", *flags, "localhost", str(house.port)]
    return subprocess.run(command, input=data, capture_output=True, timeout=60).stdout


def test_irc_typed_by_hand(house, ana, typist):
    typist.say("NICK Zé")
    typist.say("USER ze 0 * :Zé da Silva")
    typist.wait_for("001 Zé :Welcome")
    typist.say("join #lobby")
    ana.wait_for("Zé joined")

    typist.say("privmsg #lobby :olá do nc ç 🎉")
    ana.wait_for("<Zé> olá do nc ç 🎉")
    ana.say("olá, Zé!")
    typist.wait_for("PRIVMSG #lobby :olá, Zé!")

    typist.say("QUIT :fui")
    typist.wait_for("ERROR :Closing link")
    ana.wait_for("Zé went offline (fui)")


def test_prose_typed_by_hand(ana, typist):
    typist.wait_for("What is your name?")  # said to who waits
    typist.say("Zé")
    ana.wait_for("Zé joined")
    typist.say("olá, gente ç 🎉")
    ana.wait_for("<Zé> olá, gente ç 🎉")
    ana.say("oi, Zé!")
    typist.wait_for("<Ana> oi, Zé!")

    typist.say("sair")

    ana.wait_for("Zé went offline")


def test_who_only_says_something_is_heard(house, ana):
    answer = call(house, "aviso do cron ✓\n".encode(), "-N")

    ana.wait_for("aviso do cron ✓")
    assert "aviso do cron ✓".encode() in answer


@pytest.mark.parametrize(
    "request_head",
    [
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 44\r\n\r\n"
        "NICK evil\r\nUSER e 0 * :e\r\nJOIN #lobby\r\nPRIVMSG #lobby :spam\r\n",
    ],
)
def test_a_browser_is_answered_in_its_language_and_reaches_nobody(house, ana, request_head):
    answer = call(house, request_head.encode())

    assert answer.startswith(b"HTTP/1.1 ")
    assert b"This is a chat server" in answer
    assert "evil" not in ana.text()
    ana.say("tudo em paz")
    ana.wait_for("<Ana> tudo em paz")
    assert "evil" not in house.screen.text()


@pytest.mark.parametrize(
    "garbage",
    [
        TLS_HELLO,
        b"SSH-2.0-OpenSSH_9.2\r\n",
        bytes(range(256)) * 40,
        b"\r\n" * 500,
        b"\0" * 4096,
        b"A" * (1 << 20),
        b"NICK \xff\xfe\r\nUSER \xc3 0 * :\xe2\x82\r\n\x1b[2J\x1b]0;pwned\x07\r\n",
    ],
    ids=["tls", "ssh", "every byte", "empty lines", "nul", "a long line", "bad utf-8"],
)
def test_garbage_disturbs_nobody(house, ana, garbage):
    caller = socket.create_connection(("localhost", house.port), timeout=60)
    with caller, contextlib.suppress(OSError):  # it is hung up on
        caller.sendall(garbage)
        caller.shutdown(socket.SHUT_WR)
        while caller.recv(1 << 16):
            pass

    ana.say("ainda aqui ✓")
    text = ana.wait_for("<Ana> ainda aqui ✓")
    assert "guest" not in text
    assert "Traceback" not in house.screen.text()
    assert "pwned" not in house.screen.title()
    assert house.screen.is_running

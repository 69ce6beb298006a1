"""Programs as they are written in a first course on sockets chat here unchanged, beside people with IRC."""

from __future__ import annotations

import random
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from system.server_process import ServerProcess
from system.talker import PATIENCE, Talker

pytestmark = pytest.mark.slow

PAGE = (Path(__file__).parents[2] / "docs" / "plain.md").read_text("utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with ServerProcess(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def bruno(server):
    """Somebody with an IRC client in the room where all land."""
    with Talker(server.address, "bruno", "echo-message") as bruno:
        bruno.join("#lobby")
        yield bruno
        bruno.say("QUIT")
        bruno.waits_for("ERROR")


def call(server):
    return socket.create_connection(server.address, timeout=PATIENCE)


def examples(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def with_address(text, server):
    host, port = server.address
    return text.replace("localhost", host).replace("12345", str(port))


def hears_until(connection, part):
    """What comes until ``part`` is in it."""
    heard = ""
    while part not in heard:
        data = connection.recv(4096)
        assert data, heard
        heard += data.decode(errors="replace")
    return heard


def test_in_turn_without_line_ends(server, bruno):
    with call(server) as ana:
        ana.sendall(b"Ana")
        assert "Welcome, Ana!" in ana.recv(1024).decode()
        bruno.waits_for(":Ana!")
        for number in range(10):
            ana.sendall(f"olá {number}".encode())
            assert f"<Ana> olá {number}\r\n" in ana.recv(1024).decode()
            assert bruno.waits_for("PRIVMSG").endswith(f" PRIVMSG #lobby :olá {number}")
        bruno.say("PRIVMSG #lobby :olá, Ana")
        hears_until(ana, "<bruno> olá, Ana")
        ana.sendall(b"sair")
        assert ana.recv(1024).decode().endswith("-- Goodbye!\r\n")
        assert ana.recv(1024) == b""


def test_names_are_exchanged_first(server, bruno):
    with call(server) as client:
        client.sendall("Zé\n".encode())
        heard = client.recv(1024).decode()
        assert "Welcome, Zé!" in heard
        assert "bruno" in heard


def test_an_echo(server):
    with call(server) as client:
        client.sendall(b"Eco")
        client.recv(4096)
        for text in ("a", "b" * 300, "ç 🎉"):
            client.sendall(text.encode())
            assert client.recv(1024).decode().endswith(f"<Eco> {text}\r\n")


def test_a_console_of_windows(server, bruno):
    with call(server) as client:
        client.sendall("José\r\n".encode("cp1252"))
        assert "Welcome, José!" in client.recv(1024).decode()
        client.sendall("informação\r\n".encode("cp1252"))
        assert "<José> informação" in client.recv(1024).decode()
        assert bruno.waits_for("PRIVMSG").endswith(":informação")


def test_a_message_first_and_no_name(server, bruno):
    with call(server) as client:
        client.sendall("olá, tudo bem?".encode())
        assert "<guest1> olá, tudo bem?" in hears_until(client, "tudo bem?")
        assert bruno.waits_for("PRIVMSG").endswith(":olá, tudo bem?")


def test_the_example_that_sends_and_waits(server, bruno):
    program = with_address(examples("python")[0], server)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=True)
    heard = done.stdout.decode("utf-8", "replace")
    assert re.search(r"Welcome, Ana!.*<Ana> olá\r?\n.*<Ana> tudo bem\?\r?\n-- Goodbye!", heard, re.DOTALL)
    assert bruno.waits_for("PRIVMSG").endswith(":olá")
    assert bruno.waits_for("PRIVMSG").endswith(":tudo bem?")


def test_the_example_that_reads_while_it_writes(server, bruno):
    program = with_address(examples("python")[1], server)
    typed = "Ana\n/me waves\nolá\n".encode()
    done = subprocess.run(
        [sys.executable, "-c", program], input=typed, capture_output=True, timeout=60, check=True
    )
    heard = done.stdout.decode("utf-8", "replace")
    assert re.search(r"\* Ana waves\r?\n.*<Ana> olá\r?\n-- Goodbye!", heard, re.DOTALL)
    assert bruno.waits_for("PRIVMSG").endswith("\x01ACTION waves\x01")
    assert bruno.waits_for("PRIVMSG").endswith(":olá")


@pytest.mark.skipif(shutil.which("nc") is None, reason="there is no nc here")
def test_the_example_with_nc(server, bruno):
    (line,) = examples("sh")
    done = subprocess.run(["sh", "-c", with_address(line, server)], capture_output=True, timeout=60)
    heard = done.stdout.decode()
    assert "<Ana> the backup is done\r\n-- Goodbye!\r\n" in heard
    assert bruno.waits_for("PRIVMSG").endswith(":the backup is done")


def test_the_table_of_the_page_is_that_of_the_program(server):
    with call(server) as client:
        client.sendall(b"Ana\n/help\n")
        told = re.findall(r"-- (/\w+[^:\r]*): ", hears_until(client, "//word"))
    assert told == re.findall(r"^\| `(/[a-z]+[^`]*)` \|", PAGE, re.MULTILINE)


def test_fifty_who_are_silent_or_garbage_disturb_nobody(server, bruno):
    dice = random.Random(5)
    crowd = [call(server) for _ in range(50)]
    try:
        for number, caller in enumerate(crowd):
            if number % 5 == 1:
                caller.sendall(dice.randbytes(200))
            elif number % 5 == 2:
                caller.sendall(b"\x16\x03\x01\x00")
            elif number % 5 == 3:
                caller.sendall(dice.randbytes(1) + b"\0" * 700)
            elif number % 5 == 4:
                caller.sendall(b"\r\n" * dice.randrange(400))
        with call(server) as ana, call(server) as telnet:
            ana.sendall(b"Ana")
            hears_until(ana, "Here in")
            telnet.sendall(b"\xff\xfb\x1f\xff\xfd\x03Caio\r\n")
            hears_until(telnet, "Welcome, Caio!")
            for number in range(10):
                ana.sendall(f"a {number}".encode())
                hears_until(ana, f"<Ana> a {number}\r\n")
                telnet.sendall(f"c {number}\r\n".encode())
                hears_until(ana, f"<Caio> c {number}\r\n")
                bruno.waits_for(f"PRIVMSG #lobby :a {number}")
                bruno.waits_for(f"PRIVMSG #lobby :c {number}")
    finally:
        for caller in crowd:
            caller.close()
    assert server.is_running
    assert "Traceback" not in server.log()

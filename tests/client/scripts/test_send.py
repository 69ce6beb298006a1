"""``chat-client send``: what is said, when it counts as said, and the exit code."""

from __future__ import annotations

import subprocess
import sys

import pytest
from client.scripts.program import Moody, chat_client

from chatapp import cli
from chatapp.client import command_line
from chatapp.client.saved import Loaded
from chatapp.client.settings import ServerEntry, Settings


@pytest.fixture
def server():
    with Moody() as server:
        yield server


@pytest.fixture
def send(monkeypatch, server):
    def send(*arguments, **more):
        return chat_client(monkeypatch, server.port, "send", *arguments, **more)

    return send


def test_words_of_the_command_line_are_one_message(server, send, capfd):
    assert send("#ops", "deploy", "done") == 0
    assert server.said == [("Bot", "#ops", "deploy done")]
    assert capfd.readouterr() == ("", "")


def test_whoever_speaks_under_another_name_is_told(server, send, capfd):
    server.taken = {"Bot"}
    assert send("#ops", "done") == 0
    assert server.said == [("Bot_", "#ops", "done")]
    assert capfd.readouterr() == ("", "Bot cannot be had here, so this is said as Bot_.\n")


def test_each_line_of_the_input_is_a_message(server, send):
    assert send("#ops", said="um\r\n\ndois: ação\nlast".encode()) == 0
    assert [text for _nick, _room, text in server.said] == ["um", "dois: ação", "last"]


def test_many_lines_are_all_said_in_order(server, send):
    lines = [f"line {number}" for number in range(350)]
    assert send("#ops", said="\n".join(lines).encode()) == 0
    assert [text for _nick, _room, text in server.said] == lines


def test_no_input_is_nothing_to_say_and_no_failure(server, send):
    assert send("#ops") == 0
    assert server.said == []


def test_a_line_is_never_a_command(server, send):
    assert send("#ops", "/quit") == 0
    assert server.said == [("Bot", "#ops", "/quit")]


def test_to_a_person(server, send):
    assert send("carla", "hello") == 0
    assert server.said == [("Bot", "carla", "hello")]


def test_blank_words_are_a_mistake(server, send, capsys):
    assert send("#ops", " ") == 2
    assert capsys.readouterr().err == "There is nothing to say.\n"
    assert server.said == []


def test_a_room_that_does_not_let_us_in(server, send, capsys):
    server.closed_rooms = {"#ops"}
    assert send("#ops", "hello") == 1
    assert server.said == []
    assert "invit" in capsys.readouterr().err


def test_a_message_that_is_refused(server, send, capsys):
    server.refused = {"two"}
    assert send("#ops", said=b"one\ntwo\n") == 1
    assert ("Bot", "#ops", "one") in server.said
    assert capsys.readouterr().err


def test_a_message_whose_connection_is_cut_is_said_once_or_it_is_told_that_nobody_knows(server, send, capsys):
    server.cut_at = {"two"}
    code = send("#ops", said=b"one\ntwo\nthree\n")
    texts = [text for _nick, _room, text in server.said]
    assert texts.count("one") == 1
    assert texts.count("two") <= 1
    # This server has no history: what was on its way may have arrived, and is not sent twice.
    assert code == 1
    assert "not known whether" in capsys.readouterr().err


@pytest.mark.slow
def test_nobody_there(monkeypatch, server, capsys):
    server.down()
    assert chat_client(monkeypatch, server.port, "send", "#ops", "hi", "--timeout", "1.5") == 3
    err = capsys.readouterr().err
    assert "There is no server at 127.0.0.1" in err
    assert "no connection" in err


@pytest.mark.slow
def test_a_server_that_does_not_answer(server, send, capsys):
    server._on_privmsg = lambda _writer, _line: None
    assert send("#ops", "hi", "--timeout", "1.5") == 4
    assert "not answered in time" in capsys.readouterr().err


def test_a_server_of_the_settings_by_its_name(monkeypatch, server):
    entry = ServerEntry(name="work", host="127.0.0.1", port=server.port, tls="off", nick="deployer")
    settings = Settings(servers=(entry,))
    monkeypatch.setattr(command_line, "settings", lambda: Loaded(settings, ("a mistake",)))
    assert cli.client(["send", "--host", "work", "#ops", "hi"]) == 0
    assert server.said == [("deployer", "#ops", "hi")]


def test_an_account_that_is_not_ours_says_nothing_in_another_s_name(monkeypatch, server, send, capsys):
    monkeypatch.setenv("CHATAPP_ACCOUNT_PASSWORD", "s3gredo")
    assert send("#ops", "hi", "--account", "ana") == 1
    assert server.said == []
    assert "Not logged in" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no room", "x"],
        ["#a,#b", "x"],
        ["", "x"],
        ["#ops", "x", "--timeout", "0"],
        ["#ops", "x", "--room", "#tea"],
    ],
)
def test_what_is_typed_wrongly(send, arguments, capsys):
    with pytest.raises(SystemExit) as end:
        send(*arguments)
    assert end.value.code == 2
    assert "chat-client send" in capsys.readouterr().err


@pytest.mark.slow
def test_the_real_program_needs_no_terminal(server):
    where = ["--host", "127.0.0.1", "--port", str(server.port), "--no-tls"]
    done = subprocess.run(
        [sys.executable, "-m", "chatapp", "client", "send", "#ops", "--name", "Bot", *where],
        input=b"one\ntwo\n",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert [text for _nick, _room, text in server.said] == ["one", "two"]


def test_an_account_without_a_password_is_told_before_anything_is_said(server, send, capsys):
    assert send("#ops", "hi", "--account", "ana") == 2
    assert capsys.readouterr().err == "There is no password for the account.\n"
    assert server.said == []


def test_words_may_stand_behind_the_flags(monkeypatch, server):
    assert chat_client(monkeypatch, server.port, "send", "#ops", "--notice", "two", "words") == 0
    assert server.said == [("Bot", "#ops", "two words")]

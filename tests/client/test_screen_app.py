"""How the program begins and ends: exit codes, sentences, the offer to start a server."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from chatapp.client import app, chat, failures
from chatapp.client.assembly import security_of
from chatapp.client.config import Launch
from chatapp.client.connection import NoServer
from chatapp.client.local_server import NotStarted, Started
from chatapp.client.model import Model
from chatapp.client.screen.input_line import InputLine
from chatapp.client.screen.picture import Manner
from chatapp.client.session import Session
from chatapp.client.settings import ServerEntry
from chatapp.client.trust import Distrusted, KeyChanged

HERE = Launch((ServerEntry(host="localhost", port=7777, nick="Ana"),))
THERE = Launch((ServerEntry(host="192.0.2.1", port=7777, nick="Ana"),))


class Stage:
    """Stands in for the chat, the keyboard and the server that could be started."""

    def __init__(self, monkeypatch, folder):
        self.ends = []
        self.words = []
        self.settings = []
        self.asked = []
        self.answer = ""
        self.starts = Started(4711, folder / "server.log")
        monkeypatch.setattr(app, "has_terminal", lambda: True)
        monkeypatch.setattr(app, "data_dir", lambda: folder)
        monkeypatch.setattr(failures, "data_dir", lambda: folder)
        monkeypatch.setattr(app, "chat", self.chat)
        monkeypatch.setattr(app, "start_server", self.start_server)
        monkeypatch.setattr("builtins.input", self.input)

    async def chat(self, settings, words=""):
        self.settings.append(settings)
        self.words.append(words)
        if self.ends and (end := self.ends.pop(0)) is not None:
            raise end

    async def start_server(self, host, port, log):
        if isinstance(self.starts, Exception):
            raise self.starts
        return self.starts

    def input(self, question):
        self.asked.append(question)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


NEW_KEY = "8370ebde" + "0" * 56
CHANGED = KeyChanged("localhost:7777", "37bb1da8" + "0" * 56, NEW_KEY)


def test_a_new_key_is_taken_by_who_types_its_beginning(stage, capsys):
    stage.ends = [CHANGED, None]
    stage.answer = " 8370 "

    assert app.run(HERE) == 0

    assert stage.settings[-1].server.tls_fingerprint == NEW_KEY
    assert "The key of localhost:7777 has changed" in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["", "y", "37bb", "837", EOFError()])
def test_a_new_key_is_not_taken_for_less(stage, capsys, answer):
    stage.ends = [CHANGED]
    stage.answer = answer

    assert app.run(HERE) == 1

    assert len(stage.settings) == 1
    assert "has changed" in capsys.readouterr().out


def test_where_nobody_can_be_asked_a_new_key_is_refused(stage, capsys, monkeypatch):
    stage.ends = [CHANGED]
    monkeypatch.setattr(app, "has_terminal", lambda: False)

    assert app.run(replace(HERE, linear=True)) == 1

    assert stage.asked == []
    assert "has changed" in capsys.readouterr().err


def test_leaving_is_one_line_and_0(stage, capsys):
    assert app.run(HERE) == 0
    assert capsys.readouterr() == ("You have left localhost.\n", "")


def test_a_failure_is_one_sentence_and_1_with_the_details_in_the_log(stage, capsys, tmp_path):
    stage.ends = [RuntimeError("boom \x1b[2J")]
    assert app.run(HERE) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "boom" in err
    assert "\x1b" not in err
    assert "Traceback" not in err
    log = Path(tmp_path / "client.log").read_text("utf-8")
    assert "Traceback" in log
    assert "RuntimeError: boom" in log


def test_a_log_that_cannot_be_written_is_no_second_failure(stage, capsys, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(failures, "data_dir", lambda: tmp_path / "file" / "inside")
    stage.ends = [RuntimeError("boom")]
    assert app.run(HERE) == 1
    assert "boom" in capsys.readouterr().err


def test_nobody_far_away_is_a_sentence_and_the_command(stage, capsys):
    stage.ends = [NoServer("There is no server at 192.0.2.1:7777.")]
    assert app.run(THERE) == 1
    assert stage.asked == []
    out = capsys.readouterr().out
    assert out.startswith("There is no server at 192.0.2.1:7777.\n")
    assert "chat-server --port 7777" in out


def test_a_server_that_is_not_trusted_is_said_and_none_is_offered(stage, capsys):
    stage.ends = [Distrusted("The key has changed.\nAsk its operator.")]
    assert app.run(HERE) == 1
    assert stage.asked == []
    assert capsys.readouterr() == ("", "The key has changed.\nAsk its operator.\n")


@pytest.mark.parametrize("answer", ["", "y", "Yes", "s", "sim"])
def test_the_offer_taken(stage, capsys, answer):
    stage.ends = [NoServer("There is no server."), None]
    stage.answer = answer
    assert app.run(HERE) == 0
    assert "4711" in stage.words[1]
    assert "server.log" in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["n", "no", "later", EOFError()])
def test_the_offer_declined(stage, answer):
    stage.ends = [NoServer("There is no server.")]
    stage.answer = answer
    assert app.run(HERE) == 1
    assert len(stage.words) == 1


def test_control_c_at_the_offer(stage, capsys):
    stage.ends = [NoServer("There is no server.")]
    stage.answer = KeyboardInterrupt()
    assert app.run(HERE) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_server_that_does_not_start(stage, capsys):
    stage.ends = [NoServer("There is no server.")]
    stage.starts = NotStarted("server.log")
    assert app.run(HERE) == 1
    assert "It did not start" in capsys.readouterr().out


class Door:
    """A screen that only notes how it was closed."""

    def __init__(self):
        self.closed = []

    def close(self, error=None):
        self.closed.append(error)


def test_what_breaks_in_a_callback_closes_the_screen(stage, tmp_path):
    async def break_something():
        door = Door()
        with chat.signals(door):
            error = RuntimeError("in a callback")

            def callback():
                raise error

            asyncio.get_running_loop().call_soon(callback)
            await asyncio.sleep(0)
            asyncio.get_running_loop().call_exception_handler({"message": "only a word"})
        return door.closed, error

    closed, error = asyncio.run(break_something())
    assert closed == [error]
    assert "only a word" in (tmp_path / "client.log").read_text("utf-8")


class Impostor:
    """A connection to a server whose key has changed, at once or after a while."""

    def __init__(self, was_ever_welcome):
        self.was_ever_welcome = was_ever_welcome
        self.runs = 0

    async def run(self, *, gives_up=True):
        self.runs += 1
        raise Distrusted("The key has changed.\nAsk its operator.")


class Nobody:
    """A connection that finds no server."""

    was_ever_welcome = False

    def __init__(self):
        self.asked = []

    async def run(self, *, gives_up=True):
        self.asked.append(gives_up)
        if gives_up:
            raise NoServer("There is no server.")


class Sitting:
    """A person who has typed, or not."""

    def __init__(self, text):
        line = InputLine(Model("Ana", "there"), Manner(), lambda _text: None)
        line.paste(text)
        self.is_idle = line.is_empty


def stay(connection, text):
    session = Session(Model("Ana", "there"), "Ana", now=lambda: 0.0, rooms=["#lobby"])
    asyncio.run(chat.stay_connected(connection, session, Sitting(text)))
    return session


def test_where_nobody_ever_was_the_screen_ends_unless_one_is_typing():
    with pytest.raises(NoServer):
        stay(Nobody(), "")
    waiting = Nobody()
    stay(waiting, "half a line")
    assert waiting.asked == [True, False]


@pytest.mark.parametrize(("was_in", "text"), [(True, ""), (True, "half a line"), (False, "half a line")])
def test_a_key_that_changes_is_told_on_the_screen_once_and_what_is_typed_stays(was_in, text):
    impostor = Impostor(was_in)
    session = stay(impostor, text)
    assert [entry.text for entry in session.model.current.entries] == [
        "The key has changed.",
        "Ask its operator.",
    ]
    assert impostor.runs == 1


def test_a_key_that_has_changed_before_anything_was_typed_ends_the_client():
    with pytest.raises(Distrusted):
        stay(Impostor(False), "")


@pytest.mark.parametrize(
    ("server", "is_secured"),
    [
        (HERE.server, True),
        (ServerEntry(host="/run/chat.sock"), False),
        (ServerEntry(host="localhost", udp=True), False),
    ],
)
def test_where_there_is_tls_at_all(server, is_secured):
    assert (security_of(server) is not None) is is_secured

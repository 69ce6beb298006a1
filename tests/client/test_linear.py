"""The client without a screen: a session in a pipe, and its report."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys

import pytest
from client.fake_server import Talk
from client.small_server import SmallServer
from ports import free_port

from chatapp.client.inspector.recorder import Direction, Recorder
from chatapp.client.screen.linear import LinearScreen

#: Where a program looks for what is its user's.
_HOMES = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")


class Clock:
    """A tenth of a second passes at each look."""

    def __init__(self):
        self.time = 0.0

    def __call__(self):
        self.time += 0.1
        return self.time


class Person(io.BytesIO):
    """Input from somebody at a terminal."""

    def isatty(self):
        return True


class Closed(io.StringIO):
    """A pipe that nobody reads any more."""

    def write(self, text):
        raise BrokenPipeError


def sit(talk, source, paper=None):
    """Serve ``source`` until it ends; what was printed."""
    paper = io.StringIO() if paper is None else paper

    async def run():
        recorder = Recorder(lambda: 0.0)
        recorder.saw(Direction.SENT, b"NICK Ana\r\n")
        screen = LinearScreen(talk.model, talk.session, recorder, Clock(), source, paper, inspecting=True)
        serving = asyncio.ensure_future(screen.run())
        while not serving.done():
            talk.settle()
            await asyncio.sleep(0)
        await serving

    asyncio.run(run())
    return paper.getvalue()


@pytest.fixture
def talk():
    return Talk().connect()


def test_every_line_of_the_input_is_said_in_order(talk):
    sit(talk, io.BytesIO("olá\r\n\n/me waves\nnão\nlast".encode()))
    assert talk.server.texts("#lobby") == ["olá", "\x01ACTION waves\x01", "não", "last"]
    assert talk.session.speaking.outbox.unsent() == 0


def test_input_that_is_no_utf8_is_rescued(talk):
    sit(talk, io.BytesIO("ação\n".encode("cp1252")))
    assert talk.server.texts("#lobby") == ["ação"]


def test_each_line_is_settled_before_the_next(talk):
    sit(talk, io.BytesIO(b"one\n/join #tea\ntwo\n"))
    assert talk.server.texts("#lobby") == ["one"]
    assert talk.server.texts("#tea") == ["two"]


def test_quit_ends_before_the_rest_of_the_input(talk):
    sit(talk, io.BytesIO(b"one\nsair\ntwo\n"))
    assert talk.server.texts("#lobby") == ["one"]
    assert talk.session.is_quitting


def test_a_person_is_not_made_to_wait(talk):
    talk.cut()
    sit(talk, Person(b"kept\n/nothing\n"))
    assert talk.session.speaking.outbox.unsent() == 1


def test_the_report_begins_with_what_was_there_already(talk):
    text = sit(talk, io.BytesIO(b""))
    assert text.startswith("Every line between Ana and ")
    assert "→ sent · 0.000 s · 10 bytes\n  NICK Ana\n" in text
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_words_of_the_client_are_in_it(talk):
    text = sit(talk, io.BytesIO(b"/nothing\n"))
    assert "! There is no /nothing." in text


def test_a_pipe_that_is_closed_ends_it(talk):
    with pytest.raises(BrokenPipeError):
        sit(talk, Person(b""), Closed())


def test_what_is_done_to_a_message_is_said(talk):
    def deeds():
        (said,) = [each for each in talk.server.history["#lobby"] if each.command == "PRIVMSG"]
        talk.hears(
            f"@+draft/reply=m{said.stamp};+draft/react=:D :bob!b@there TAGMSG #lobby",
            f":bob!b@there REDACT #lobby m{said.stamp}",
        )
        yield

    talk.types("the tea is ready")
    paper, done = io.StringIO(), deeds()

    async def run():
        screen = LinearScreen(talk.model, talk.session, Recorder(lambda: 0.0), Clock(), Person(b""), paper)
        serving = asyncio.ensure_future(screen.run())
        await asyncio.sleep(0)
        next(done)
        await serving

    asyncio.run(run())
    lines = paper.getvalue().splitlines()
    assert "bob reacts with :D: the tea is ready" in lines
    assert "bob has deleted a message of Ana" in lines


def test_what_a_search_finds_is_read_out(talk):
    talk.types("the tea is ready")
    talk.types("nothing else")
    paper = io.StringIO()

    async def run():
        screen = LinearScreen(talk.model, talk.session, Recorder(lambda: 0.0), Clock(), Person(b""), paper)
        serving = asyncio.ensure_future(screen.run())
        await asyncio.sleep(0)
        talk.session.submit("/search tea")
        await serving

    asyncio.run(run())
    text = paper.getvalue()
    title = text.index("1 message with tea")
    assert "Only what is loaded here was looked through" in text
    assert "#lobby, you: the tea is ready" in text[title:]


# The real program


def run(port, folder, said, *arguments):
    where = ["--host", "127.0.0.1", "--port", str(port), "--name", "Ana"]
    return subprocess.run(
        [sys.executable, "-m", "chatapp", "client", *where, "--inspect", "--linear", *arguments],
        input=said,
        capture_output=True,
        timeout=60,
        env={**os.environ, "LANGUAGE": "en", **dict.fromkeys(_HOMES, str(folder))},
        check=False,
    )


@pytest.mark.slow
def test_a_session_in_a_pipe_gives_a_full_report(tmp_path):
    with SmallServer() as server:
        done = run(server.port, tmp_path, "olá 👋\n".encode(), "--password", "s3gredo")
        assert server.said == [("Ana", "#lobby", "olá 👋")]
    report = done.stdout.decode()
    assert done.stderr == b""
    assert done.returncode == 0
    sent = report.index("PRIVMSG #lobby :olá 👋")
    echoed = report.index("PRIVMSG #lobby :olá 👋", report.index("← received", sent))
    assert report.index("JOIN #lobby") < sent < echoed < report.index("\n  QUIT\n")
    assert "\n  PASS *******\n" in report
    assert "s3gredo" not in report
    assert "U+1F44B = F0 9F 91 8B · WAVING HAND SIGN" in report
    assert report.count("\n  QUIT\n") == 1
    assert "\x1b" not in report


@pytest.mark.slow
def test_nobody_there_is_a_sentence_and_1(tmp_path):
    done = run(free_port(), tmp_path, b"hello\n")
    assert done.returncode == 1
    assert b"There is no server at 127.0.0.1" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a shell with head")
def test_a_reader_who_has_enough_ends_it_quietly(tmp_path):
    with SmallServer() as server:
        command = (
            f"echo oi | {sys.executable} -m chatapp client --host 127.0.0.1 --port {server.port} "
            "--name Ana --inspect --linear | head -3"
        )
        done = subprocess.run(
            ["sh", "-c", command],
            capture_output=True,
            timeout=60,
            env={**os.environ, "LANGUAGE": "en", "HOME": str(tmp_path)},
            check=False,
        )
    assert done.stdout.count(b"\n") == 3
    assert done.stderr == b""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such terminal")
@pytest.mark.parametrize("kind", ["xterm-256color", "dumb"])
def test_a_person_at_plain_lines_keeps_what_is_half_typed(tmp_path, kind):
    from client.terminal import Terminal

    with SmallServer() as server:
        where = ["client", "--host", "127.0.0.1", "--port", str(server.port), "--no-tls", "--name", "Ana"]
        linear = [] if kind == "dumb" else ["--linear"]
        homes = {**dict.fromkeys(_HOMES, str(tmp_path)), "TERM": kind}
        with Terminal([*where, *linear], environment=homes) as terminal:
            terminal.wait_for("Now in #lobby.")
            terminal.wait_for("Ana joined")
            terminal.type("half")
            terminal.wait_for("#lobby: half")
            server.say("bob", "#lobby", "in between")
            if kind != "dumb":
                terminal.wait_for("bob: in between")
                terminal.wait_for(lambda: terminal.input_row == "#lobby: half")
            server.say("bob", "Ana", "psst")
            terminal.wait_for(lambda: b"\a" in terminal.raw)
            terminal.type("\x1a ty")
            terminal.wait_for("#lobby: half ty")
            terminal.type("ped\r")
            terminal.wait_for("you: half typed")
            terminal.wait_for("bob: in between")
            server.down()
            terminal.wait_for("The connection is lost")
            terminal.type("for later\r")
            terminal.wait_for("waits for the connection: for later")
            server.up()
            terminal.wait_for("you: for later")
            terminal.type("/quit\r")
            assert terminal.wait_for_exit() == 0
            assert terminal.is_as_before()
    assert [text for _nick, _room, text in server.said] == ["half typed", "for later"]
    if kind == "dumb":
        assert b"\x1b" not in terminal.raw


@pytest.mark.slow
def test_a_conversation_in_a_pipe_is_words(tmp_path):
    with SmallServer() as server:
        where = ["--host", "127.0.0.1", "--port", str(server.port), "--no-tls", "--name", "Ana"]
        done = subprocess.run(
            [sys.executable, "-m", "chatapp", "client", "--linear", *where],
            input=b"hello\n/me waves\n/nothing\n",
            capture_output=True,
            timeout=60,
            env={**os.environ, "LANGUAGE": "en", **dict.fromkeys(_HOMES, str(tmp_path))},
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")
    lines = [line[6:] if line[2:3] == ":" else line for line in done.stdout.decode().splitlines()]
    assert "you: hello" in lines
    assert "you waves" in lines
    assert any(line.startswith("error: There is no /nothing.") for line in lines)
    assert "\x1b" not in done.stdout.decode()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such terminal")
@pytest.mark.parametrize("flags", [[], ["--linear"]])
def test_a_terminal_that_goes_away_is_a_person_who_leaves(tmp_path, flags):
    from client.terminal import Terminal

    with SmallServer() as server:
        where = ["client", "--host", "127.0.0.1", "--port", str(server.port), "--no-tls", "--name", "Ana"]
        terminal = Terminal([*where, *flags], environment=dict.fromkeys(_HOMES, str(tmp_path)))
        terminal.wait_for("Ana joined")
        terminal.hang_up()
        assert terminal.process.wait(60) == 0
    assert not list(tmp_path.rglob("client.log"))

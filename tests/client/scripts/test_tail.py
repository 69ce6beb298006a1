"""``chat-client tail``: what was said, as lines for people and for programs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading

import pytest
from client.small_server import SmallServer

from chatapp.client.buffer import Entry, EntryKind
from chatapp.client.redaction import Deletion
from chatapp.client.scripts.tail import as_json, as_text, is_said

HOSTILE = "a\x1b]0;title\x07\u202eb\x9b2J"


def entry(text, kind=EntryKind.MESSAGE, nick="ana"):
    return Entry(kind, 1_800_000_000.5, text, nick, "m1")


def test_a_line_for_people():
    line = as_text(entry("olá"))
    assert line.endswith(":00 <ana> olá")
    assert as_text(entry("waves", EntryKind.ACTION)).endswith(" * ana waves")


def test_further_lines_of_a_message_are_indented():
    assert as_text(entry("one\ntwo")).splitlines()[1] == "    two"


def test_a_line_for_programs():
    assert json.loads(as_json(entry("olá\nyou"), "#ops")) == {
        "time": "2027-01-15T08:00:00.500Z",
        "msgid": "m1",
        "room": "#ops",
        "nick": "ana",
        "kind": "message",
        "text": "olá\nyou",
    }


def test_what_was_taken_back_is_not_printed():
    gone = entry("")
    assert is_said(gone)
    gone.deletion = Deletion("ana", "")
    assert not is_said(gone)


def test_an_answer_says_what_it_answers():
    answer = entry("yes")
    answer.reply_to = "m0"
    assert json.loads(as_json(answer, "#ops"))["reply_to"] == "m0"


@pytest.mark.parametrize("show", [as_text, lambda told: as_json(told, "#ops")])
def test_no_controls_reach_a_terminal(show):
    assert not set(show(entry(HOSTILE, nick=HOSTILE))) & set("\x1b\x07\x9b\u202e")


def test_a_program_gets_the_very_text():
    assert json.loads(as_json(entry(HOSTILE), "#ops"))["text"] == HOSTILE


class WithHistory(SmallServer):
    """Has 250 messages of #ops, which it gives in pages of 100."""

    def __init__(self):
        super().__init__()
        self.history = [f"old {number}" for number in range(250)]
        self.entered = threading.Semaphore(0)

    def _on_join(self, writer, line):
        super()._on_join(writer, line)
        self.entered.release()

    def _on_cap(self, writer, line):
        if line.param(0) == "LS":
            self._write(
                writer, ":small CAP * LS :message-tags batch server-time draft/chathistory labeled-response"
            )
        else:
            super()._on_cap(writer, line)

    def _on_chathistory(self, writer, line):
        subcommand, room, place, limit = line.params
        start, end = 0, len(self.history)
        if subcommand == "BEFORE":
            end = int(place.removeprefix("msgid=h"))
        elif subcommand == "AFTER":  # what was said live is no part of this history
            start = int(place.removeprefix("msgid=h")) + 1 if "=h" in place else 250
        start = max(start, end - int(limit))
        label = f"@label={line.tags['label']} " if "label" in line.tags else ""
        self._write(writer, f"{label}:small BATCH +b chathistory {room}")
        for number in range(start, end):
            time = f"2026-11-20T10:{number // 60:02}:{number % 60:02}.000Z"
            self._write(
                writer,
                f"@batch=b;msgid=h{number};time={time} :bob!b@there PRIVMSG {room} :{self.history[number]}",
            )
        self._write(writer, ":small BATCH -b")


@pytest.fixture
def server():
    with WithHistory() as server:
        yield server


def command(server, *arguments):
    where = ["--host", "127.0.0.1", "--port", str(server.port), "--no-tls", "--name", "Bot"]
    return [sys.executable, "-m", "chatapp", "client", "tail", *where, *arguments]


def texts(output):
    return [json.loads(line)["text"] for line in output.decode().splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("wanted", [0, 3, 230, 999])
def test_the_last_lines_oldest_first(server, wanted):
    done = subprocess.run(
        command(server, "#ops", "--json", "--lines", str(wanted)),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert texts(done.stdout) == (server.history[-wanted:] if wanted else [])


@pytest.mark.slow
def test_following_prints_each_message_as_it_comes_and_goes_on_after_a_cut(server):
    with subprocess.Popen(
        command(server, "#ops", "--follow", "--lines", "1", "--json"), stdout=subprocess.PIPE
    ) as tail:
        assert tail.stdout is not None
        seen = [json.loads(tail.stdout.readline())["text"]]
        server.say("ana", "#ops", "new one")
        seen.append(json.loads(tail.stdout.readline())["text"])
        assert server.entered.acquire(timeout=60)
        server.down()
        server.history.append("missed")
        server.up()
        assert server.entered.acquire(timeout=60)
        server.say("ana", "#ops", "after the cut")
        seen += [json.loads(tail.stdout.readline())["text"] for _time in range(2)]
        tail.send_signal(signal.SIGINT)
        assert tail.wait(60) == 130
    assert seen == ["old 249", "new one", "missed", "after the cut"]


@pytest.mark.slow
def test_a_reader_that_has_enough_ends_it_quietly(server):
    with subprocess.Popen(
        command(server, "#ops", "--lines", "200"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as tail:
        assert tail.stdout is not None
        assert tail.stderr is not None
        tail.stdout.readline()
        tail.stdout.close()
        assert tail.wait(60) == 0
        assert tail.stderr.read() == b""

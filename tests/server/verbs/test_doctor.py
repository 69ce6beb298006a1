"""chat-server doctor: one screen for a server that runs, one that does not, and one that cannot."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys

import pytest
from listeners.house import run
from server.examination.test_machine import a_disk  # noqa: F401  a fixture
from server.test_app import enter, serving
from server.verbs.calling import call

from chatapp.server.config import load
from chatapp.server.examination.finding import TOPICS


@pytest.fixture(autouse=True)
def a_good_machine(a_disk, monkeypatch):  # noqa: F811
    a_disk()
    monkeypatch.setenv("CHATAPP_LISTENER__HOST", "127.0.0.1")
    monkeypatch.setenv("CHATAPP_LISTENER__PORT", "0")
    monkeypatch.setattr("chatapp.server.examination.programs.sqlite_version", lambda: ("3.51.3", True))
    monkeypatch.setattr("chatapp.server.verbs.doctor.file_limit", lambda: 65536)


def rows(out):
    """Mark and topic of each finding."""
    return [(line[:4].strip(), line[6:18].strip()) for line in out.splitlines() if line[:4].strip() in MARKS]


MARKS = {"ok", "look", "fix"}


def test_a_machine_on_which_nothing_has_run_yet(tmp_path, capsys):
    data = tmp_path / "data"
    code, out, err = call(capsys, "doctor", "--data-dir", str(data))

    assert (code, err) == (0, "")
    assert {mark for mark, _topic in rows(out)} == {"ok"}
    assert out.endswith("\n\nAll is well.\n")
    assert "It does not run." in out
    assert max(len(line) for line in out.splitlines() if str(data) not in line) <= 80
    assert len(out.splitlines()) <= 40
    assert not data.exists()


def test_without_a_data_dir_it_looks_at_the_usual_place(tmp_path, capsys):
    _code, out, _err = call(capsys, "doctor")

    assert str(tmp_path / "home") in out.replace("\n", "").replace(" ", "")


def test_a_server_that_runs_and_then_does_not(tmp_path, capsys):
    data = tmp_path / "data"
    args = ("doctor", "--data-dir", str(data), "--json")

    async def scene():
        config = load(None, os.environ, {"server.data_dir": str(data)})
        async with serving(config) as app:
            peer = await enter(app, "ana", "JOIN #tea", "PRIVMSG #tea :hi")
            answers.append(await asyncio.to_thread(call, capsys, *args))
            peer.writer.close()

    answers = []
    run(scene, None)
    (code, out, err), stopped = answers[0], call(capsys, *args)
    found = json.loads(out)
    assert (code, err, found["fix"]) == (0, "", False)
    texts = {each["topic"]: each["text"] for each in reversed(found["findings"])}
    assert f"process {os.getpid()}" in texts["server"]
    assert "1 person here, 127.0.0.1 port " in texts["server"]
    assert texts["history"].startswith("2 messages, 1 room, 0 accounts: ")
    assert texts["certificate"].startswith("The server's own, good until ")
    assert texts["backup"] == "None is known that chat-server backup made."
    assert texts.keys() == TOPICS.keys()
    assert not any("other settings" in each["text"] for each in found["findings"])
    assert json.loads(stopped[1])["findings"][0]["text"] == "It does not run."


def test_a_backup_that_was_made_is_known(tmp_path, capsys):
    data = ("--data-dir", str(tmp_path / "data"))
    assert call(capsys, "owner-code", *data)[0] == 0
    assert "None is known that chat-server backup made." in call(capsys, "doctor", *data)[1]
    assert call(capsys, "backup", *data, "--to", str(tmp_path / "copy.tar.gz"))[0] == 0

    _code, out, _err = call(capsys, "doctor", *data, "--json")
    (text,) = (each["text"] for each in json.loads(out)["findings"] if each["topic"] == "backup")
    assert text.endswith(f": {tmp_path / 'copy.tar.gz'}.")


def test_a_server_with_other_settings(tmp_path, capsys, monkeypatch):
    data = tmp_path / "data"

    async def scene():
        config = load(None, os.environ, {"server.data_dir": str(data), "server.public": "true"})
        async with serving(config):
            answers.append(await asyncio.to_thread(call, capsys, "doctor", "--data-dir", str(data)))

    answers = []
    run(scene, None)
    ((code, out, _err),) = answers
    assert code == 0
    assert "It goes by other settings than these." in out


def test_something_to_fix_has_an_exit_code_of_its_own(tmp_path, capsys, monkeypatch):
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("CHATAPP_LISTENER__TLS_CERTIFICATE", str(tmp_path / "none.pem"))
    code, out, _err = call(capsys, "doctor", "--data-dir", str(file))

    assert code == 1
    assert [topic for mark, topic in rows(out) if mark == "fix"] == ["certificate", "data"]
    assert out.endswith("2 things to fix.\n")


def test_a_log_that_cannot_be_written_is_to_fix(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("CHATAPP_LOG__TO", str(tmp_path / "none" / "chat.log"))
    code, out, _err = call(capsys, "doctor", "--data-dir", str(tmp_path / "data"))

    assert code == 1
    assert "The log cannot be written to" in out


def test_a_port_that_another_program_has(tmp_path, capsys, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("CHATAPP_LISTENER__PORT", str(other.getsockname()[1]))
        monkeypatch.setenv("CHATAPP_METRICS__PORT", str(other.getsockname()[1]))
        code, out, _err = call(capsys, "doctor", "--data-dir", str(tmp_path / "data"))

    assert (code, [topic for mark, topic in rows(out) if mark == "fix"]) == (1, ["", ""])
    assert " ".join(out.split()).count("the port is in use") == 2


def test_mistaken_settings_are_told_as_at_the_start(capsys, monkeypatch):
    monkeypatch.setenv("CHATAPP_LISTENER__PORT", "http")

    assert call(capsys, "doctor") == (
        2,
        "",
        "CHATAPP_LISTENER__PORT: [listener] port: expected a whole number, 0 to 65535; found 'http'\n",
    )


def test_nothing_is_kept(capsys):
    code, out, _err = call(capsys, "doctor", "--data-dir", ":memory:")

    assert code == 0
    topics = [topic for _mark, topic in rows(out)]
    assert "Nothing is kept: data_dir is :memory:" in out
    assert not {"disk", "history", "backup", "server"} & set(topics)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="head is Unix's")
def test_who_reads_only_the_first_line_is_told_no_more(tmp_path):
    words = f"exec 2>&1; {sys.executable} -m chatapp server doctor --data-dir {tmp_path / 'data'} | head -1"
    told = subprocess.run(["/bin/sh", "-c", words], capture_output=True, text=True, check=True).stdout

    assert told.count("\n") == 1

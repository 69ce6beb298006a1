"""What needs a real terminal: bell, notices, focus, links, background, the own editor (Unix only)."""

from __future__ import annotations

import sys

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

from client.small_server import SmallServer
from client.terminal import Terminal

pytestmark = pytest.mark.slow

ENTER, FOCUS_IN, FOCUS_OUT = "\r", "\x1b[I", "\x1b[O"
CTRL_X_CTRL_E, CTRL_C, CTRL_D = "\x18\x05", "\x03", "\x04"


@pytest.fixture
def server():
    with SmallServer() as server:
        yield server


def client(port, folder, **environment):
    kept = {
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "HOME": str(folder),
        "TMPDIR": str(folder),
    }
    plain = {
        "TERM_PROGRAM": "",
        "TMUX": "",
        "STY": "",
        "NO_COLOR": "",
        "COLORFGBG": "",
        "VISUAL": "",
        "EDITOR": "",
    }
    return Terminal(
        ["client", "--host", "127.0.0.1", "--port", str(port), "--name", "Ana"],
        environment=kept | plain | environment,
    )


@pytest.fixture
def terminal(server, tmp_path):
    with client(server.port, tmp_path) as terminal:
        terminal.wait_for("Ana joined")
        yield terminal


def test_who_looks_away_is_called_and_who_looks_is_not(server, terminal):
    assert b"\x1b[?1004h" in terminal.raw
    terminal.type(FOCUS_IN)
    server.say("Bruno", "#lobby", "Ana: seen")
    terminal.wait_for("Ana: seen")
    assert b"\a" not in terminal.raw

    terminal.type(FOCUS_OUT)
    server.say("Bruno", "#lobby", "nothing for anybody")
    terminal.wait_for("nothing for anybody")
    server.say("Bruno", "#lobby", "Ana: \x1b]0;evil\x07 come; here")
    terminal.wait_for(lambda: b"\x1b\\" in terminal.raw.partition(b"\x1b]777;notify;Bruno in #lobby;")[2])
    begin = terminal.raw.index(b"\x1b]777;")
    assert terminal.raw[begin - 1 : begin] == b"\a"
    notice = terminal.raw[begin : terminal.raw.index(b"\x1b\\", begin)].decode()
    assert notice == "\x1b]777;notify;Bruno in #lobby;Ana: \u241b]0;evil\u2407 come; here"
    terminal.wait_for(lambda: terminal.input_row == "[#lobby]")


def test_the_terminal_is_told_to_keep_its_focus_to_itself_at_the_end(terminal):
    terminal.type(CTRL_D)
    assert terminal.wait_for_exit() == 0
    assert terminal.raw.rindex(b"\x1b[?1004l") > terminal.raw.rindex(b"\x1b[?1004h")


def test_a_link_can_be_clicked_and_goes_where_it_says(server, terminal):
    server.say("Bruno", "#lobby", "see https://example.org/ch\u00e1 and https://a@evil.example/")
    terminal.wait_for("evil.example")
    terminal.wait_for(lambda: b";https://example.org/ch%C3%A1\x1b\\" in terminal.raw)
    assert b";https://a@evil" not in terminal.raw and b";https://evil" not in terminal.raw


def test_the_background_is_asked_for_and_the_answer_not_typed(server, terminal):
    assert b"\x1b]11;?\x1b\\" in terminal.raw
    terminal.type("half")
    terminal.type("\x1b]11;rgb:ffff/ffff/ffff\x1b\\")
    terminal.wait_for("[#lobby] half")
    server.say("Bruno", "#lobby", "oi")
    terminal.wait_for(lambda: b"38;2;" in terminal.raw or b"38;5;" in terminal.raw)
    terminal.type(" a line")
    terminal.wait_for(lambda: terminal.input_row == "[#lobby] half a line")


def test_no_color_has_none(server, tmp_path):
    with client(server.port, tmp_path, NO_COLOR="1") as terminal:
        terminal.wait_for("Ana joined")
        server.say("Bruno", "#lobby", "\x034red\x03 Ana!")
        terminal.wait_for("red Ana!")
        for colour in (b"\x1b[0;3", b"\x1b[0;9", b"38;5;", b"38;2;", b"48;5;"):
            assert colour not in terminal.raw


def test_the_editor_has_the_terminal_and_gives_it_back(server, tmp_path):
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\necho "in the editor"; cat "$1"; read answer; echo "$answer" > "$1"\n')
    script.chmod(0o700)
    with client(server.port, tmp_path, EDITOR=str(script)) as terminal:
        terminal.wait_for("Ana joined")
        terminal.type("half a thought" + CTRL_X_CTRL_E)
        terminal.wait_for(lambda: "in the editor" in terminal.text and "half a thought" in terminal.text)
        server.say("Bruno", "#lobby", "Ana: said meanwhile")
        terminal.type("a whole thought\n")
        terminal.wait_for(lambda: terminal.input_row == "[#lobby] a whole thought")
        terminal.wait_for("said meanwhile")
        assert "in the editor" not in terminal.text
        assert server.said == []
        terminal.type(ENTER)
        terminal.wait_for(lambda: server.said == [("Ana", "#lobby", "a whole thought")])
        assert [path.name for path in tmp_path.glob("chatapp-*")] == []


def test_an_editor_that_is_not_there_loses_nothing(server, tmp_path):
    with client(server.port, tmp_path, EDITOR="/no/such/editor") as terminal:
        terminal.wait_for("Ana joined")
        terminal.type("half a thought" + CTRL_X_CTRL_E)
        terminal.wait_for("/no/such/editor cannot be used")
        terminal.wait_for(lambda: terminal.input_row == "[#lobby] half a thought")


def test_what_was_typed_is_there_at_the_next_start(server, tmp_path):
    with client(server.port, tmp_path) as terminal:
        terminal.wait_for("Ana joined")
        terminal.type("remember me" + ENTER)
        terminal.wait_for(lambda: server.said != [])
        terminal.type(CTRL_D)
        terminal.wait_for_exit()
    (kept,) = tmp_path.rglob("typed_history")
    assert kept.stat().st_mode & 0o777 == 0o600
    with client(server.port, tmp_path) as terminal:
        terminal.wait_for("online")
        terminal.type("\x1b[A")
        terminal.wait_for(lambda: terminal.input_row == "[#lobby] remember me")


def test_ctrl_c_in_the_editor_is_the_editors(server, tmp_path):
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\necho "in the editor"; read answer; echo lost > "$1"\n')
    script.chmod(0o700)
    with client(server.port, tmp_path, EDITOR=str(script)) as terminal:
        terminal.wait_for("Ana joined")
        terminal.type("half a thought" + CTRL_X_CTRL_E)
        terminal.wait_for("in the editor")
        terminal.type(CTRL_C)
        terminal.wait_for(lambda: terminal.input_row == "[#lobby] half a thought")
        terminal.wait_for("The editor has failed")
        terminal.type("!")
        terminal.wait_for(lambda: terminal.input_row == "[#lobby] half a thought!")

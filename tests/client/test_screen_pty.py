"""The whole client in a real terminal, against a server on a real socket (Unix only)."""

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
from ports import free_port

pytestmark = pytest.mark.slow

ENTER, CTRL_C, CTRL_D, PAGE_UP, ALT_0, ALT_1 = "\r", "\x03", "\x04", "\x1b[5~", "\x1b0", "\x1b1"


@pytest.fixture
def server():
    with SmallServer() as server:
        yield server


@pytest.fixture
def terminal(server, tmp_path):
    with client(server.port, tmp_path) as terminal:
        terminal.wait_for("online")
        terminal.wait_for("Ana joined")
        yield terminal


def client(port, folder, *arguments, **size):
    return Terminal(
        ["client", "--host", "127.0.0.1", "--port", str(port), "--name", "Ana", *arguments],
        environment={"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)},
        **size,
    )


def test_what_one_types_is_said_and_what_others_say_is_seen(server, terminal):
    terminal.type("olá, tudo bem?" + ENTER)
    terminal.wait_for("<Ana> olá, tudo bem?")
    terminal.wait_for(lambda: server.said == [("Ana", "#lobby", "olá, tudo bem?")])

    server.say("Bruno", "#lobby", "tudo! \U0001f44d")
    terminal.wait_for("<Bruno> tudo! \U0001f44d")
    terminal.wait_for(lambda: terminal.input_row == "[#lobby]")


def test_a_resize_and_back_loses_nothing_typed(server, terminal):
    terminal.type("half a line")
    terminal.wait_for("[#lobby] half a line")
    server.say("Bruno", "#lobby", "a message that is rather long for a small window, is it not")

    terminal.resize(40, 10)
    terminal.wait_for(lambda: terminal.lines[-1] == "[#lobby] half a line" and "is it not" in terminal.text)
    terminal.wait_for(lambda: not any("│" in line for line in terminal.lines))

    terminal.resize(80, 24)
    terminal.wait_for(lambda: terminal.lines[23] == "[#lobby] half a line" and "│1 #lobby" in terminal.text)


def test_a_resize_in_a_flood_keeps_the_line(server, terminal):
    terminal.type("mine")
    for columns, rows in ((40, 10), (100, 30), (80, 24)):
        server.say("Bruno", "#lobby", *(f"{columns} {number}" for number in range(500)))
        terminal.resize(columns, rows)
        terminal.wait_for(f"{columns} 499")
        terminal.wait_for(lambda rows=rows: terminal.lines[rows - 1] == "[#lobby] mine")


def test_the_half_typed_line_survives_the_server(server, terminal):
    terminal.type("half ")
    server.down()
    terminal.wait_for("offline")
    terminal.type("typed")
    terminal.wait_for("[#lobby] half typed")
    terminal.type(ENTER)
    terminal.wait_for("half typed (waiting for the connection)")
    terminal.type("next")

    server.up()
    terminal.wait_for("online", 60)
    terminal.wait_for(lambda: [text for _, _, text in server.said] == ["half typed"], 60)
    terminal.wait_for(lambda: "(waiting" not in terminal.text and "[#lobby] next" in terminal.text)


def test_a_paste_of_six_lines_asks_first(server, terminal):
    terminal.paste("\n".join("abcdef"))
    terminal.wait_for("    6│ f")
    terminal.type(ENTER)
    terminal.wait_for("Send 6 lines to #lobby?")
    assert server.said == []
    terminal.type("y")
    terminal.wait_for(lambda: [text for _, _, text in server.said] == list("abcdef"))


def test_hostile_texts_reach_the_terminal_as_text(server, terminal):
    server.say("Bruno", "#lobby", "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil", "after")
    server.tell(":Bruno!b@h TOPIC #lobby :\x1b[5n\x1b]52;c;b3duZWQ=\x07topic")
    terminal.wait_for("after")
    terminal.wait_for("topic")
    assert b"owned\x07" not in terminal.raw
    assert b"\x1b[5n" not in terminal.raw
    assert b"]52;" not in terminal.raw.replace(b"\xe2\x90\x9b]52;", b"")
    assert "\u202e".encode() not in terminal.raw


def test_rows_stay_in_place_on_a_terminal_that_joins_no_emoji(server, terminal):
    # pyte drops the rest of what it is given after a joiner, so there is none here.
    emoji = "\U0001f44d\U0001f3fd \U0001f1e7\U0001f1f7"
    server.say("Bruno", "#lobby", f"{emoji} end")
    terminal.wait_for("end")
    server.say("Bruno", "#lobby", "plain")
    terminal.wait_for("plain")
    terminal.wait_for(lambda: terminal.lines[21].partition("│")[0].rstrip().endswith(" plain"))
    terminal.wait_for(lambda: {terminal.screen.buffer[y][61].data for y in range(1, 22)} == {"│"})
    terminal.type(f"{emoji}|")
    terminal.wait_for(lambda: terminal.input_row.endswith("|"))
    terminal.wait_for(lambda: terminal.screen.cursor.x == terminal.column_of("|", 23) + 1)


def test_leaving_leaves_the_terminal_as_it_was(terminal):
    assert not terminal.is_as_before()
    terminal.type("/quit" + ENTER)
    assert terminal.wait_for_exit() == 0
    assert terminal.is_as_before()
    assert terminal.raw.rstrip().endswith(b"You have left 127.0.0.1.")


def test_control_c_twice_leaves(terminal):
    hint, restored = "Press Ctrl-C again to leave", b"\x1b[?1049l"
    terminal.do_twice(lambda: terminal.type(CTRL_C), hint, lambda: restored in terminal.raw)
    assert terminal.wait_for_exit() == 0


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_end_leaves_the_terminal_as_it_was(terminal, told):
    terminal.process.send_signal(told)
    assert terminal.wait_for_exit() == 0
    assert terminal.is_as_before()
    assert terminal.raw.rindex(b"\x1b[?1049l") > terminal.raw.rindex(b"\x1b[?1049h")


def test_nobody_there_is_a_sentence_and_an_offer(tmp_path):
    port = free_port()
    with client(port, tmp_path) as terminal:
        terminal.wait_for("There is no server at 127.0.0.1")
        terminal.wait_for("Start one here now? [Y/n]")
        terminal.type("n\n")
        assert terminal.wait_for_exit() == 1
        assert f"chat-server --port {port}" in terminal.text.replace("\n", "")
        assert "Traceback" not in terminal.text


def test_the_offer_taken_starts_a_server_that_stays(tmp_path):
    port = free_port()
    with client(port, tmp_path, columns=120) as terminal:
        terminal.wait_for("Start one here now? [Y/n]")
        terminal.type("\n")
        terminal.wait_for("online")
        found = re.search(r"kill (\d+)", terminal.text)
        assert found is not None
        try:
            terminal.type("first words" + ENTER)
            terminal.wait_for(lambda: "<Ana> first words" in terminal.text and "…" not in terminal.text)
            terminal.type("sair" + ENTER)
            assert terminal.wait_for_exit() == 0
            with client(port, tmp_path) as again:
                again.wait_for("<Ana> first words")
        finally:
            os.kill(int(found[1]), signal.SIGTERM)


def test_what_is_typed_before_the_screen_opens_is_kept(server, tmp_path):
    with client(server.port, tmp_path) as terminal:
        terminal.type("early")
        terminal.wait_for("[#lobby] early")


def test_the_rooms_one_asks_for(server, tmp_path):
    with client(server.port, tmp_path, "--room", "#tea", "--room", "#milk") as terminal:
        terminal.wait_for("│2 #milk")
        terminal.wait_for("[#tea]")

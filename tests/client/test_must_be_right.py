"""What must be right whatever happens: the client in a pty, in a flood, squeezed, pasted at and cut off."""

from __future__ import annotations

import random
import re
import sys
import threading

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

from contextlib import contextmanager

from client.small_server import SmallServer
from client.terminal import Terminal

pytestmark = pytest.mark.slow

ENTER, CTRL_L, CTRL_U = "\r", "\x0c", "\x15"


@pytest.fixture
def server():
    with SmallServer() as server:
        yield server


@contextmanager
def client(server, folder, **size):
    flags = ["--host", "127.0.0.1", "--port", str(server.port), "--name", "Ana", "--no-tls"]
    places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"), str(folder))
    with Terminal(["client", *flags], environment=places, **size) as terminal:
        terminal.wait_for("online")
        terminal.wait_for("Ana joined")
        yield terminal


@contextmanager
def flood(server):
    """Somebody who talks without end; `yield`s the number that was said last, in a list."""
    last, is_over = [0], threading.Event()

    def talk():
        while not is_over.wait(0.02):
            numbers = range(last[0] + 1, last[0] + 21)
            server.say("Bruno", "#lobby", *(f"flood {n} of a room that never sleeps" for n in numbers))
            last[0] = numbers[-1]

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield last
    finally:
        is_over.set()
        thread.join()


def newest_seen(terminal):
    """The number of the newest message of the flood on the screen: not each of them is ever there."""
    return max(map(int, re.findall(r"flood (\d+) of", terminal.text)), default=0)


def shows_typed(terminal, text):
    """Whether the last row is the prompt and ``text``, and the cursor right behind it."""
    row = f"[#lobby] {text}"
    cursor = terminal.screen.cursor
    return terminal.lines[-1] == row.rstrip() and (cursor.x, cursor.y) == (len(row), len(terminal.lines) - 1)


def test_a_storm_of_sizes_in_a_flood(server, tmp_path):
    dice = random.Random(1)
    sizes = [(80, 24), (40, 10), (200, 50), (79, 23), (25, 5), (120, 30), (81, 24)]
    with client(server, tmp_path) as terminal:
        with flood(server) as last:
            for word in ("abcdefghij", "klmnopqrst", "uvwxyzabcd"):
                for letter in word:
                    terminal.resize(*dice.choice(sizes))
                    terminal.type(letter)
                    terminal.wait_for(lambda before=last[0]: last[0] > before)
                terminal.wait_for(lambda word=word: shows_typed(terminal, word))
                terminal.type(CTRL_U)
        terminal.resize(80, 24)
        newest = f"flood {last[0]} of"
        terminal.wait_for(lambda: newest in terminal.lines[21] and "│1 #lobby" in terminal.text)
        terminal.wait_for(lambda: shows_typed(terminal, ""))
        assert_nothing_is_left_over(terminal)


def assert_nothing_is_left_over(terminal):
    """What is on the screen is what a whole new drawing gives."""
    before = terminal.text
    terminal.screen.reset()
    terminal.type(CTRL_L)
    terminal.wait_for(lambda: terminal.text == before and shows_typed(terminal, ""))


def test_a_paste_of_200_lines_is_one_draft_and_arrives_in_order(server, tmp_path):
    lines = [f"line {number} of many" for number in range(1, 201)]
    with client(server, tmp_path) as terminal, flood(server):
        terminal.paste("\n".join(lines))
        terminal.wait_for("200│ line 200 of many")
        assert server.said == []
        terminal.type(ENTER)
        terminal.wait_for("Send 200 lines to #lobby?")
        assert server.said == []
        terminal.type("y")
        terminal.wait_for(lambda: len(server.said) == 200)
        terminal.wait_for(lambda: shows_typed(terminal, ""))
        assert [text for _nick, _room, text in server.said] == lines


def test_a_paste_can_be_taken_back(server, tmp_path):
    with client(server, tmp_path) as terminal:
        terminal.paste("\r\n".join("abcdefgh"))
        terminal.type(ENTER)
        terminal.wait_for("Send 8 lines to #lobby?")
        terminal.type("n")
        terminal.wait_for(lambda: "Send 8 lines" not in terminal.text and "8│ h" in terminal.text)
        terminal.type("\x03")
        terminal.wait_for(lambda: shows_typed(terminal, ""))
        terminal.type("after" + ENTER)
        terminal.wait_for(lambda: [text for _nick, _room, text in server.said] == ["after"])


def test_controls_in_a_paste_do_nothing(server, tmp_path):
    with client(server, tmp_path) as terminal:
        terminal.paste("a\x1b[2Jb\x07c\x1b[31md")
        terminal.wait_for(lambda: "[#lobby] a" in terminal.text and terminal.lines[-1].endswith("d"))
        assert "[2J" in terminal.lines[-1], "what was pasted is to be seen, not obeyed"
        assert "online" in terminal.text


def test_the_server_dies_in_a_flood_with_a_half_typed_line(server, tmp_path):
    with client(server, tmp_path) as terminal:
        with flood(server):
            terminal.type("half a")
            terminal.wait_for(lambda: newest_seen(terminal) >= 100)
        server.down()
        terminal.wait_for("The connection is lost")
        terminal.wait_for(lambda: shows_typed(terminal, "half a"))
        terminal.type(" line" + ENTER + "another" + ENTER + "and th")
        terminal.wait_for(lambda: terminal.text.count("(waiting for the connection)") == 2)
        terminal.wait_for(lambda: shows_typed(terminal, "and th"))
        server.up()
        with flood(server) as last:
            terminal.wait_for(lambda: len(server.said) == 2, 60)
            terminal.type("is")
            terminal.wait_for(lambda: shows_typed(terminal, "and this"))
            reached = last[0] + 20  # what was said before may have been said while we were away
            terminal.wait_for(lambda: last[0] > reached, 60)
        terminal.wait_for(f"flood {last[0]} of", 60)
        assert [text for _nick, _room, text in server.said] == ["half a line", "another"]


def test_everything_at_once(server, tmp_path):
    """A flood, sizes, a paste, a server that goes three times: each word said once and in order."""
    dice = random.Random(2)
    said = []
    with client(server, tmp_path) as terminal, flood(server) as last:
        for turn in range(12):
            said.append(f"words {turn}")
            terminal.type(said[-1] + ENTER)
            if turn % 4 == 1:
                # Echoed is what was said before something that can be read: this server keeps no history.
                typed = len(said)
                terminal.wait_for(lambda typed=typed: len(server.said) == typed)
                reached = last[0] + 40
                terminal.wait_for(lambda reached=reached: newest_seen(terminal) >= reached)
                server.down()
                terminal.wait_for("offline")
                said += ["one", "two", "three"]
                terminal.paste("one\ntwo\nthree")
                terminal.type(ENTER + "half")
                terminal.resize(dice.randint(40, 200), dice.randint(10, 50))
                terminal.wait_for(lambda: shows_typed(terminal, "half"))
                server.up()
                terminal.wait_for("online", 60)
                terminal.type(CTRL_U)
            terminal.resize(dice.randint(30, 200), dice.randint(8, 50))
        terminal.type("the end")
        terminal.wait_for(lambda: shows_typed(terminal, "the end"))
        terminal.wait_for(lambda: len(server.said) >= len(said), 60)
        reached = last[0] + 40
        terminal.wait_for(lambda: last[0] > reached, 60)
        assert [text for _nick, _room, text in server.said] == said


def kept(folder):
    """The files of what was not sent."""
    return list(folder.rglob("unsent/*.json"))


def test_what_was_typed_offline_outlives_a_crash_and_is_said_once(server, tmp_path):
    with client(server, tmp_path) as terminal:
        server.down()
        terminal.wait_for("offline")
        terminal.type("one" + ENTER + "two" + ENTER + "half")
        terminal.wait_for(lambda: shows_typed(terminal, "half"))
        terminal.wait_for(lambda: "two" in "".join(path.read_text("utf-8") for path in kept(tmp_path)))
        terminal.process.kill()
        terminal.wait_for_exit()
    server.up()
    with client(server, tmp_path) as terminal:
        terminal.wait_for("2 messages from last time were not sent")
        assert server.said == []
        terminal.type("/resend" + ENTER)
        terminal.wait_for(lambda: [text for _nick, _room, text in server.said] == ["one", "two"])
        terminal.wait_for(lambda: not kept(tmp_path))
        terminal.type("/quit" + ENTER)
        assert terminal.wait_for_exit() == 0
    with client(server, tmp_path) as terminal:
        assert "last time" not in terminal.text


def test_who_leaves_is_told_what_is_kept(server, tmp_path):
    with client(server, tmp_path) as terminal:
        server.down()
        terminal.wait_for("offline")
        terminal.type("one" + ENTER + "/quit" + ENTER)
        terminal.wait_for("1 message may not have arrived yet")
        terminal.type("/quit" + ENTER)
        assert terminal.wait_for_exit() == 0
        assert "1 message that has not arrived is kept, and offered at the next start." in terminal.text

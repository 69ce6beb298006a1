"""The client that prints into the terminal's own scrollback, in a real terminal (Unix only)."""

from __future__ import annotations

import random
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

import pyte
from client.desk import Desk, at_the_desk
from client.small_server import SmallServer
from client.terminal import Terminal
from prompt_toolkit.data_structures import Size
from prompt_toolkit.output.vt100 import Vt100_Output

from chatapp.client.buffer import BufferKind, Entry, EntryKind
from chatapp.client.model import ConnectionState
from chatapp.client.screen.terminal import TerminalScreen

F1, F7, CTRL_L, ALT_ENTER = "\x1bOP", "\x1b[18~", "\x0c", "\x1b\r"


class InlineDesk(Desk):
    """A person before the main screen, with a shell's words on it and what scrolls away kept."""

    def __init__(self, keyboard, columns=80, rows=24, **about):
        super().__init__(keyboard, columns, rows, **about)
        self.screen_text = pyte.HistoryScreen(columns, rows, history=1000)
        self._stream = pyte.Stream(self.screen_text)
        self.paper.write("$ chat-client --inline\r\n")

    def sit_down(self, history):
        output = Vt100_Output(self.paper, lambda: self.size, term="xterm-256color")
        return TerminalScreen(
            self.model, self.session, self.keyboard, output, lambda: 0.0, history=history, inline=True
        )

    def hears(self, *texts, buffer=None):
        for text in texts:
            (buffer or self.lobby).add(Entry(EntryKind.EVENT, 0.0, text))

    @property
    def transcript(self):
        """What stands above the bottom rows, with all that has scrolled away."""
        shown = self.lines
        gone = [
            "".join(row[x].data for x in range(self.screen_text.columns)).rstrip()
            for row in self.screen_text.history.top
        ]
        return [line for line in gone + shown[:-2] if line]


def at_the_inline_desk(story, **size):
    return at_the_desk(story, InlineDesk, **size)


def test_the_bottom_rows_stay_and_all_the_rest_scrolls_away():
    async def story(desk):
        await desk.press("half")
        desk.hears(*(f"m{number}" for number in range(100)))
        await desk.until(lambda: "m99" in desk.text)
        assert desk.lines[-1] == "[#lobby] half"
        assert "· Ana ·" in desk.lines[-2]
        said = [line.rpartition(" ")[2] for line in desk.transcript if "· m" in line]
        assert said == [f"m{number}" for number in range(50, 100)]
        desk.hears(*(f"n{number}" for number in range(300)))
        await desk.until(lambda: "n299" in desk.text)
        said = [line.rpartition(" ")[2] for line in desk.transcript if "· n" in line]
        assert said == [f"n{number}" for number in range(300)]
        assert "$ chat-client --inline" in desk.transcript

    desk = at_the_inline_desk(story)
    assert "\x1b[?1049h" not in desk.paper.getvalue()
    assert "\x1b[?1000h" not in desk.paper.getvalue()


def test_a_line_that_grows_and_shrinks_leaves_no_gap():
    async def story(desk):
        desk.hears(*(f"m{number}" for number in range(30)))
        await desk.until(lambda: "m29" in desk.text)
        await desk.press("a", ALT_ENTER, "b", ALT_ENTER, "c")
        assert desk.lines[-3:] == ["[#lobby] a", "      2│ b", "      3│ c"]
        assert "m29" in desk.text
        await desk.press("\x15\x7f\x15\x7f\x15")
        assert desk.lines[-1] == "[#lobby]"
        desk.hears("x0", "x1", "x2", "x3")
        await desk.until(lambda: "x3" in desk.text)
        rows = [line.rpartition(" ")[2] for line in desk.lines[:-2]]
        assert rows[-6:] == ["m28", "m29", "x0", "x1", "x2", "x3"]

    at_the_inline_desk(story)


def test_completions_stand_above_the_bottom_rows():
    async def story(desk):
        await desk.press("/jo")
        await desk.until(lambda: "/join ROOM" in desk.text)
        assert "/join ROOM" in desk.lines[-3]
        await desk.press("\x15")
        desk.hears("m")
        await desk.until(lambda: "· m" in desk.text)
        assert "/join ROOM" not in desk.text

    at_the_inline_desk(story)


def test_what_waits_stands_above_the_bottom_rows_until_it_is_sent():
    async def story(desk):
        await desk.press("hello\r")
        await desk.until(lambda: "hello (waiting for the connection)" in desk.lines[-3])
        own = desk.lobby.entries[-1]
        desk.lobby.confirm(own, "id", 0.0, 1)
        await desk.until(lambda: not any("waiting" in line for line in desk.lines))
        assert sum("hello" in line for line in desk.transcript) == 1

    at_the_inline_desk(story)


def test_the_keys_are_printed_and_what_needs_the_full_screen_says_so():
    async def story(desk):
        await desk.press(F1)
        await desk.until(lambda: any("Ctrl-L" in line for line in desk.transcript))
        await desk.press(F7)
        await desk.until(lambda: "That needs the full screen" in desk.text)
        await desk.press("x")
        assert desk.lines[-1] == "[#lobby] x"

    at_the_inline_desk(story)


def test_nothing_older_is_fetched_since_nobody_could_see_it():
    async def story(desk):
        asked = []
        desk.session.load_older = asked.append
        desk.model.state = ConnectionState.ONLINE
        desk.lobby.has_older = True
        desk.hears("m")
        await desk.until(lambda: "· m" in desk.text)
        await desk.press("x", "\x1b[5~", "y")
        assert asked == []

    at_the_inline_desk(story)


def test_another_room_begins_with_its_name():
    async def story(desk):
        tea = desk.model.buffer_named("#tea", BufferKind.CHANNEL)
        desk.hears("milk", buffer=tea)
        await desk.press("\x1b2")
        await desk.until(lambda: "· milk" in desk.text)
        assert any("─ #tea ─" in line for line in desk.lines)

    at_the_inline_desk(story)


KEYS = ("a", "b c", "\x7f", "\x15", ALT_ENTER, "/jo", "\x1b", "\t", CTRL_L, "\x1b[5~")


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_typed_each_message_is_printed_once_and_in_order(seed):
    dice = random.Random(seed)

    async def story(desk):
        count = 0
        desk.hears("m0")
        await desk.until(lambda: "· m0" in desk.text)
        for _step in range(60):
            if dice.random() < 0.5:
                fresh = dice.randrange(1, 40)
                desk.hears(*(f"m{count + number}" for number in range(1, fresh + 1)))
                count += fresh
            else:
                await desk.press("".join(dice.choices(KEYS, k=2)))
            if dice.random() < 0.3:
                await desk.until(lambda last=f"· m{count}": last in desk.text)
        desk.screen.line.clear()
        await desk.press("end")
        await desk.until(lambda: f"· m{count}" in desk.text)
        said = [line.rpartition(" ")[2] for line in desk.transcript if "· m" in line]
        assert said == [f"m{number}" for number in range(count + 1)]
        assert desk.lines[-1] == "[#lobby] end"

    at_the_inline_desk(story)


@pytest.mark.parametrize("size", [(40, 10), (120, 40), (80, 3), (80, 1)])
def test_another_size(size):
    async def story(desk):
        desk.hears("before")
        await desk.press("mine")
        columns, rows = size
        desk.size = Size(rows, columns)
        assert desk.lines
        desk.screen_text.resize(rows, columns)
        desk.screen.application._on_resize()
        await desk.until(lambda: desk.lines[-1] == "[#lobby] mine")
        desk.hears("after")
        await desk.press(CTRL_L, "!")
        assert desk.lines[-1] == "[#lobby] mine!"
        if rows > 3:
            await desk.until(lambda: "after" in desk.text)

    at_the_inline_desk(story)


@pytest.mark.slow
def test_leaving_leaves_what_was_said_on_the_screen(tmp_path):
    folder = str(tmp_path)
    with (
        SmallServer() as server,
        Terminal(
            ["client", "--host", "127.0.0.1", "--port", str(server.port), "--name", "Ana", "--inline"],
            environment={"XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder, "HOME": folder},
        ) as terminal,
    ):
        terminal.wait_for("Ana joined")
        terminal.type("olá\r")
        terminal.wait_for("<Ana> olá")
        server.say("Bruno", "#lobby", "tudo bem?")
        terminal.wait_for("tudo bem?")
        terminal.type("/quit\r")
        assert terminal.wait_for_exit() == 0
        assert terminal.is_as_before()
        assert "tudo bem?" in terminal.text
        assert "[#lobby]" not in terminal.text
        assert terminal.raw.rstrip().endswith(b"You have left 127.0.0.1.")
        assert b"\x1b[?1049h" not in terminal.raw


def test_a_picked_message_is_named_and_results_are_printed():
    async def story(desk):
        for number in range(5):
            time = 60_000.0 + 600 * number
            desk.lobby.add(Entry(EntryKind.MESSAGE, time, f"needle {number}.", "Bruno", f"m{number}"))
        await desk.press("\x1bk", "k")
        assert "Bruno: needle 3." in desk.lines[-2]
        await desk.press("\x1b")
        await desk.press(*"/search needle", "\r")
        await desk.until(lambda: any("5 messages with needle" in line for line in desk.transcript))
        assert desk.model.focus.found is None
        transcript = desk.transcript
        at = next(number for number, line in enumerate(transcript) if "5 messages with" in line)
        results = [line.partition("> ")[2] for line in transcript[at + 1 :] if "> needle" in line]
        assert results == [f"needle {number}." for number in (4, 3, 2, 1, 0)]
        assert desk.lobby.read_until == 62_400.0

    at_the_inline_desk(story)

"""The input line without a screen: what is typed stays whole whatever is printed above it."""

from __future__ import annotations

import asyncio

import noticing
import pyte
import pytest
from client.fake_server import Talk
from prompt_toolkit.input import create_pipe_input

from chatapp.client.screen.edited_lines import EditedLines


class Paper:
    """A terminal in memory, which may be told to take nothing for a while."""

    def __init__(self, columns=40, rows=12):
        self.on_drained = lambda: None
        self.is_draining = False
        self.raw = ""
        self.is_closed = False
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)

    def write(self, text):
        assert not self.is_closed
        self.raw += text
        self._stream.feed(text)
        return len(text)

    def close(self):
        self.is_closed = True

    @property
    def lines(self):
        return [line.rstrip() for line in self.screen.display if line.strip()]


class Seat:
    """Somebody at the line, in #lobby."""

    def __init__(self, keyboard, *, is_dumb=False):
        self.keyboard = keyboard
        self.talk = Talk().connect()
        self.paper = Paper()
        self.submitted = []
        self.edited = EditedLines(
            self.submitted.append,
            self.talk.model,
            self.talk.session,
            self.paper,
            lambda: 40,
            is_dumb=is_dumb,
            keyboard=keyboard,
        )

    async def press(self, text, until):
        self.keyboard.send_text(text)
        await self.until(until)

    async def until(self, condition):
        await noticing.until(condition, lambda: self.paper.lines)

    def last(self, text):
        return lambda: self.paper.lines[-1:] == [text]


def sit(story, **more):
    async def run(keyboard):
        seat = Seat(keyboard, **more)
        serving = asyncio.ensure_future(seat.edited.serve())
        await seat.until(lambda: seat.edited.application.is_running)
        await story(seat)
        seat.edited.stop()
        await serving
        assert seat.paper.is_closed
        return seat

    with create_pipe_input() as keyboard:
        return noticing.run(run(keyboard))


def test_what_comes_in_stands_above_what_is_half_typed():
    async def story(seat):
        await seat.press("half", seat.last("#lobby: half"))
        seat.edited.write(["bob: one", "bob: two"])
        assert seat.paper.lines == ["bob: one", "bob: two", "#lobby: half"]
        await seat.press(" typed", seat.last("#lobby: half typed"))
        assert seat.paper.screen.cursor.x == len("#lobby: half typed")

    sit(story)


def test_the_cursor_stays_where_one_types():
    async def story(seat):
        await seat.press("abd\x02", seat.last("#lobby: abd"))
        await seat.press("c", seat.last("#lobby: abcd"))
        seat.edited.write(["bob: one"])
        assert seat.paper.screen.cursor.x == len("#lobby: abc")

    sit(story)


def test_a_long_line_is_shown_where_the_cursor_is_and_never_wraps():
    async def story(seat):
        await seat.press("x" * 100 + "end", lambda: seat.paper.lines[-1].endswith("xend"))
        assert len(seat.paper.lines) == 1
        assert seat.paper.screen.cursor.x < 40

    sit(story)


@pytest.mark.parametrize("text", ["👨\u200d👩\u200d👧", "e\u0301", "日"])
def test_clusters_are_measured_as_the_terminal_does(text):
    async def story(seat):
        await seat.press(text + "x", lambda: seat.paper.raw.endswith(f"#lobby: {text}x"))
        await seat.press("\x7f\x7f", lambda: seat.edited.is_idle)
        await seat.until(lambda: seat.paper.screen.cursor.x == len("#lobby: "))

    sit(story)


def test_enter_sends_and_the_row_is_free_again():
    async def story(seat):
        await seat.press("hello\r", lambda: seat.submitted == ["hello"])
        await seat.until(seat.last("#lobby:"))

    sit(story)


def test_many_lines_are_sent_after_a_question():
    async def story(seat):
        paste = "\r".join(f"line {number}" for number in range(8))
        await seat.press(f"\x1b[200~{paste}\x1b[201~", lambda: "(new line)" in seat.paper.lines[-1])
        await seat.press("\r", lambda: any("Send 8 lines" in line for line in seat.paper.lines))
        assert seat.submitted == []
        await seat.press("y", lambda: bool(seat.submitted))
        assert seat.submitted[0].count("\n") == 7

    sit(story)


def test_a_choice_of_completions_is_said():
    async def story(seat):
        await seat.press("/mut\t", lambda: "/mute" in seat.paper.lines[-1])
        await seat.press("\x15/un\t", lambda: any("It may be: " in line for line in seat.paper.lines))

    sit(story)


def test_a_slow_terminal_gets_the_lines_later_and_the_key_first():
    async def story(seat):
        seat.paper.is_draining = True
        seat.edited.write([f"line {number}" for number in range(50)])
        assert "line" not in seat.paper.raw
        seat.paper.is_draining = False
        seat.paper.on_drained()
        assert "line 49" in seat.paper.raw
        assert seat.paper.raw.count("\x1b[K") < 10

    sit(story)


def test_what_a_terminal_never_takes_is_left_out_and_that_is_said():
    async def story(seat):
        seat.paper.is_draining = True
        seat.edited.write([f"line {number}" for number in range(12_000)])
        seat.paper.is_draining = False
        seat.paper.on_drained()
        assert "(2000 lines were left out: the terminal is too slow)" in seat.paper.raw

    sit(story)


def test_on_a_dumb_terminal_nothing_is_printed_into_what_is_half_typed():
    async def story(seat):
        await seat.press("half", seat.last("#lobby: half"))
        seat.edited.write(["bob: one"])
        assert seat.paper.lines == ["#lobby: half"]
        await seat.press("\r", lambda: seat.submitted == ["half"])
        await seat.until(lambda: "bob: one" in seat.paper.lines)
        assert seat.paper.lines[:2] == ["#lobby: half", "bob: one"]

    seat = sit(story, is_dumb=True)
    assert "\x1b" not in seat.paper.raw


def test_on_a_dumb_terminal_a_character_can_be_taken_back():
    async def story(seat):
        await seat.press("日x", seat.last("#lobby: 日x"))
        await seat.press("\x7f\x7f", lambda: seat.edited.is_idle)
        await seat.until(lambda: seat.paper.screen.cursor.x == 0)

    sit(story, is_dumb=True)


def test_control_c_clears_then_asks_then_leaves(monkeypatch):
    monkeypatch.setattr("chatapp.client.screen.edited_lines._QUIT_WITHIN", 1000.0)

    async def story(seat):
        await seat.press("half", seat.last("#lobby: half"))
        await seat.press("\x03", lambda: seat.edited.is_idle)
        await seat.press("\x03", lambda: any("Ctrl-C again" in line for line in seat.paper.lines))
        await seat.press("\x03", lambda: seat.submitted == ["/quit"])

    sit(story)


def test_the_end_of_input_leaves():
    async def story(seat):
        await seat.press("\x04", lambda: seat.submitted == ["/quit"])

    sit(story)


def test_a_draft_stays_with_its_room():
    async def story(seat):
        seat.edited._submit = seat.talk.types
        await seat.press("/join #tea\r", seat.last("#tea:"))
        await seat.press("for tea", seat.last("#tea: for tea"))
        await seat.press("\x1b1", seat.last("#lobby:"))
        await seat.press("\x1b2", seat.last("#tea: for tea"))

    sit(story)


def test_a_password_is_not_shown_while_it_is_typed():
    async def story(seat):
        await seat.press("/login s3 gr", seat.last("#lobby: /login ** **"))
        assert seat.edited.line.typed.text == "/login s3 gr"

    assert "s3" not in sit(story).paper.raw


@pytest.mark.parametrize("is_dumb", [False, True])
def test_what_calls_for_the_person_elsewhere_rings(is_dumb, monkeypatch):
    monkeypatch.setenv("TERM", "dumb" if is_dumb else "xterm")

    async def story(seat):
        seat.talk.types("/join #tea")
        seat.talk.clock.now += 1
        seat.talk.hears(":bob!b@there PRIVMSG #tea :Ana, in view")
        assert "\a" not in seat.paper.raw
        seat.talk.hears(":bob!b@there PRIVMSG #lobby :Ana?")
        assert "\a" in seat.paper.raw
        assert ("\x1b]" in seat.paper.raw) is not is_dumb

    sit(story, is_dumb=is_dumb)

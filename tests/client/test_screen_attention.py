"""The doorbell: when it rings, and what it writes on the terminal."""

from __future__ import annotations

import asyncio
import re

import pytest
from client.desk import at_the_desk
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.attention import PAUSE, Call, Notice
from chatapp.client.buffer import BufferKind, Entry, EntryKind
from chatapp.client.model import Model
from chatapp.client.screen.attention import BELL, Doorbell, notice_kind, notification
from chatapp.client.settings import Preferences, Settings

URXVT = {"TERM": "rxvt-unicode-256color"}


class Door:
    """A doorbell, and what it has written."""

    def __init__(self, environ=URXVT, **settings):
        self.written = []
        self.now = 1000.0
        self.model = Model("Ana", "localhost")
        self.tea = self.model.buffer_named("#tea", BufferKind.CHANNEL)
        self.ops = self.model.buffer_named("#ops", BufferKind.CHANNEL)
        self.model.switch_to(self.tea)
        preferences = Preferences(Settings(**settings))
        self.bell = Doorbell(self.model, lambda: preferences, self.written.append, lambda: self.now, environ)

    def calls(self, room, text="ana!"):
        self.bell.called(Call(room, "bob", text, True))
        told, self.written[:] = list(self.written), []
        return told


IN_OPS = "\x1b]777;notify;bob in #ops;ana!\x1b\\"


def test_where_the_terminal_says_nothing_of_focus_the_room_in_view_counts_as_seen():
    door = Door()
    assert door.calls(door.tea) == []
    assert door.calls(door.ops) == [BELL + IN_OPS]


def test_who_looks_at_the_terminal_needs_no_notice_on_the_desktop():
    door = Door()
    door.bell.focused(has_focus=True)
    assert door.calls(door.tea) == []
    assert door.calls(door.ops) == [BELL]


def test_who_looks_elsewhere_is_called_for_the_room_in_view_too():
    door = Door()
    door.bell.focused(has_focus=False)
    assert door.calls(door.tea) == [BELL + "\x1b]777;notify;bob in #tea;ana!\x1b\\"]


def test_each_can_be_switched_off():
    for settings, told in (
        ({"bell": False}, [IN_OPS]),
        ({"desktop_notifications": False}, [BELL]),
        ({"bell": False, "desktop_notifications": False}, []),
    ):
        door = Door(**settings)
        assert door.calls(door.ops) == told


def test_what_comes_at_once_is_told_together():
    async def story():
        door = Door(bell=False)
        assert door.calls(door.ops) == [IN_OPS]
        assert door.calls(door.ops) == door.calls(door.ops) == []
        door.now += PAUSE
        door.bell._waited()
        assert door.written == ["\x1b]777;notify;chatapp;2 mentions in #ops\x1b\\"]
        door.bell.stop()

    asyncio.run(story())


def test_what_one_has_seen_meanwhile_is_not_told():
    async def story():
        door = Door()
        door.calls(door.ops)
        door.calls(door.ops)
        door.model.switch_to(door.ops)
        door.now += PAUSE
        door.bell._waited()
        assert door.written == []

        door.bell.focused(has_focus=False)
        door.calls(door.ops)
        door.calls(door.ops)
        door.bell.focused(has_focus=True)
        door.bell.focused(has_focus=False)
        door.now += PAUSE
        door.bell._waited()
        assert door.written == []
        door.bell.stop()

    asyncio.run(story())


@pytest.mark.parametrize(
    "environ, kind",
    [
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "9"),
        ({"TERM": "xterm-kitty"}, "9"),
        ({"TERM": "foot"}, "777"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "777"),
        ({"TERM": "xterm-256color"}, "777"),
        ({"TERM": "linux"}, ""),
        ({"TERM": "dumb"}, ""),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux"}, ""),
        ({"TERM": "screen"}, ""),
        ({"TERM": "xterm-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, ""),
        ({}, ""),
        ({"TERM_PROGRAM": "WezTerm"}, "777"),
    ],
)
def test_each_terminal_is_asked_in_its_own_way(environ, kind):
    assert notice_kind(environ) == kind


def test_a_notice_in_each_way():
    notice = Notice("bob; in #ops", "4;1;90 ana!")
    assert notification("9", notice) == "\x1b]9;chatapp: bob, in #ops: 4;1;90 ana!\x1b\\"
    assert notification("777", notice) == "\x1b]777;notify;bob, in #ops;4;1;90 ana!\x1b\\"
    assert notification("", notice) == ""


@given(st.text(), st.text(), st.sampled_from(["9", "777"]))
def test_whatever_is_said_the_terminal_hears_one_sequence(title, body, kind):
    data = notification(kind, Notice(title, body))
    assert data.startswith("\x1b]") and data.endswith("\x1b\\")
    assert re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", data[2:-2]) is None


def test_the_terminal_tells_of_its_focus_without_a_word_typed():
    async def story(desk):
        desk.keyboard.send_text("\x1b[O")
        await desk.until(lambda: desk.screen.bell.has_focus is False)
        desk.keyboard.send_text("\x1b[I")
        await desk.until(lambda: desk.screen.bell.has_focus is True)
        await desk.press("o", "i")
        assert desk.typed == "oi"

    at_the_desk(story)


def test_what_is_said_elsewhere_rings_at_the_desk():
    async def story(desk):
        desk.keyboard.send_text("\x1b[O")
        await desk.until(lambda: desk.screen.bell.has_focus is False)
        entry = Entry(EntryKind.MESSAGE, 0.0, "ana: hello", nick="bob", mention=True)
        desk.session.attention.heard(desk.lobby, entry)
        assert "\a" in desk.paper.getvalue()

    at_the_desk(story)

"""Asking for the colour of the background: the answer is heard and never typed."""

from __future__ import annotations

import pytest
from client.desk import at_the_desk

from chatapp.client.screen.background import named_background, read_colour

WHITE = "\x1b]11;rgb:ffff/ffff/ffff"


@pytest.mark.parametrize(
    "answer, colour",
    [
        ("11;rgb:ffff/0000/8080\x1b\\", (1.0, 0.0, 0x8080 / 0xFFFF)),
        ("11;rgb:ff/00/ff\a", (1.0, 0.0, 1.0)),
        ("11;rgba:0000/0000/0000/ffff\a", (0.0, 0.0, 0.0)),
        ("11;rgb:f/f/f\a", (1.0, 1.0, 1.0)),
        ("10;rgb:ff/ff/ff\a", None),
        ("11;white\a", None),
        ("11;rgb:fffff/0/0\a", None),
        ("", None),
    ],
)
def test_what_terminals_answer(answer, colour):
    assert read_colour(answer) == colour


@pytest.mark.parametrize(
    "value, colour",
    [
        ("15;0", (0.0, 0.0, 0.0)),
        ("0;15", (1.0, 1.0, 1.0)),
        ("0;default;7", (1.0, 1.0, 1.0)),
        ("", None),
        ("x", None),
    ],
)
def test_what_stands_in_the_environment(value, colour):
    assert named_background({"COLORFGBG": value}) == colour


@pytest.mark.parametrize("end", ["\x1b\\", "\a"])
def test_a_light_terminal_gets_the_light_theme(end):
    async def story(desk):
        await desk.press("o")
        desk.keyboard.send_text(WHITE + end)
        await desk.until(lambda: desk.screen.dress.theme == "light")
        await desk.press("i")
        assert desk.typed == "oi"

    at_the_desk(story)


@pytest.mark.parametrize("typed", ["\x1b]b", "\x1b]12", "\x1b]11;rgb:x", "\x1b]11;rgb:" + "f" * 30])
def test_what_only_looks_like_an_answer_was_typed(typed):
    async def story(desk):
        desk.keyboard.send_text("a" + typed + "z")
        await desk.until(lambda: desk.typed.endswith("z"))
        assert desk.typed == "a" + typed[1:] + "z"
        assert desk.screen.dress.theme != "light"

    at_the_desk(story)

"""The themes: whatever one picks can be read, and nothing is said by colour alone."""

from __future__ import annotations

import itertools

import pytest

from chatapp.client.screen.style import build_style, nick_class
from chatapp.client.screen.themes import NICK_COLOURS, TERMINAL, THEME_NAMES, THEMES, luminance, theme_for

BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
#: The backgrounds that people have, by the theme for them.
BACKGROUNDS = {"dark": ("#000000", "#1e1e1e", "#282c34"), "light": ("#ffffff", "#fdf6e3", "#eeeeee")}


def rgb(colour):
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def contrast(one, other):
    low, high = sorted((luminance(rgb(one)), luminance(rgb(other))))
    return (high + 0.05) / (low + 0.05)


def colours_of(theme):
    """Every colour that stands on the terminal's own background."""
    for name, rule in THEMES[theme].items():
        if "bg:" not in rule:
            yield from ((name, part) for part in rule.split() if part.startswith("#"))


def test_black_on_white_is_the_greatest_contrast():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", BACKGROUNDS)
def test_every_colour_can_be_read(theme):
    for (name, colour), ground in itertools.product(colours_of(theme), BACKGROUNDS[theme]):
        assert contrast(colour, ground) >= 4.5, (name, colour, ground)


@pytest.mark.parametrize("theme", BACKGROUNDS)
def test_what_stands_on_a_panel_can_be_read(theme):
    for rule in THEMES[theme].values():
        if "bg:" in rule:
            ground, ink = (part[3:] for part in rule.split())
            assert contrast(ground, ink) >= 7


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_dresses_the_same_classes(theme):
    assert THEMES[theme].keys() == THEMES["dark"].keys()


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_is_a_style_sheet_that_works(theme):
    style = build_style(theme)
    for name in THEMES[theme]:
        assert style.get_attrs_for_style_str(f"class:{name}") is not None


@pytest.mark.parametrize("theme", ["high-contrast", "none"])
def test_without_colours_what_matters_still_stands_out(theme):
    assert not any("#" in rule or "ansi" in rule for rule in THEMES[theme].values())
    plain = build_style(theme).get_attrs_for_style_str("")
    for name in ("mention", "error", "failed", "unread", "room.mention", "room.current", "link", "question"):
        assert build_style(theme).get_attrs_for_style_str(f"class:{name}") != plain, name


@pytest.mark.parametrize("theme", ["dark", "light", TERMINAL])
def test_nicks_have_different_colours(theme):
    colours = [THEMES[theme][f"nick.{number}"] for number in range(NICK_COLOURS)]
    assert len(set(colours)) == NICK_COLOURS


def test_a_nick_has_one_of_them_and_always_the_same():
    assert nick_class("Ana") == nick_class("ANA")
    assert {nick_class(f"nick{number}") for number in range(300)} == {
        f"class:nick.{number}" for number in range(NICK_COLOURS)
    }


def test_what_one_picks_is_what_one_gets():
    for name in THEME_NAMES[1:]:
        assert theme_for(name, no_color=False, background=WHITE) == name


def test_auto_goes_by_the_background():
    assert theme_for("auto", no_color=False, background=WHITE) == "light"
    assert theme_for("auto", no_color=False, background=BLACK) == "dark"
    assert theme_for("auto", no_color=False, background=rgb("#282c34")) == "dark"
    assert theme_for("auto", no_color=False, background=rgb("#fdf6e3")) == "light"
    assert theme_for("auto", no_color=False, background=None) == TERMINAL
    assert theme_for("a theme of next year", no_color=False, background=None) == TERMINAL


def test_who_wants_no_colour_gets_none():
    for name in THEME_NAMES:
        assert theme_for(name, no_color=True, background=WHITE) == "none"

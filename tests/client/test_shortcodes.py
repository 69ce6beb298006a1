"""Emoji by their names."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from chatapp.client.screen.cells import cells, graphemes
from chatapp.client.shortcodes import emoji_of, matching
from chatapp.irc.visible import visible

ROWS = [
    line.split(" ")
    for line in files("chatapp.client").joinpath("emoji.txt").read_text("utf-8").splitlines()
    if line[0] != "#"
]


@pytest.mark.parametrize(
    "name",
    ["coração", ":coração:", "CORAÇÃO", "coracao", "heart", ":heart", "red_heart", "red-heart", "amor"],
)
def test_a_heart_by_any_name(name):
    assert emoji_of(name) == "❤️"


@pytest.mark.parametrize("name", ["", ":", ":)", "no such thing", ":D", "::"])
def test_what_is_no_name(name):
    assert emoji_of(name) is None


def test_thumbs():
    assert (emoji_of(":+1:"), emoji_of(":-1:"), emoji_of("joinha")) == ("👍", "👎", "👍")


def test_the_best_comes_first_and_each_emoji_once():
    assert matching("cora")[0] == ("❤️", "coração")
    assert len({code.emoji for code in matching("heart", 50)}) == len(matching("heart", 50)) > 10
    assert matching("foguet")[0] == ("🚀", "foguete")
    assert matching("xyzzy") == []
    assert len(matching("a", 7)) == 7


def test_every_row_is_an_emoji_with_names_in_both_languages():
    for emoji, *languages in ROWS:
        assert len(languages) == 2, emoji
        assert emoji == visible(emoji) and len(list(graphemes(emoji))) == 1 and cells(emoji) == 2, emoji
        for name in ",".join(languages).split(","):
            assert re.fullmatch(r"[\w+-]+", name) and name == name.lower(), name


def test_there_are_enough_and_none_twice():
    assert len(ROWS) > 300
    assert len({row[0] for row in ROWS}) == len(ROWS)


def test_no_name_in_a_language_means_two_things():
    for column in (1, 2):
        names = [name for row in ROWS for name in row[column].split(",")]
        assert sorted(names) == sorted(set(names)), [name for name in names if names.count(name) > 1]


def test_no_name_means_one_thing_in_english_and_another_in_portuguese():
    for row in ROWS:
        for name in ",".join(row[1:]).split(","):
            assert emoji_of(name) == row[0], (name, emoji_of(name), row[0])

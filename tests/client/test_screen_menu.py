"""The menu of completions as rows over a picture."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.screen.cells import cells
from chatapp.client.screen.menu import MOST_ROWS, Choice, Menu, lie_over, menu_rows
from chatapp.client.screen.render import Span, row_text


def texts(rows):
    return [row_text(row) for row in rows]


def menu(count=3, picked=None):
    return Menu(tuple(Choice(f"name{number}", f"about {number}") for number in range(count)), picked)


def test_names_and_what_they_are():
    rows = menu_rows(Menu((Choice("/join ROOM", "enter a room"), Choice("/part", ""))), 80, 10)
    assert texts(rows) == [" /join ROOM  enter a room ", " /part                    "]


def test_the_picked_one_looks_different():
    first, second, _third = menu_rows(menu(3, 1), 80, 10)
    assert "current" not in first[0].style
    assert all("current" in span.style for span in second)


@pytest.mark.parametrize("picked", [0, 5, 19])
def test_a_long_menu_shows_what_is_around_the_picked_one(picked):
    rows = texts(menu_rows(menu(20, picked), 80, 10))
    assert len(rows) == MOST_ROWS
    assert any(f" name{picked} " in row for row in rows)


def test_without_room_there_is_no_menu():
    assert menu_rows(menu(), 80, 0) == []
    assert menu_rows(menu(), 2, 5) == []


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4), st.integers(3, 50))
def test_its_rows_are_of_one_width_and_hold_no_controls(names, width):
    rows = texts(menu_rows(Menu(tuple(Choice(name, name) for name in names)), width, 8))
    assert len({cells(row) for row in rows}) == 1
    assert cells(rows[0]) <= width
    assert not any(re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", row) for row in rows)


def test_it_lies_over_the_picture():
    rows = [(Span("", "0123456789"),) for _row in range(4)]
    over = [(Span("m", "AB"),), (Span("m", "CD"),)]
    assert texts(lie_over(rows, over, 3, 2)) == ["0123456789", "012AB56789", "012CD56789", "0123456789"]


def test_it_covers_wide_characters_whole():
    rows = [(Span("", "漢漢漢漢"),)]
    assert texts(lie_over(rows, [(Span("m", "AB"),)], 1, 0)) == [" AB 漢漢"]


def test_it_may_lie_beyond_the_end_of_a_row():
    assert texts(lie_over([(Span("", "x"),)], [(Span("m", "AB"),)], 4, 0)) == ["x   AB"]

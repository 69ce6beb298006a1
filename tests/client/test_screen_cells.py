"""Clusters as terminals differ over them, and rows as the cells that are painted."""

from __future__ import annotations

import pytest

from chatapp.client.screen import layout
from chatapp.client.screen.cells import Traits, adapt, cells
from chatapp.client.screen.probe import QUESTIONS, Probe
from chatapp.client.screen.render import Span

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
TONED, FLAG, HEART, CUP = "\U0001f44d\U0001f3fd", "\U0001f1e7\U0001f1f7", "\u2764\ufe0f", "\u2615\ufe0e"
RAINBOW = "\U0001f3f3\ufe0f\u200d\U0001f308"


@pytest.fixture(autouse=True)
def modern_again():
    yield
    adapt(Traits())
    layout.row_cells.cache_clear()


def test_a_modern_terminal():
    assert [cells(text) for text in (FAMILY, TONED, FLAG, HEART, CUP, RAINBOW)] == [2, 2, 2, 2, 1, 2]


@pytest.mark.parametrize("sign", ["\ua8b4", "\u0301", "\u0e33", "\u093f"])
def test_a_sign_that_stands_behind_another_takes_the_same_alone(sign):
    assert cells(sign) == cells(f" {sign}") - 1 == cells(f"a{sign}") - 1


def test_a_terminal_that_joins_nothing():
    assert adapt(Traits(joins=False, tones=False, flags=False, widens=False, narrows=False))
    assert [cells(text) for text in (FAMILY, TONED, HEART, CUP, RAINBOW)] == [6, 4, 1, 2, 3]
    assert cells(FLAG) in (2, 4)


def test_a_terminal_that_joins_but_does_not_widen():
    adapt(Traits(widens=False, tones=False))
    assert [cells(text) for text in (FAMILY, RAINBOW, HEART)] == [2, 1, 1]


def test_only_a_change_is_one():
    assert not adapt(Traits())


def hear(*columns):
    probe = Probe()
    found = [probe.hear(f"\x1b[1;{column}R") for column in columns]
    assert found[:-1] == [None] * (len(columns) - 1)
    return found[-1]


def test_the_terminal_is_asked_once_for_each_trait():
    assert QUESTIONS.count("\x1b[6n") == len(Traits())


def test_answers_become_traits():
    assert hear(3, 3, 3, 3, 2) == Traits()
    assert hear(3, 5, 3, 2, 3) == Traits(tones=False, widens=False, narrows=False)
    assert hear(7, 5, 5, 2, 3) == Traits(False, False, False, False, False)
    assert hear(3, 3, 3) is None


def test_answers_that_are_none():
    probe = Probe()
    for answer in ("\x1b[R", "\x1b[1R", "\x1b[1;xR", ""):
        assert probe.hear(answer) is None
    for column in (3, 3, 3, 3, 2):
        last = probe.hear(f"\x1b[1;{column}R")
    assert last == Traits()
    assert probe.hear("\x1b[1;9R") is None


def painted(text, width=20, style=""):
    line = layout.row_cells((Span(style, text),), width)
    return [(line[x].char, line[x].width) for x in sorted(line)]


def test_wide_clusters_cover_their_cells():
    assert painted(f"a{FAMILY}b") == [("a", 1), (FAMILY, 2), ("", 0), ("b", 1)]


def test_a_cluster_that_does_not_fit_is_left_out():
    assert painted("a漢", 2) == [("a", 1)]
    assert painted("漢漢", 3) == [("漢", 2), ("", 0)]


def test_marks_that_take_no_cell_go_with_their_neighbour():
    assert painted("\u2068אב\u2069") == [("\u2068א", 1), ("ב\u2069", 1)]
    assert painted("漢\u2069") == [("漢\u2069", 2), ("", 0)]

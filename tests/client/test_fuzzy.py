"""Which names fit a few letters, and in which order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.fuzzy import best, rank

NAMES = ["#late-tea", "#tea", "#tea-time", "#team", "#steak", "tereza", "#ops"]


def found(wanted):
    return best(wanted, NAMES, str)


def test_the_name_itself_then_its_beginning_then_a_word_then_inside_then_scattered():
    assert found("tea") == ["#tea", "#team", "#tea-time", "#late-tea", "#steak", "tereza"]


def test_a_sign_before_the_name_does_not_matter():
    assert found("#tea") == found("tea")
    assert best("@ops", NAMES, str) == ["#ops"]


def test_a_few_letters_in_their_order_are_enough():
    assert found("ttm") == ["#tea-time"]
    assert found("xx") == []


def test_only_a_sign_finds_those_with_it():
    assert best("#", NAMES, str) == [name for name in NAMES if name[0] == "#"]
    assert best("", NAMES, str) == NAMES


def test_no_more_than_asked_for():
    assert len(best("", [str(number) for number in range(1000)], str, 7)) == 7


@given(st.text(), st.text())
def test_a_name_always_fits_itself_and_its_parts(before, after):
    name = before + after
    assert rank(name, name) is not None
    assert rank(after, name) is not None or after[:1] in "#&+!~@"

"""Names that look alike have one skeleton, and others have not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.confusables import _LOOKS, skeleton
from chatapp.irc.names import fold_unicode


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal", "раураl"),  # Cyrillic
        ("Bob", "Воb"),
        ("BOB", "ВОВ"),
        ("maria", "mаriа"),
        ("nick0", "nick٠"),
        ("Kostas", "Κοstas"),  # Greek
        ("ana", "ＡＮＡ"),  # wide
        ("joão", "jоão"),
        ("joão", "joa\u0303o"),
        ("i", "ı"),
    ],
)
def test_what_looks_alike_is_alike(one, other):
    assert skeleton(one) == skeleton(other)
    assert one != other


@pytest.mark.parametrize(
    ("one", "other"),
    [("bob1", "bobl"), ("nick0", "nickO"), ("joao", "joão"), ("BOB", "вов"), ("rn", "m"), ("ана", "aha2")],
)
def test_what_can_be_told_apart_is_not(one, other):
    assert skeleton(one) != skeleton(other)


def test_of_ascii_it_is_the_folded_name():
    assert skeleton("Ana[1]") == fold_unicode("Ana[1]") == "ana[1]"


def test_no_letter_looks_like_two():
    looks = "".join(_LOOKS.values())

    assert len(looks) == len(set(looks))
    assert not any(look.isascii() for look in looks)
    assert all(letter.isascii() and len(letter) == 1 for letter in _LOOKS)


def test_the_table_has_only_letters_and_digits_that_can_be_in_a_name():
    for look in "".join(_LOOKS.values()):
        assert unicodedata.category(look)[0] in "LN", unicodedata.name(look)


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_the_skeleton_of_a_skeleton_is_itself_where_it_is_ascii(name):
    found = skeleton(name)

    assert not found.isascii() or skeleton(found) == found

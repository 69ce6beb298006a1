"""Masks of lists: whom they match, how long they last, and the lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.core.masks import MOST_MINUTES, Mask, MaskList, complete, expiry, parse_mask
from chatapp.core.ports import ListEntry
from chatapp.irc.names import fold_unicode

EVE = "eve!e@host"


def entries(*masks):
    return MaskList(tuple(ListEntry(mask, "ana", 0) for mask in masks), fold_unicode)


@pytest.mark.parametrize(
    ("given_mask", "kept"),
    [
        ("eve", "eve!*@*"),
        ("m:eve", "m:eve!*@*"),
        ("M:*@host", "M:*!*@host"),
        ("t:5:eve", "t:5:eve!*@*"),
        ("t:5:m:eve", "t:5:m:eve!*@*"),
        ("a:Eve", "a:Eve"),
        ("t:5:m:a:eve", "t:5:m:a:eve"),
        ("*!*@2001:db8::*", "*!*@2001:db8::*"),
    ],
)
def test_what_is_missing_is_completed(given_mask, kept):
    assert complete(given_mask, "b") == kept


@pytest.mark.parametrize(
    "mask", ["", "m:", "t:5:", "a:", "t:0:eve", f"t:{MOST_MINUTES + 1}:eve", "z:eve", "m:t:5:x"]
)
def test_what_is_no_mask(mask):
    with pytest.raises(ValueError):
        complete(mask, "b")


def test_what_a_mask_means():
    assert parse_mask("t:5:m:a:eve") == Mask(5, True, True, "eve")
    assert parse_mask("eve!*@*") == Mask(0, False, False, "eve!*@*")
    assert parse_mask("m:*!~eve@*") == Mask(0, True, False, "*!eve@*")
    assert parse_mask("a:!~x") == Mask(0, False, True, "!~x")
    assert expiry(ListEntry("t:5:eve!*@*", "ana", 100)) == 400
    assert expiry(ListEntry("eve!*@*", "ana", 100)) == 0


@given(st.text(st.characters(codec="utf-8"), max_size=30), st.sampled_from("beI"))
def test_whatever_is_completed_stays_and_is_read(text, letter):
    try:
        kept = complete(text, letter)
    except ValueError:
        return

    assert complete(kept, letter) == kept
    assert parse_mask(kept).pattern
    assert not (letter == "I" and parse_mask(kept).is_mute)


def test_mutes_and_other_masks_do_not_mix():
    assert entries("m:eve!*@*").lists(EVE, "", is_mute=True)
    assert not entries("m:eve!*@*").lists(EVE, "")
    assert not entries("eve!*@*").lists(EVE, "", is_mute=True)
    assert not entries().lists(EVE, "")


def test_a_list_remembers_a_bounded_number_of_people():
    found = entries("eve!*@*")
    for number in range(5000):
        assert not found.lists(f"p{number}!u@h", "")

    assert found.lists(EVE, "")
    assert len(found._answers) <= 1024


def test_a_list_knows_what_was_put_in_and_taken_out():
    found = entries("x!*@*")
    assert not found.lists(EVE, "")
    assert found.add(ListEntry("EVE!*@*", "ana", 0))
    assert found.lists(EVE, "")
    assert not found.add(ListEntry("eve!*@*", "bob", 1))
    assert found.take("Eve!*@*") == "EVE!*@*"
    assert found.take("Eve!*@*") == ""
    assert not found.lists(EVE, "")
    assert found == [ListEntry("x!*@*", "ana", 0)]

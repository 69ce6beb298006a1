"""What stands before a mask, and what is left of it."""

from __future__ import annotations

import pytest

from chatapp.irc.extbans import Extended, parse_extended, without_time


@pytest.mark.parametrize(
    ("mask", "parts"),
    [
        ("ana!*@*", (None, False, False, "ana!*@*")),
        ("t:5:ana!*@*", (5, False, False, "ana!*@*")),
        ("t:0:x", (0, False, False, "x")),
        ("T:60:M:A:ana", (60, True, True, "ana")),
        ("m:a:ana", (None, True, True, "ana")),
        ("m:t:5:ana", (None, True, False, "t:5:ana")),
        ("t:12345678:ana", (None, False, False, "t:12345678:ana")),
        ("~q:ana", (None, False, False, "~q:ana")),
        ("a:", (None, False, True, "")),
        ("", (None, False, False, "")),
        ("m:a\nb", (None, True, False, "a\nb")),
    ],
)
def test_a_mask_is_taken_apart(mask, parts):
    assert parse_extended(mask) == Extended(*parts)


@pytest.mark.parametrize(
    ("mask", "rest"),
    [
        ("t:5:m:ana!*@*", "m:ana!*@*"),
        ("T:5:ana", "ana"),
        ("m:ana", "m:ana"),
        ("t:x:ana", "t:x:ana"),
        ("", ""),
    ],
)
def test_the_time_may_be_left_out(mask, rest):
    assert without_time(mask) == rest

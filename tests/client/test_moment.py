from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.moment import format_moment, parse_moment


@given(st.integers(0, 4_000_000_000_000))
def test_a_moment_in_milliseconds_survives(milliseconds):
    written = format_moment(milliseconds / 1000)

    assert round((parse_moment(written) or 0) * 1000) == milliseconds


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-11-20", "2026-11-20T00:00:00", "2026-13-01T00:00:00Z"]
)
def test_what_is_no_moment_is_none(text):
    assert parse_moment(text) is None


@pytest.mark.parametrize("seconds", [1e300, -1e300])
def test_what_no_calendar_holds_is_the_beginning(seconds):
    assert format_moment(seconds) == "1970-01-01T00:00:00.000Z"
    assert math.isfinite(seconds)

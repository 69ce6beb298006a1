"""Stamps: always rising, and the times and ids made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.core.message import Message
from chatapp.core.stamp import Stamps, msgid_of, parse_msgid, parse_time, time_of

NEW_YEAR = 1_767_225_600_000_000
STAMPS = st.integers(0, 2**63 - 1)
#: The end of year 9999, in microseconds.
LAST_DATE = 253_402_300_799_999_999


@given(st.lists(st.integers(0, 2**53)), st.integers(0, 2**53))
def test_stamps_rise_whatever_the_clock_does(clock, last):
    stamps = Stamps(last)

    given_out = [stamps.next(now) for now in clock]

    assert given_out == sorted(set(given_out))
    assert all(stamp > last and stamp >= now for stamp, now in zip(given_out, clock, strict=True))
    assert stamps.last == (given_out[-1] if given_out else last)


def test_a_stamp_is_the_time_if_that_is_free():
    stamps = Stamps()

    assert [stamps.next(now) for now in (5, 9, 9, 2, 30)] == [5, 9, 10, 11, 30]


def test_a_time_has_milliseconds():
    assert time_of(NEW_YEAR) == "2026-01-01T00:00:00.000Z"
    assert time_of(NEW_YEAR + 12_345_678) == "2026-01-01T00:00:12.345Z"


@given(st.integers(0, LAST_DATE))
def test_times_are_read_back_to_the_millisecond(stamp):
    assert parse_time(time_of(stamp)) == stamp - stamp % 1000


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2026-01-01T00:00:00Z", 0),
        ("2026-01-01T00:00:00.5Z", 500_000),
        ("2026-01-01T00:00:00.123456Z", 123_456),
        ("2026-01-01T00:00:00.123456789Z", 123_456),
    ],
)
def test_a_time_may_be_finer_or_coarser(text, micros):
    assert parse_time(text) == NEW_YEAR + micros


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-01-01",
        "2026-01-01T00:00:00.000",
        "2026-01-01T00:00:00.000+01:00",
        "2026-02-30T00:00:00.000Z",
        "2026-01-01T24:00:61.000Z",
        "0000-01-01T00:00:00.000Z",
        "2026-01-01T00:00:00.Z",
        " 2026-01-01T00:00:00.000Z",
        "٢٠٢٦-01-01T00:00:00.000Z",
    ],
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError):
        parse_time(text)


@given(STAMPS)
def test_ids_are_read_back(stamp):
    assert parse_msgid(msgid_of(stamp)) == stamp


@given(STAMPS, STAMPS)
def test_different_stamps_have_different_ids(one, other):
    assert (msgid_of(one) == msgid_of(other)) is (one == other)


def test_ids_are_short_words():
    assert msgid_of(0) == "0"
    assert msgid_of(NEW_YEAR) == "1i791320g00"
    assert msgid_of(2**63 - 1) == "7vvvvvvvvvvvv"


@pytest.mark.parametrize("text", ["", "w", "A", "-1", "0" * 14, "8000000000000", "vvvvvvvvvvvvv", "٣", "a\n"])
def test_what_is_no_id_is_refused(text):
    with pytest.raises(ValueError):
        parse_msgid(text)


def test_a_message_has_its_id_and_time_of_its_stamp_and_is_what_is_kept_of_it():
    message = Message(NEW_YEAR, "JOIN", ":a JOIN #b", "acc", "+x", ":a JOIN #b acc :A")

    assert (message.id, message.time) == (msgid_of(NEW_YEAR), "2026-01-01T00:00:00.000Z")
    assert message == Message(NEW_YEAR, "JOIN", ":a JOIN #b", "acc", "+x", ":a JOIN #b acc :A")
    assert message != Message(NEW_YEAR, "JOIN", ":a JOIN #b", "acc", "+x")
    assert hash(message) == hash(Message(NEW_YEAR, "JOIN", "other"))
    assert message != Message(NEW_YEAR, "JOIN", "other")
    assert message != "a message"
    assert repr(message) == f"<Message {message.id} ':a JOIN #b'>"

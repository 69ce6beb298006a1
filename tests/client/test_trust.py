"""Whether a server is talked to: every row of the two tables, and the words for the person."""

from __future__ import annotations

import pytest

from chatapp.client.trust import (
    Verdict,
    Without,
    first_meeting,
    in_the_clear,
    judge_key,
    key_has_changed,
    key_is_another,
    without_handshake,
)
from chatapp.irc.fingerprint import short

KEY, OTHER = "ab" * 32, "cd" * 32


@pytest.mark.parametrize(
    ("wanted", "known", "verdict"),
    [
        ("", KEY, Verdict.TRUST),
        ("", "", Verdict.MEET),
        ("", OTHER, Verdict.ASK_AUTHORITIES),
        (KEY, "", Verdict.REMEMBER),
        (KEY, KEY, Verdict.REMEMBER),
        (KEY, OTHER, Verdict.REMEMBER),
        (KEY[:32], OTHER, Verdict.REMEMBER),
        (OTHER, "", Verdict.REFUSE),
        (OTHER, KEY, Verdict.REFUSE),
        (OTHER[:32], KEY, Verdict.REFUSE),
    ],
)
def test_a_key(wanted, known, verdict):
    assert judge_key(KEY, known, wanted) is verdict


@pytest.mark.parametrize("is_asked_for", [False, True])
@pytest.mark.parametrize("speaks_tls", [False, True])
def test_where_it_once_had_tls_there_is_no_plain_text(is_asked_for, speaks_tls):
    way = without_handshake(is_known=True, is_asked_for=is_asked_for, speaks_tls=speaks_tls)

    assert way is Without.LATER


@pytest.mark.parametrize(
    ("is_asked_for", "speaks_tls", "way"),
    [
        (False, False, Without.PLAIN),
        (True, False, Without.REFUSE),
        (False, True, Without.REFUSE),
        (True, True, Without.REFUSE),
    ],
)
def test_a_server_that_does_not_shake_hands(is_asked_for, speaks_tls, way):
    assert without_handshake(is_known=False, is_asked_for=is_asked_for, speaks_tls=speaks_tls) is way


def test_a_changed_key_is_told_with_both_and_with_what_to_do():
    words = key_has_changed("tea:1", KEY, OTHER)

    assert "tea:1" in words
    assert f"Known: {short(KEY)}" in words
    assert f"--tls-fingerprint {short(OTHER)}" in words
    assert "nothing was sent" in words


def test_another_key_than_given_is_told_with_both():
    words = key_is_another("tea:1", KEY[:32], OTHER)

    assert f"Given: {short(KEY)}" in words
    assert f"Found: {short(OTHER)}" in words


def test_a_first_meeting_shows_the_key():
    assert short(KEY) in first_meeting(KEY)


@pytest.mark.parametrize("is_wish", [False, True])
def test_plain_text_is_said_plainly(is_wish):
    assert in_the_clear(is_wish).startswith("Not encrypted")

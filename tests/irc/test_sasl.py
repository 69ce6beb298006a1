"""What AUTHENTICATE carries, whole and in pieces; PLAIN and EXTERNAL from both sides."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.sasl import (
    Chunks,
    ExternalClient,
    PlainClient,
    SaslError,
    chunks,
    read_external,
    read_plain,
)


def carried(parts, most=10_000):
    gathered = Chunks(most)
    *early, last = [gathered.add(part) for part in parts]
    assert early == [None] * len(early)
    return last


@given(st.binary(max_size=2000))
def test_what_is_cut_is_put_together_again(response):
    parts = chunks(response)

    assert all(len(part) <= 400 for part in parts)
    assert carried(parts) == response


@pytest.mark.parametrize(("size", "lengths"), [(0, [1]), (299, [400, 1]), (300, [400, 1]), (301, [400, 4])])
def test_a_full_last_chunk_is_followed_by_a_plus(size, lengths):
    assert [len(part) for part in chunks(bytes(size))] == lengths


@pytest.mark.parametrize("text", ["!", "YQ", "YQ=", "é", "YQ==YQ==", " "])
def test_what_is_not_base64_is_refused(text):
    with pytest.raises(SaslError, match="base64"):
        Chunks().add(text)


def test_there_may_not_be_more_than_so_much():
    gathered = Chunks(1000)

    assert [gathered.add("A" * 400), gathered.add("A" * 400)] == [None, None]
    with pytest.raises(SaslError, match="too long"):
        gathered.add("A" * 400)


def test_after_a_whole_response_another_can_come():
    gathered = Chunks()

    assert [gathered.add("YQ=="), gathered.add("+"), gathered.add("Yg==")] == [b"a", b"", b"b"]


def test_plain_from_both_sides():
    client = PlainClient("ana", "pão de queijo")

    assert (client.mechanism, client.is_proven) == ("PLAIN", True)
    assert read_plain(client.answer(b"")) == ("ana", "pão de queijo")
    assert base64.b64encode(PlainClient("ana", "x").answer(b"")) == b"YW5hAGFuYQB4"


def test_nobody_need_say_twice_who_they_are():
    assert read_plain(b"\0ana\0secret") == ("ana", "secret")


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (b"bob\0ana\0secret", "somebody else"),
        (b"\0\0secret", "empty"),
        (b"\0ana\0", "empty"),
        (b"ana\0secret", "NUL between"),
        (b"\0ana\0secret\0", "NUL between"),
        (b"", "NUL between"),
        (b"\0ana\0\xff", "UTF-8"),
        (b"\0ana\0" + "ã".encode() * 513, "too long"),
    ],
)
def test_what_is_wrong_with_plain_is_told(message, why):
    with pytest.raises(SaslError, match=why):
        read_plain(message)


def test_a_password_may_have_1024_bytes():
    assert len(read_plain(b"\0ana\0" + b"p" * 1024).password) == 1024


def test_external_says_whose_the_certificate_is_or_nothing():
    assert read_external(ExternalClient().answer(b"")) == ""
    assert read_external(ExternalClient("ana").answer(b"")) == "ana"
    assert (ExternalClient.mechanism, ExternalClient.is_proven) == ("EXTERNAL", True)

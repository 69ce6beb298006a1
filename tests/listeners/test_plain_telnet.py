"""Telnet's own bytes are taken out wherever the network cuts them, and what is text stays text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.listeners.telnet import Terminal

CASES = [
    (b"hello\n", b"hello\n"),
    (b"hello\r\n", b"hello\n"),
    (b"hello\r\0", b"hello\n"),
    (b"hello\rworld\r", b"hello\nworld\n"),
    (b"a\r\rb", b"a\n\nb"),
    (b"a\n\rb", b"a\n\nb"),
    (b"\xff\xfd\x03\xff\xfb\x18hello\r\n", b"hello\n"),
    (b"he\xff\xf1llo", b"hello"),
    (b"\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0hello", b"hello"),
    (b"\xff\xfa\x1f\x0d\x0a\xff\xff\x00\xff\xf0hello", b"hello"),
    (b"\xff\xffay", b"\xffay"),
    ("é\xff".encode("latin-1") + b"e", b"\xe9\xffe"),
    (b"\xff\r\nx", b"\xff\nx"),
    ("olá 🎉\n".encode(), "olá 🎉\n".encode()),
]
every_case = pytest.mark.parametrize(("sent", "text"), CASES)


@every_case
def test_whole(sent, text):
    assert Terminal().feed(sent) == text


@every_case
def test_byte_by_byte(sent, text):
    terminal = Terminal()

    assert b"".join(terminal.feed(bytes([byte])) for byte in sent) == text


def test_a_flood_of_questions_is_not_answered_to_its_end():
    terminal = Terminal()

    assert terminal.feed(b"\xff\xfd\x01" * 10_000 + b"hello\n") == b"hello\n"
    assert terminal.refusals == b"\xff\xfc\x01" * 512


@given(st.lists(st.text("ab\r\n\0").map(str.encode), max_size=10))
def test_line_ends_are_the_same_however_they_are_cut(pieces):
    whole, bitwise = Terminal(), Terminal()
    sent = b"".join(pieces)

    assert whole.feed(sent) == b"".join(bitwise.feed(bytes([byte])) for byte in sent)


@given(st.lists(st.binary(max_size=20), max_size=10))
def test_where_it_is_cut_changes_nothing(pieces):
    terminal, other = Terminal(), Terminal()

    assert b"".join(map(terminal.feed, pieces)) == other.feed(b"".join(pieces))
    assert terminal.refusals == other.refusals


@given(st.text().map(str.encode))
def test_text_in_utf8_is_never_touched_but_for_its_line_ends(data):
    text = data.replace(b"\r\n", b"\n").replace(b"\r\0", b"\n").replace(b"\r", b"\n")

    assert Terminal().feed(data) == text


def test_what_is_offered_or_asked_for_is_refused_and_a_refusal_is_not_answered():
    terminal = Terminal()

    terminal.feed(b"\xff\xfb\x18\xff\xfd\x06\xff\xfc\x01\xff\xfe\x01")

    assert terminal.refusals == b"\xff\xfe\x18\xff\xfc\x06"


def test_a_subnegotiation_without_an_end_does_not_swallow_all_that_follows():
    terminal = Terminal()

    assert terminal.feed(b"\xff\xfa" + b"x" * 512 + b"hello\n") == b"hello\n"

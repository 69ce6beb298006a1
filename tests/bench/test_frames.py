"""The generator's side of a WebSocket: frames however they are cut, and what is answered."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.bench.websocket import Frames, wrap_lines

LINES = [b"PING :x", b"y" * 125, b"z" * 126, b"w" * 70_000, b"last"]


def frame(payload: bytes, first: int = 0x81) -> bytes:
    """As a server sends it."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 1 << 16:
        return bytes((first, 126)) + size.to_bytes(2, "big") + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload


SENT = b"".join(map(frame, LINES))
HEARD = b"".join(line + b"\r\n" for line in LINES)


@given(st.lists(st.integers(0, len(SENT)), max_size=10))
def test_lines_come_out_whole_however_the_network_cuts(places):
    frames = Frames()
    pieces = [frames.feed(SENT[start:end]) for start, end in pairwise([0, *sorted(places), len(SENT)])]

    assert b"".join(pieces) == HEARD
    assert frames.pending == 0


def test_bytes_one_by_one():
    frames = Frames()

    assert b"".join(frames.feed(bytes((byte,))) for byte in SENT[:400]) == b"PING :x\r\n" + b"y" * 125 + (
        b"\r\n" + b"z" * 126 + b"\r\n"
    )


def test_what_came_behind_the_handshake_is_not_lost():
    assert Frames(frame(b"first")).feed(frame(b"second")) == b"first\r\nsecond\r\n"


def test_a_message_in_pieces_is_one_line():
    frames = Frames()
    heard = frames.feed(frame(b"one ", 0x01) + frame(b"two ", 0x00) + frame(b"three", 0x80))

    assert heard == b"one two three\r\n"


def test_a_ping_is_answered_once_with_what_it_said():
    frames = Frames()

    assert frames.feed(frame(b"hey", 0x89)) == b""
    assert frames.take_answers() == bytes((0x8A, 0x83)) + bytes(4) + b"hey"
    assert frames.take_answers() == b""


def test_a_piece_that_another_has_read_reads_the_same_and_one_in_between_does_not():
    first, second, third = Frames(), Frames(), Frames(frame(b"begun ", 0x01))
    piece = frame(b"one") + frame(b"two")

    assert first.feed(piece) == second.feed(piece) == b"one\r\ntwo\r\n"
    assert third.feed(piece[:3]) == b""
    assert third.feed(piece) != b"one\r\ntwo\r\n"


def test_pings_and_ends_are_never_taken_for_something_seen():
    for frames in (Frames(), Frames()):
        assert frames.feed(frame(b"x", 0x89)) == b""
        assert frames.take_answers() != b""
        frames.feed(frame(b"", 0x88))
        assert frames.is_closed


def test_the_end_is_noticed():
    frames = Frames()
    frames.feed(frame(b"\x03\xe8", 0x88))

    assert frames.is_closed


def test_a_masked_frame_is_no_servers():
    with pytest.raises(ConnectionError, match="masked"):
        Frames().feed(wrap_lines(b"hello\r\n"))


@pytest.mark.parametrize(("size", "header"), [(5, 2), (125, 2), (126, 4), (70_000, 10)])
def test_each_line_goes_out_in_a_masked_message(size, header):
    sent = wrap_lines(b"x" * size + b"\r\n")

    assert (sent[0], sent[1] & 0x80) == (0x81, 0x80)
    assert sent[header : header + 4] == bytes(4)
    assert sent[header + 4 :] == b"x" * size


def test_several_lines_are_several_messages():
    assert wrap_lines(b"a\r\nb\r\n") == wrap_lines(b"a\r\n") + wrap_lines(b"b\r\n")
    assert wrap_lines(b"") == b""

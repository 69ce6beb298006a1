"""Framing: the same lines come out however the network cut the bytes, and little is held."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.framing import BODY_BYTES, CLIENT_TAG_BYTES, SERVER_TAG_BYTES, LineBuffer, is_oversized

LIMIT = 24
RUBBISH = b"\xff\xfe\0\x1b[2J\r\r\n\n\r"
STREAMS = {
    "nothing": (b"", []),
    "half a line": (b"PING", []),
    "CR LF": (b"PING a\r\n", [b"PING a"]),
    "LF": (b"PING a\n", [b"PING a"]),
    "CR CR LF": (b"PING a\r\r\n", [b"PING a"]),
    "CR alone ends nothing": (b"PING\ra\n", [b"PING\ra"]),
    "empty lines": (b"\r\n\n\r\nPING\r\n\n", [b"PING"]),
    "three lines": (b"A\r\nB\nC\r\n", [b"A", b"B", b"C"]),
    "whole and half": (b"A\r\nB", [b"A"]),
    "NUL": (b"A\0B\r\n", [b"A\0B"]),
    "UTF-8": ("olá 👋🏽\r\n".encode(), ["olá 👋🏽".encode()]),
    "invalid UTF-8": (b"\xc3\r\n\xff\n", [b"\xc3", b"\xff"]),
    "blanks": (b" \n  A \r\n", [b" ", b"  A "]),
    "as long as may be": (b"A\n" + b"x" * LIMIT + b"\nB\n", [b"A", b"x" * LIMIT, b"B"]),
    "as long as may be, unfinished": (b"x" * LIMIT, []),
    "too long": (b"A\n" + b"x" * (LIMIT + 1) + b"\nB\n", [b"A"]),
    "too long with CR": (b"A\n" + b"x" * LIMIT + b"\r\nB\n", [b"A"]),
    "too long, unfinished": (b"A\n" + b"x" * (LIMIT * 3), [b"A"]),
}


def feed(chunks, limit=LIMIT):
    buffer = LineBuffer(limit)
    lines = []
    for chunk in chunks:
        lines += buffer.feed(chunk)
        assert len(buffer.pending) <= limit
    return lines, buffer


@pytest.mark.parametrize(("stream", "lines"), STREAMS.values(), ids=STREAMS)
def test_a_stream_gives_its_lines_however_it_is_cut(stream, lines):
    whole, _ = feed([stream])
    assert whole == lines
    assert feed([stream[at : at + 1] for at in range(len(stream))])[0] == lines
    for one in range(len(stream) + 1):
        for two in range(one, len(stream) + 1):
            assert feed([stream[:one], stream[one:two], stream[two:]])[0] == lines


@pytest.mark.parametrize(("stream", "lines"), STREAMS.values(), ids=STREAMS)
def test_rubbish_after_a_stream_changes_nothing_before_it(stream, lines):
    together, _ = feed([stream + RUBBISH])
    assert together[: len(lines)] == lines
    assert feed([stream, RUBBISH])[0] == together
    assert feed([bytes([byte]) for byte in stream + RUBBISH])[0] == together


@given(
    st.binary(max_size=200) | st.lists(st.sampled_from([b"\r", b"\n", b"a", b"xyz" * 9])).map(b"".join),
    st.data(),
)
def test_any_cut_of_any_bytes_gives_the_same(stream, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    chunks = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    whole, uncut = feed([stream])
    pieces, cut = feed(chunks)

    assert pieces == whole
    assert (cut.overflowed, cut.pending) == (uncut.overflowed, uncut.pending)
    assert all(line and b"\n" not in line and len(line) <= LIMIT for line in whole)


def test_what_follows_a_line_that_is_too_long_is_never_taken_for_a_line():
    buffer = LineBuffer(LIMIT)
    assert buffer.feed(b"PRIVMSG #tea :" + b"x" * LIMIT) == []
    assert buffer.overflowed
    assert buffer.feed(b"QUIT\r\nOPER\r\n") == []
    assert buffer.pending == b""


def test_one_mebibyte_without_an_end_is_not_kept():
    buffer = LineBuffer()
    for _ in range(16):
        buffer.feed(b"x" * 65536)
        assert len(buffer.pending) <= 16384
    assert buffer.overflowed


def test_a_buffer_that_had_no_long_line_has_not_overflowed():
    lines, buffer = feed([b"A\r\n" * 100])
    assert len(lines) == 100
    assert not buffer.overflowed


BODY = BODY_BYTES - 2
OVERSIZED = {
    "body that fits": (b"x" * BODY, False),
    "body one over": (b"x" * (BODY + 1), True),
    "tags that fit": (b"@" + b"t" * CLIENT_TAG_BYTES + b" PING", False),
    "tags one over": (b"@" + b"t" * (CLIENT_TAG_BYTES + 1) + b" PING", True),
    "both fit": (b"@" + b"t" * CLIENT_TAG_BYTES + b" " + b"x" * BODY, False),
    "body one over after tags": (b"@a " + b"x" * (BODY + 1), True),
    "tags without a body": (b"@" + b"t" * (CLIENT_TAG_BYTES + 1), True),
    "nothing": (b"", False),
}


@pytest.mark.parametrize(("line", "expected"), OVERSIZED.values(), ids=OVERSIZED)
def test_tags_and_body_have_budgets_of_their_own(line, expected):
    assert is_oversized(line) is expected


def test_a_server_may_send_more_tags_than_a_client():
    line = b"@" + b"t" * SERVER_TAG_BYTES + b" PING"
    assert not is_oversized(line, SERVER_TAG_BYTES)
    assert is_oversized(line)

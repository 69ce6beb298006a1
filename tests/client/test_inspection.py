"""A line of the wire as text, at several widths, and whatever comes in it."""

from __future__ import annotations

import pytest
from client.test_inspector import Wire
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.screen.cells import cells
from chatapp.client.screen.inspection import DUMPED_BYTES, record_rows
from chatapp.client.screen.render import row_text

SAID = "@label=c3 PRIVMSG #lobby :olá 👋\r\n".encode()


@pytest.fixture
def wire():
    return Wire()


def test_at_sixty_columns(wire):
    wire.sends(SAID)
    assert wire.text(60).split("\n") == [
        "0.100 s · connected: TCP, here → there",
        "",
        "→ sent · 0.200 s · 37 bytes, 33 characters",
        "  @label=c3 PRIVMSG #lobby :olá 👋",
        "  tag        label=c3 · which question this answers: the",
        "             number that was sent with it",
        "  command    PRIVMSG · says something to a room or a person",
        "  parameter  #lobby · the room or the person that it is for",
        "  parameter  olá 👋 · what is said",
        "  transport  TCP, write 1: 37 bytes, this line alone",
        "",
        "  @        l        a        b        e        l",
        "  40       6C       61       62       65       6C",
        "  01000000 01101100 01100001 01100010 01100101 01101100",
        "  =        c        3        ␣        P        R",
        "  3D       63       33       20       50       52",
        "  00111101 01100011 00110011 00100000 01010000 01010010",
        "  I        V        M        S        G        ␣",
        "  49       56       4D       53       47       20",
        "  01001001 01010110 01001101 01010011 01000111 00100000",
        "  #        l        o        b        b        y",
        "  23       6C       6F       62       62       79",
        "  00100011 01101100 01101111 01100010 01100010 01111001",
        "  ␣        :        o        l        á ──────────────┐",
        "  20       3A       6F       6C       C3       A1",
        "  00100000 00111010 01101111 01101100 11000011 10100001",
        "  ␣        👋 ───────────────────────────────┐ CR",
        "  20       F0       9F       91       8B       0D",
        "  00100000 11110000 10011111 10010001 10001011 00001101",
        "  LF",
        "  0A",
        "  00001010",
        "  á          U+00E1 = C3 A1 · LATIN SMALL LETTER A WITH",
        "             ACUTE",
        "  👋         U+1F44B = F0 9F 91 8B · WAVING HAND SIGN",
        "",
    ]


def test_at_a_hundred_and_twenty_columns(wire):
    wire.hears(b"PASS secret\r\n")
    assert wire.text(120).split("\n")[2:] == [
        "← received · 0.200 s · 13 bytes",
        "  PASS ******",
        "  command    PASS · gives the password of the server",
        "  parameter  ****** · hidden: it may hold a password",
        "  transport  TCP, read 1: 13 bytes, this line alone",
        "",
        "  P        A        S        S        ␣        *        *        *",
        "  50       41       53       53       20       **       **       **",
        "  01010000 01000001 01010011 01010011 00100000 ******** ******** ********",
        "  *        *        *        CR       LF",
        "  **       **       **       0D       0A",
        "  ******** ******** ******** 00001101 00001010",
        "",
    ]


def test_bytes_that_are_no_text_are_said_to_be_none(wire):
    wire.hears(b"X \xc3(\xff\x1b\r\n")
    rows = wire.text(80).split("\n")
    assert "  X        ␣        ?        (        ?        ESC      CR       LF" in rows
    assert "  58       20       C3       28       FF       1B       0D       0A" in rows


def test_joiners_flags_and_marks_have_names(wire):
    wire.hears("X e\u0301\u200d\ufe0f\U0001f1e7\U0001f1f7\u202e\r\n".encode())
    text = wire.text(80)
    for shown in ("◌\u0301 ─", "ZWJ ─", "VS16 ─", "[B] ─", "[R] ─", "U+202E ─", "RIGHT-TO-LEFT OVERRIDE"):
        assert shown in text
    assert "\u202e" not in text


def test_a_very_long_line_is_cut_and_says_so(wire):
    wire.hears(b"PRIVMSG #tea :" + b"x" * 10_000 + b"\r\n")
    text = wire.text(80)
    assert f"… {10_016 - DUMPED_BYTES} bytes more" in text


@given(st.binary(max_size=300), st.sampled_from([1, 2, 5, 20, 37, 60, 73, 120]))
def test_whatever_comes_is_shown_safely_within_its_width(data, width):
    wire = Wire()
    wire.hears(data + b"\n")
    for record in wire.recorder.records:
        for row in record_rows(record, width):
            text = row_text(row)
            assert not any(char < " " or "\x7f" <= char < "\xa0" or char in "\u202e\u200b" for char in text)
            if width >= 20:
                assert cells(text.rstrip()) <= width


def test_half_a_megabyte_of_nothing_costs_little(wire):
    wire.hears(b" " * (1 << 19) + b"\n")
    assert len(wire.text(80).split("\n")) < 2000

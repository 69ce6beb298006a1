"""Entries as rows of text: snapshots at several widths, hostile fields, wide and combining text."""

from __future__ import annotations

import unicodedata
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.buffer import Entry, EntryKind, EntryState
from chatapp.client.screen.cells import cells, cut, graphemes, pieces, shorten, wrap
from chatapp.client.screen.render import (
    clock,
    day_line,
    flow_rows,
    isolate,
    pad,
    render_entry,
    row_text,
    unread_line,
)

NOON = 1_760_000_000.0
ESC = "\x1b"


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch):
    monkeypatch.setattr(
        "chatapp.client.screen.times.time.localtime", lambda _seconds: (2025, 1, 1, 12, 34, 0, 2, 1, 0)
    )


def entry(text, kind=EntryKind.MESSAGE, nick="Ana", **more):
    return Entry(kind, NOON, text, nick=nick, **more)


def shown(an_entry, width):
    return [row_text(row) for row in render_entry(an_entry, width)]


LONG = "um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze"


def test_a_message_at_three_widths():
    assert shown(entry(LONG), 120) == [f"12:34 <Ana> {LONG}"]
    assert shown(entry(LONG), 80) == [
        "12:34 <Ana> um dois três quatro cinco seis sete oito nove dez onze doze treze",
        "      catorze quinze",
    ]
    assert shown(entry(LONG), 40) == [
        "12:34 <Ana> um dois três quatro cinco",
        "      seis sete oito nove dez onze doze",
        "      treze catorze quinze",
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (EntryKind.MESSAGE, "12:34 <Ana> oi"),
        (EntryKind.ACTION, "12:34 * Ana oi"),
        (EntryKind.NOTICE, "12:34 -Ana- oi"),
        (EntryKind.EVENT, "12:34 · oi"),
        (EntryKind.INFO, "12:34 · oi"),
        (EntryKind.ERROR, "12:34 ! oi"),
    ],
)
def test_each_kind_has_its_own_look(kind, expected):
    assert shown(entry("oi", kind), 80) == [expected]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (EntryState.SENDING, "12:34 <Ana> oi …"),
        (EntryState.WAITING, "12:34 <Ana> oi (waiting for the connection)"),
        (EntryState.FAILED, "12:34 <Ana> oi (not sent)"),
        (EntryState.SENT, "12:34 <Ana> oi"),
    ],
)
def test_an_own_message_says_how_far_it_has_come(state, expected):
    assert shown(entry("oi", own=True, state=state), 80) == [expected]


def test_a_narrow_screen_drops_the_time_rather_than_the_words():
    assert shown(entry("hello world"), 12) == ["<Ana> hello", "world"]


def test_wide_text_is_measured_in_cells():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
    assert cells(family) == 2
    assert cells("\U0001f1e7\U0001f1f7") == 2
    assert cells("e\u0301") == 1
    assert shown(entry(f"{family} " * 14), 40) == [
        "12:34 <Ana> " + " ".join([family] * 9),
        "      " + " ".join([family] * 5),
    ]


def test_chinese_without_blanks_is_cut_between_characters():
    rows = shown(entry("漢" * 40), 40)
    assert all(cells(row) <= 40 for row in rows)
    assert "".join(rows).count("漢") == 40


HOSTILE = [
    f"{ESC}[2J{ESC}[H",
    f"{ESC}]0;title\x07",
    "\x9b31m",
    "\x00\x07\x08\x0d\x0a\x7f",
    "\u202egnirts\u202c",
    "\u2066\u2067\u2069",
    "a\u200b\u200e\u2060\ufeffb",
    "\U000e0041\U000e0042",
    "\ufffe\uffff\ud800",
    "Z" + "\u0301" * 60,
    "\u2028\u2029\x85",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", EntryKind)
@pytest.mark.parametrize("width", [1, 7, 40, 120])
def test_no_field_lets_a_control_through(text, kind, width):
    for row in render_entry(entry(f"x {text} y", kind, nick=f"n{text}"), width):
        for char in row_text(row):
            assert unicodedata.category(char) not in ("Cc", "Zl", "Zp", "Cs"), repr(char)
            assert char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u200e\u200f\u200b"


def test_formatting_becomes_style_and_never_text():
    (row,) = render_entry(entry("\x02bold\x02 \x0304red\x03 plain"), 80)
    styles = {span.text: span.style for span in row}
    assert "bold" in styles["bold"]
    assert styles["red"] == "class:ink.4"
    assert row_text(row) == "12:34 <Ana> bold red plain"


def test_a_mention_stands_out():
    (row,) = render_entry(entry("Bruno: oi", mention=True), 80)
    assert row[-1].style == "class:mention"


def test_a_text_cannot_pass_for_another_row():
    rows = shown(entry("x" * 60 + " 12:35 <Bruno> I owe you"), 40)
    assert all(row.startswith("      ") for row in rows[1:])


def test_right_to_left_text_is_isolated():
    assert isolate("abc") == "abc"
    assert isolate("שלום") == "\u2068שלום\u2069"
    assert shown(entry("123", nick="דנה"), 80) == ["12:34 <\u2068דנה\u2069> 123"]
    for row in shown(entry("שלום " * 30), 40):
        assert row.count("\u2068") == row.count("\u2069") >= 1


def test_the_lines_between():
    assert row_text(day_line(date(2026, 11, 20), 40)) == "─────── Friday, 20 November 2026 ───────"
    assert row_text(unread_line(30)) == "──────── new messages ────────"
    assert cells(row_text(unread_line(3))) == 3


def test_a_time_that_no_calendar_has(monkeypatch):
    monkeypatch.undo()
    assert clock(1e300) == "--:--"
    assert clock(float("nan")) == "--:--"


def test_padding_is_exact():
    (row,) = flow_rows(entry_spans("漢字"), 10)
    assert cells(row_text(pad(row, 3))) == 3
    assert cells(row_text(pad(row, 9))) == 9


def entry_spans(text):
    return [render_entry(entry(text), 80)[0][-1]]


text = st.text(
    alphabet=st.sampled_from("ab  漢é\u0301\U0001f468\u200d\U0001f469\U0001f1e7\U0001f1f7-"), max_size=60
)


@given(text, st.integers(1, 30))
def test_wrapping_loses_nothing_but_blanks_and_keeps_the_width(words, width):
    rows = wrap(words, width)
    joined = "".join(words[start:end] for start, end in rows)
    assert joined.replace(" ", "") == words.replace(" ", "")
    assert all(a[1] <= b[0] for a, b in pairwise(rows))
    for start, end in rows:
        piece = words[start:end]
        assert cells(piece) <= width or len(list(graphemes(piece))) == 1


@given(text, st.integers(1, 30))
def test_pieces_put_together_are_the_text(words, width):
    parts = pieces(words, width)
    assert "".join(parts) == words
    assert all(cells(part) <= width or len(list(graphemes(part))) == 1 for part in parts)


@given(text, st.integers(0, 30))
def test_a_cut_fits(words, width):
    assert cells(cut(words, width)) <= width
    assert cells(shorten(words, width)) <= width
    assert words.startswith(cut(words, width))

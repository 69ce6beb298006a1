"""Texts: cut without harm, CTCP and formatting codes read and written."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.line import UnsafeLine
from chatapp.irc.text import (
    Span,
    cut_bytes,
    format_ctcp,
    parse_ctcp,
    parse_formatting,
    split_message,
    strip_formatting,
)

FAMILY = "👨‍👩‍👧"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
pieces = st.lists(
    st.sampled_from(["a", " ", "ã", "a\u0301", "👋🏽", FAMILY, ENGLAND, "🇧🇷", "❤️", "漢", "\ud800", "word "])
)
anything = st.text() | pieces.map("".join)


def size(text):
    return len(text.encode(errors="surrogatepass"))


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("olá", 10, "olá"),
        ("olá", 4, "olá"),
        ("olá", 3, "ol"),
        ("olá", 0, ""),
        ("olá", -1, ""),
        ("", 5, ""),
        ("👋", 3, ""),
        ("ae\u0301", 2, "a"),
        ("a" + "👋🏽", 5, "a"),
        ("a" + FAMILY, 15, "a"),
        ("a" + FAMILY + "b", 19, "a" + FAMILY),
        ("a" + ENGLAND, 28, "a"),
        ("🇧🇷🇵🇹", 15, "🇧🇷"),
        ("a❤️", 6, "a"),
        ("กำ", 6, "กำ"),
        ("a" + "\u0301" * 200, 101, "a" + "\u0301" * 50),
        ("ab\ud800", 4, "ab"),
    ],
)
def test_a_text_is_cut_between_what_is_shown_as_one(text, limit, cut):
    assert cut_bytes(text, limit) == cut


@given(anything, st.integers(-1, 60))
def test_a_cut_is_a_beginning_that_fits(text, limit):
    cut = cut_bytes(text, limit)
    assert text.startswith(cut)
    assert size(cut) <= max(limit, 0)
    assert (cut == text) == (size(text) <= max(limit, 0))


@given(st.text("abc ", max_size=50), st.integers(0, 60))
def test_of_plain_text_as_much_as_fits_is_kept(text, limit):
    assert cut_bytes(text, limit) == text[:limit]


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, []),
        ("hello", 10, ["hello"]),
        ("hello world", 11, ["hello world"]),
        ("hello world", 8, ["hello ", "world"]),
        ("hello wonderful world", 8, ["hello ", "wonderfu", "l world"]),
        ("     ", 4, ["    ", " "]),
        ("olá olá", 5, ["olá ", "olá"]),
        ("ããã", 4, ["ãã", "ã"]),
        (FAMILY, 4, ["👨", "\u200d", "👩", "\u200d", "👧"]),
        ("hi " + FAMILY, 18, ["hi ", FAMILY]),
    ],
)
def test_a_long_message_is_split_after_blanks(text, limit, parts):
    assert split_message(text, limit) == parts


@given(anything, st.integers(4, 60))
def test_the_parts_together_are_the_message(text, limit):
    parts = split_message(text, limit)
    assert "".join(parts) == text
    assert all(1 <= size(part) <= limit for part in parts)


@given(st.text("ab ", max_size=80), st.integers(4, 20))
def test_a_word_that_fits_is_never_parted(text, limit):
    parts = split_message(text, limit)
    for before, after in pairwise(parts):
        if before[-1] != " " and after[0] != " ":
            word = before + after.split(" ")[0]
            assert " " not in before
            assert len(word) > limit


def test_a_part_has_room_for_any_character():
    with pytest.raises(ValueError, match="4 bytes"):
        split_message("a", 3)


def test_a_megabyte_is_split_at_once():
    parts = split_message("\u0301" * 250_000 + " " * 250_000, 400)
    assert sum(map(len, parts)) == 500_000


@pytest.mark.parametrize(
    ("text", "ctcp"),
    [
        ("\x01ACTION waves\x01", ("ACTION", "waves")),
        ("\x01action waves", ("ACTION", "waves")),
        ("\x01VERSION\x01", ("VERSION", "")),
        ("\x01PING 1 2 \x01", ("PING", "1 2 ")),
        ("\x01ACTION \x01", ("ACTION", "")),
        ("\x01\x01", None),
        ("\x01", None),
        ("\x01 a\x01", None),
        ("hi \x01ACTION\x01", None),
        ("", None),
    ],
)
def test_ctcp_is_read(text, ctcp):
    assert parse_ctcp(text) == ctcp


@given(st.from_regex("[A-Z]+", fullmatch=True), st.text(st.characters(exclude_characters="\x01")))
def test_ctcp_that_is_written_reads_the_same(command, text):
    assert parse_ctcp(format_ctcp(command, text)) == (command, text)


@pytest.mark.parametrize(("command", "text"), [("", "a"), ("A B", ""), ("A\x01", ""), ("ACTION", "a\x01b")])
def test_ctcp_that_would_end_early_is_refused(command, text):
    with pytest.raises(UnsafeLine):
        format_ctcp(command, text)


FORMATTED = {
    "plain": ("olá", [Span("olá")]),
    "nothing": ("", []),
    "codes alone": ("\x02\x02\x0f", []),
    "bold": ("a\x02b\x02c", [Span("a"), Span("b", bold=True), Span("c")]),
    "italic": ("\x1da", [Span("a", italic=True)]),
    "underline": ("\x1fa", [Span("a", underline=True)]),
    "strike": ("\x1ea", [Span("a", strike=True)]),
    "monospace": ("\x11a", [Span("a", monospace=True)]),
    "reverse": ("\x16a", [Span("a", reverse=True)]),
    "together": ("\x02\x1da\x0fb", [Span("a", bold=True, italic=True), Span("b")]),
    "colour": ("\x034a\x03b", [Span("a", fg=4), Span("b")]),
    "two digits, then a digit": ("\x03042", [Span("2", fg=4)]),
    "background": ("\x034,12a\x037b\x03c", [Span("a", fg=4, bg=12), Span("b", fg=7, bg=12), Span("c")]),
    "a comma that is text": ("\x034,a", [Span(",a", fg=4)]),
    "a comma without a colour": ("\x03,4a", [Span(",4a")]),
    "default colours": ("\x034,5a\x0399,99b", [Span("a", fg=4, bg=5), Span("b")]),
    "hex": ("\x04FF8000,00ff00a\x04b", [Span("a", fg="#ff8000", bg="#00ff00"), Span("b")]),
    "short hex": ("\x04FF80a", [Span("FF80a")]),
    "digits of another script": ("\x03٣a", [Span("٣a")]),
    "bold in colour": ("\x034\x02a\x03b", [Span("a", bold=True, fg=4), Span("b", bold=True)]),
    "other controls stay": ("\x02a\x1b[1m", [Span("a\x1b[1m", bold=True)]),
}


@pytest.mark.parametrize(("text", "spans"), FORMATTED.values(), ids=FORMATTED)
def test_formatting_is_read(text, spans):
    assert parse_formatting(text) == spans


@given(st.text(st.sampled_from("\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f,0159aF ã\n"), max_size=40))
def test_spans_say_what_is_left_without_codes(text):
    spans = parse_formatting(text)
    assert "".join(span.text for span in spans) == strip_formatting(text)
    assert all(span.text for span in spans)
    assert not set(strip_formatting(text)) & set("\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f")

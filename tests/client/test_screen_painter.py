"""What the painter writes, put on a terminal: it shows the picture, and nothing of it is obeyed."""

from __future__ import annotations

import re

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from chatapp.client.screen.painter import Cursor, Painter
from chatapp.client.screen.painter_looks import Looks, opening, split_link
from chatapp.client.screen.painter_rows import safe
from chatapp.client.screen.render import Span

HOME = Cursor(0, 0)
RULES = {"nick": "bold ansicyan", "bar": "reverse", "rgb": "#ff8800", "under": "underline"}


def looks(depth=ColorDepth.DEPTH_4_BIT):
    return Looks(Style.from_dict(RULES), depth)


class Board:
    """A painter and the terminal it paints on."""

    def __init__(self, width=20, height=4, depth=ColorDepth.DEPTH_4_BIT):
        self.painter = Painter(looks(depth))
        self.painter.resize(width, height)
        self.screen = pyte.Screen(width, height)
        self.stream = pyte.Stream(self.screen)
        self.width = width
        self.data = ""

    def paint(self, *rows, cursor=HOME, budget=1 << 30):
        frame = self.painter.paint([as_row(row) for row in rows], cursor, budget)
        return self.take(frame)

    def take(self, frame):
        self.data = frame.data
        self.stream.feed(frame.data)
        return frame

    @property
    def lines(self):
        return [line.rstrip() for line in self.screen.display]


def as_row(row):
    return (Span("", row),) if isinstance(row, str) else tuple(Span(*span) for span in row)


def test_a_picture_is_shown_and_the_cursor_placed_last():
    board = Board()
    board.paint("one", [("class:nick", "Ana"), ("", " two")], "", "> x", cursor=Cursor(3, 3))
    assert board.lines == ["one", "Ana two", "", "> x"]
    assert (board.screen.cursor.x, board.screen.cursor.y) == (3, 3)
    assert not board.screen.cursor.hidden
    assert board.screen.buffer[1][0].fg == "cyan"
    assert board.screen.buffer[1][0].bold
    assert board.screen.buffer[1][4].fg == "default"


def test_many_rows_are_one_synchronised_update():
    board = Board()
    board.paint("one", "two", "", "")
    assert board.data.startswith("\x1b[?2026h")
    assert board.data.endswith("\x1b[?2026l")


def test_what_is_shown_already_is_not_written():
    board = Board()
    board.paint("one", "two", "three", "> x", cursor=Cursor(3, 3))
    board.paint("one", "two", "three", "> x", cursor=Cursor(3, 3))
    assert board.data == ""
    board.paint("one", "two", "three", "> xy", cursor=Cursor(4, 3))
    assert board.data == "\x1b[4;4Hy\x1b[4;5H"
    board.paint("one", "two", "three", "> xy", cursor=Cursor(2, 3))
    assert board.data == "\x1b[4;3H"
    board.paint("one", "2", "three", "> xy", cursor=Cursor(2, 3))
    assert board.lines == ["one", "2", "three", "> xy"]


def test_what_stands_beside_a_message_is_not_written_again():
    board = Board(30, 1)
    side = [("class:bar", "│"), ("", "0 here")]
    board.paint([("", "a long message"), ("", " " * 6), *side])
    board.paint([("", "short"), ("", " " * 15), *side])
    assert board.lines == ["short" + " " * 15 + "│0 here"]
    assert "here" not in board.data


def test_a_look_with_a_background_is_seen_in_blanks():
    board = Board(10, 1)
    board.paint([("class:bar", "  "), ("", "  "), ("class:bar", "  ")])
    seen = "".join("x" if board.screen.buffer[0][x].reverse else "." for x in range(10))
    assert seen == "xx..xx...."


def test_a_row_that_is_too_long_is_cut():
    board = Board(4, 2)
    board.paint("abcdef", "漢字漢")
    assert board.lines[0] == "abcd"
    assert board.lines[1].replace(" ", "") == "漢字"


def test_the_persons_own_part_is_painted_alone():
    board = Board()
    board.paint("one", "two", "status", "> ")
    board.take(board.painter.paint_own([as_row("status"), as_row("> x")], 2, Cursor(3, 3)))
    assert board.data == "\x1b[4;3Hx\x1b[4;4H"


def test_a_small_budget_makes_several_frames_of_a_picture():
    board = Board(20, 4)
    rows = ["a" * 20, "b" * 20, "c" * 20, "d" * 20]
    frames = [board.paint(*rows, budget=30)]
    while not frames[-1].is_whole:
        frames.append(board.paint(*rows, budget=30))
    assert len(frames) == 2
    assert board.lines == rows
    assert board.paint(*rows, budget=30).data == ""


def test_another_size_and_a_screen_that_was_forgotten_are_painted_whole():
    board = Board()
    board.paint("one", "two", "", "")
    board.screen.reset()
    board.painter.forget()
    board.paint("one", "two", "", "")
    assert board.lines[:2] == ["one", "two"]
    board.painter.resize(10, 2)
    board.screen.resize(2, 10)
    board.paint("uno", "dos")
    assert board.lines == ["uno", "dos"]


def test_a_terminal_of_other_widths_keeps_its_columns():
    # pyte takes a flag for two characters of two cells each: what stands behind it is sent to its column.
    board = Board(20, 1)
    board.paint([("", "\U0001f1e7\U0001f1f7 x"), ("", " " * 6), ("class:bar", "│")])
    assert board.screen.buffer[0][10].data == "│"
    board.paint([("", "short"), ("", " " * 5), ("class:bar", "│")])
    assert board.lines == ["short     │"]


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (ColorDepth.DEPTH_1_BIT, "\x1b[m"),
        (ColorDepth.DEPTH_4_BIT, "\x1b[0;33m"),
        (ColorDepth.DEPTH_8_BIT, "\x1b[0;38;5;208m"),
        (ColorDepth.DEPTH_24_BIT, "\x1b[0;38;2;255;136;0m"),
    ],
)
def test_colours_at_each_depth(depth, expected):
    assert looks(depth)("class:rgb").sgr == expected


def test_a_style_that_is_none_looks_like_nothing_special():
    assert looks()("fg:nonsense link=https://a.example").sgr == "\x1b[m"


def test_looks_are_right_until_the_style_or_the_depth_changes():
    some = looks()
    assert some.is_right_for(ColorDepth.DEPTH_4_BIT)
    assert not some.is_right_for(ColorDepth.DEPTH_24_BIT)


def test_a_link_is_opened_and_closed():
    board = Board(30, 1)
    board.paint([("", "see "), ("class:under link=https://a.example/b", "here"), ("", " ok")])
    assert board.lines == ["see here ok"]
    links = re.findall(r"\x1b\]8;([^;]*);([^\x1b]*)\x1b\\", board.data)
    assert [url for _id, url in links] == ["https://a.example/b", ""]
    assert board.data.index("here") < board.data.rindex("\x1b]8;;\x1b\\")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "", "https:", "x", "https://a/" + "b" * 3000],
)
def test_what_is_no_address_is_no_link(url):
    assert opening(url) == ""


@given(st.text(max_size=50))
def test_no_address_breaks_out_of_its_sequence(text):
    written = opening("https://a/" + text)
    assert written == "" or re.fullmatch(r"\x1b\]8;id=[0-9a-f]{8};https://[!-~]*\x1b\\", written)


def test_links_and_styles_are_told_apart():
    assert split_link("class:a bold") == ("class:a bold", "")
    assert split_link("class:a link=https://x bold") == ("class:a bold", "https://x")


HOSTILE = st.text(st.characters(codec="utf-16", exclude_categories=()), max_size=30) | st.text(
    "\x00\x07\x08\x0a\x0d\x0e\x1b[]\\;?0123mHJ\x7f\x84\x90\x9b\x9c\x9d\x9f", max_size=30
)
#: What the painter itself says, and nothing beyond: moving, erasing, colours, its update and its cursor.
OURS = re.compile(r"\x1b\[(?:[0-9;]*[HGXKm]|\?(?:2026|25)[hl])|\x1b\]8;[^\x1b\x07]*\x1b\\")


@given(st.lists(st.lists(HOSTILE, max_size=3), min_size=3, max_size=3))
def test_whatever_a_span_holds_is_text(rows):
    board = Board(20, 3)
    board.data = board.painter.paint(
        [tuple(Span("class:nick", text) for text in row) for row in rows], Cursor(0, 0)
    ).data
    rest = OURS.sub("", board.data)
    assert not re.search("[\x00-\x1f\x7f-\x9f]", rest)


def test_controls_are_shown():
    assert safe("a\x1b[2J\x07\x7f\x9b") == "a\u241b[2J\u2407\u2421\ufffd"
    assert safe("olá 漢") == "olá 漢"


ROW = st.lists(
    st.tuples(
        st.sampled_from(["", "class:nick", "class:bar", "class:under"]),
        st.text("ab é│ 漢", max_size=12),
    ),
    max_size=5,
)


def test_rows_that_only_go_up_are_moved_by_the_terminal():
    board = Board(40, 12)
    side = [[("", "│ room")] if y < 3 else [("", "│")] for y in range(10)]
    for first in (0, 2, 1):
        texts = [f"message number {number:04} of many".ljust(30) for number in range(first, first + 10)]
        rows = [[("", text), *beside] for text, beside in zip(texts, side, strict=True)]
        board.take(board.painter.paint([as_row(row) for row in [*rows, "status", "> x"]], HOME, moving=10))
        expected = ["".join(text for _style, text in row) for row in rows]
        assert board.lines == [*(line.rstrip() for line in expected), "status", "> x"]
        assert first == 0 or len(board.data) < 250


@pytest.mark.slow
@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from([12, 9])), min_size=2, max_size=5),
    st.lists(ROW.filter(bool), min_size=24, max_size=24),
)
def test_after_any_moves_the_terminal_shows_what_a_new_one_would(places, rows):
    board = Board(20, 14)
    for first, moving in places:
        picture = [as_row(row) for row in [*rows[first : first + 12], "status", "> x"]]
        board.take(board.painter.paint(picture, HOME, moving=moving))
    fresh = Board(20, 14)
    fresh.take(fresh.painter.paint(picture, HOME))
    assert board.screen.display == fresh.screen.display
    assert board.screen.margins is None


@pytest.mark.slow
@settings(max_examples=200)
@given(st.lists(st.tuples(ROW, ROW), min_size=2, max_size=6), st.sampled_from([10, 30]))
def test_after_any_changes_the_terminal_shows_what_a_new_one_would(pictures, width):
    board = Board(width, 2)
    for picture in pictures:
        board.paint(*picture, cursor=Cursor(1, 1))
    fresh = Board(width, 2)
    fresh.paint(*pictures[-1], cursor=Cursor(1, 1))
    assert board.screen.display == fresh.screen.display
    for y in range(2):
        for x in range(width):
            mine, theirs = board.screen.buffer[y][x], fresh.screen.buffer[y][x]
            assert (mine.data, mine.fg, mine.reverse, mine.underscore) == (
                theirs.data,
                theirs.fg,
                theirs.reverse,
                theirs.underscore,
            )

"""The input line as rows, walking through what was said, and what may be sent."""

from __future__ import annotations

from chatapp.client.screen.draft import draft_view
from chatapp.client.screen.editing import HistoryWalk, count_lines, sendable
from chatapp.client.screen.render import row_text

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def view(text, cursor=None, width=40, rows=10, prompt="[#tea] "):
    found = draft_view(prompt, text, len(text) if cursor is None else cursor, width, rows)
    return [row_text(row) for row in found.rows], (found.cursor_x, found.cursor_y)


def test_one_line():
    assert view("hello") == (["[#tea] hello"], (12, 0))
    assert view("") == (["[#tea] "], (7, 0))
    assert view("hello", 2) == (["[#tea] hello"], (9, 0))


def test_the_cursor_stands_right_after_wide_characters():
    assert view(f"a{FAMILY}")[1] == (10, 0)
    assert view("e\u0301")[1] == (8, 0)
    assert view("漢字", 1)[1] == (9, 0)


def test_a_long_line_goes_on_below():
    assert view("abcdefghij", width=14) == (["[#tea] abcdefg", "       hij"], (10, 1))
    assert view("abcdefg", width=14) == (["[#tea] abcdefg", "       "], (7, 1))
    assert view("abcdefg", 6, width=14) == (["[#tea] abcdefg"], (13, 0))


def test_lines_are_numbered():
    assert view("one\ntwo\nthree") == (["[#tea] one", "    2│ two", "    3│ three"], (12, 2))


def test_many_lines_show_those_around_the_cursor():
    text = "\n".join(str(number) for number in range(1, 201))
    rows, cursor = view(text, rows=3)
    assert rows == ["  198│ 198", "  199│ 199", "  200│ 200"]
    assert cursor == (10, 2)
    assert view(text, 0, rows=3) == (["[#tea] 1", "    2│ 2", "    3│ 3"], (7, 0))
    rows, (_, y) = view(text, text.index("\n100") + 2, rows=3)
    assert rows[y] == "  100│ 100"


def test_a_narrow_screen_has_a_short_prompt():
    assert view("abc", width=10) == (["> abc"], (5, 0))
    rows, (x, _) = view("abc", width=2)
    assert x < 2
    assert rows


def test_controls_that_were_pasted_are_shown():
    rows, _ = view("a\x1b[2Jb\tc")
    assert "\x1b" not in rows[0]
    assert "\t" not in rows[0]


def test_walking_through_what_was_said():
    walk = HistoryWalk()
    said = ["one", "two"]
    assert walk.older(said, "half") == "two"
    assert walk.older(said, "two") == "one"
    assert walk.older(said, "one") is None
    assert walk.newer(said, "one!") == "two"
    assert walk.newer(said, "two") == "half"
    assert walk.newer(said, "half") is None
    assert walk.older(said, "half") == "two"
    assert walk.older(said, "two") == "one!"


def test_what_may_be_sent():
    assert sendable("a\r\nb\rc\0\n\n") == "a\nb\nc"
    assert count_lines("a\n\n b\n  \n") == 2
    assert count_lines("x" * 4000) > 5
    assert count_lines("") == 0


def styled(*args, **kwargs):
    return [[(span.style, span.text) for span in row[1:]] for row in draft_view(*args, **kwargs).rows]


def test_what_is_selected_stands_out():
    assert styled("> ", "um dois tres", 3, 40, 5, (3, 7)) == [
        [("", "um "), ("class:selected", "dois"), ("", " tres")]
    ]
    assert styled("> ", "abc", 0, 40, 5, (0, 3)) == [[("class:selected", "abc")]]
    assert styled("> ", "abc", 0, 40, 5, (2, 2)) == [[("", "abc")]]


def test_a_selection_goes_over_lines_and_rows():
    assert styled(">", "ab\ncd\nef", 4, 40, 5, (1, 7)) == [
        [("", "a"), ("class:selected", "b")],
        [("class:selected", "cd")],
        [("class:selected", "e"), ("", "f")],
    ]
    assert styled("> ", "abcdefgh", 0, 6, 5, (2, 6)) == [
        [("", "ab"), ("class:selected", "cd")],
        [("class:selected", "ef"), ("", "gh")],
    ]


def test_wide_characters_and_controls_in_a_selection():
    assert styled("> ", "a\u5922\x1bb", 0, 40, 5, (1, 3)) == [
        [("", "a"), ("class:selected", "\u5922\u241b"), ("", "b")]
    ]

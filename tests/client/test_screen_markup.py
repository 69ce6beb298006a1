"""What is said as styled text: colours, links, code, spoilers; and nothing that a terminal would obey."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.screen.ink import colour_of
from chatapp.client.screen.markup import styled, styled_lines
from chatapp.irc.text import strip_formatting
from chatapp.irc.visible import visible

URL = "https://example.org/a"


def words(text, **options):
    return "".join(part.text for part in styled(text, **options))


def test_plain_text_is_one_piece():
    assert styled("oi, tudo bem?", "class:mention") == [("class:mention", "oi, tudo bem?")]


def test_shapes():
    assert styled(
        "a \x02bold\x02 \x1ditalic\x1d \x1funder\x1f \x1estrike\x1e \x16reverse\x16 \x11mono\x0f end"
    ) == [
        ("", "a "),
        ("bold", "bold"),
        ("", " "),
        ("italic", "italic"),
        ("", " "),
        ("underline", "under"),
        ("", " "),
        ("strike", "strike"),
        ("", " "),
        ("reverse", "reverse"),
        ("", " "),
        ("class:code", "mono"),
        ("", " end"),
    ]


def test_the_sixteen_colours_are_the_themes_where_nothing_stands_behind():
    assert styled("\x034red\x03 plain") == [("class:ink.4", "red"), ("", " plain")]
    assert styled("\x030,4white on red") == [("fg:ansiwhite bg:ansibrightred", "white on red")]


def test_the_other_colours_are_what_they_are():
    assert styled("\x0352x") == [("fg:#ff0000", "x")]
    assert styled("\x04ff8000,000000x") == [("fg:#ff8000 bg:#000000", "x")]
    assert styled("\x0399x") == [("", "x")]
    assert [colour_of(number) for number in (16, 28, 40, 52, 64, 76, 88, 98, 99)] == [
        "#470000",
        "#740000",
        "#b50000",
        "#ff0000",
        "#ff5959",
        "#ff9c9c",
        "#000000",
        "#ffffff",
        "",
    ]


def test_links_in_and_across_shapes():
    assert styled(f"see {URL}.") == [("", "see "), (f"class:link link={URL}", URL), ("", ".")]
    assert styled(f"\x02{URL[:12]}\x02{URL[12:]}") == [
        (f"bold class:link link={URL}", URL[:12]),
        (f"class:link link={URL}", URL[12:]),
    ]


def test_code_in_a_line_keeps_its_signs_and_holds_no_links_or_shapes():
    assert styled(f"run `ls {URL}` now") == [("", "run "), ("class:code", f"`ls {URL}`"), ("", " now")]
    assert styled("``a ` b``") == [("", "``a ` b``")]
    assert styled("`\x02x\x02` y") == [
        ("class:code", "`"),
        ("class:code", "x"),
        ("class:code", "`"),
        ("", " y"),
    ]


@pytest.mark.parametrize("text", ["it`s", "` a `", "``", "`", "a ``` b", "`a", "10:30"])
def test_signs_that_are_no_code_are_text(text):
    assert styled(text) == [("", text)]


def test_a_block_of_code_has_an_edge_and_no_fences():
    assert styled_lines("look:\n```python\ndef f():\n    return 1\n```\ndone", "class:x") == [
        [("class:x", "look:")],
        [("class:x class:code.block", "│ def f():")],
        [("class:x class:code.block", "│     return 1")],
        [("class:x", "done")],
    ]


def test_fences_without_an_end_are_text():
    assert styled_lines("```\na\nb") == [[("", "```")], [("", "a")], [("", "b")]]


def test_a_spoiler_is_covered_until_asked_for():
    text = "he was \x031,1the \u5922\x03 all along"
    assert words(text) == "he was ▒▒▒▒▒▒ all along"
    assert words(text, is_revealed=True) == "he was the \u5922 all along"
    assert styled(text)[1].style == "class:spoiler"


@pytest.mark.parametrize(
    "hostile",
    ["\x1b]8;;http://evil\x07x", "\x9b31m", "a\u202eb", "\u200b`x`\u200b", "\x07\x00", f"`\x1b[2J` {URL}"],
)
def test_hostile_text(hostile):
    for text in (hostile, f"\x02{hostile}", f"`{hostile}`", f"```\n{hostile}\n```", f"\x031,1{hostile}"):
        for line in styled_lines(text):
            assert all(part.text.isprintable() and "\n" not in part.style for part in line)


@given(st.text(alphabet=st.characters() | st.sampled_from("`:/\x02\x03\x040123456789, \n")))
def test_nothing_said_is_left_out(text):
    shown = "".join(part.text for part in styled(text.replace("\n", " "), is_revealed=True))
    assert sorted(visible(shown)) == sorted(visible(visible(shown)))
    assert all(part.text == visible(part.text) for part in styled(text))
    plain = strip_formatting(text.replace("\n", " "))
    if plain.isascii() and plain.isprintable():
        assert shown == plain

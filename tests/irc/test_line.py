"""Lines: what is read, what is written, and that both agree; irctokens is the oracle."""

import irctokens
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.irc.line import (
    Line,
    MalformedLine,
    UnsafeLine,
    escape_tag,
    format_line,
    format_tags,
    is_tag_key,
    nick_of,
    parse_line,
    unescape_tag,
)

READ = [
    ("PING", Line("PING", [])),
    ("ping :a b", Line("PING", ["a b"])),
    ("PRIVMSG #tea :", Line("PRIVMSG", ["#tea", ""])),
    ("PRIVMSG #tea ::)", Line("PRIVMSG", ["#tea", ":)"])),
    ("PRIVMSG #tea :a :b", Line("PRIVMSG", ["#tea", "a :b"])),
    ("PRIVMSG #tea a:b", Line("PRIVMSG", ["#tea", "a:b"])),
    ("  MODE   #tea  +o   ana  ", Line("MODE", ["#tea", "+o", "ana"])),
    (":ana!a@h JOIN #tea", Line("JOIN", ["#tea"], "ana!a@h")),
    (":ana   JOIN  :#tea", Line("JOIN", ["#tea"], "ana")),
    ("@a=1;b;c= :s X", Line("X", [], "s", {"a": "1", "b": "", "c": ""})),
    ("@a=1;a=2;;=3 X", Line("X", [], None, {"a": "2"})),
    (r"@t=\:\s\\\r\n\q\ X", Line("X", [], None, {"t": "; \\\r\nq"})),
    ("@a   X", Line("X", [], None, {"a": ""})),
    ("PRIVMSG #chá :olá 👋🏽", Line("PRIVMSG", ["#chá", "olá 👋🏽"])),
    ("X\ta b", Line("X\tA", ["b"])),
]
MALFORMED = [
    "",
    " ",
    ":",
    ":ana",
    ":ana ",
    "@a",
    "@a ",
    "@a :ana",
    ": :x",
    "A\0",
    "A\rB",
    "A\nB",
    "@a=\0 X",
    ":a\r X",
]

words = st.text(st.characters(exclude_characters=" \r\n\0", exclude_categories=["Cs"]), min_size=1).filter(
    lambda word: word[0] != ":"
)
trailing = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]))
sources = st.text(st.characters(exclude_characters=" \r\n\0", exclude_categories=["Cs"]))
keys = st.from_regex(r"\+?([a-z0-9.-]{1,8}/)?[A-Za-z0-9-]{1,8}", fullmatch=True)
values = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
commands = st.from_regex(r"[A-Z]{1,12}|[0-9]{3}", fullmatch=True)
anything = st.text(st.sampled_from(" :@;=\\!+a\r\n\0\tÀ👋") | st.characters())


@st.composite
def lines(draw):
    params = draw(st.lists(words, max_size=5))
    if draw(st.booleans()):
        params.append(draw(trailing))
    tags = draw(st.dictionaries(keys, values, max_size=4))
    return Line(draw(commands), params, draw(st.none() | sources), tags)


@pytest.mark.parametrize(("text", "line"), READ, ids=[text for text, _ in READ])
def test_a_line_is_read(text, line):
    assert parse_line(text) == line


@pytest.mark.parametrize("text", MALFORMED, ids=map(ascii, MALFORMED))
def test_what_is_no_line_is_refused(text):
    with pytest.raises(MalformedLine):
        parse_line(text)


@pytest.mark.parametrize("command", ["joın", "paſs", "ﬁ"])
def test_only_ascii_letters_of_a_command_have_capitals(command):
    assert parse_line(command).command == command


@pytest.mark.slow
@given(lines())
def test_what_is_written_reads_the_same(line):
    assert parse_line(format_line(line)) == line


@given(
    st.builds(
        Line,
        anything,
        st.lists(anything, max_size=4),
        st.none() | anything,
        st.dictionaries(anything, anything),
    )
)
def test_any_fields_are_refused_or_read_back_as_one_line(line):
    try:
        text = format_line(line)
    except UnsafeLine:
        return
    assert not set(text) & set("\r\n\0")
    assert parse_line(text) == line


@given(anything)
def test_reading_raises_nothing_but_malformed_line(text):
    try:
        line = parse_line(text)
    except MalformedLine:
        return
    assert line.command
    assert all(" " not in param for param in line.params[:-1])


@pytest.mark.parametrize(
    "line",
    [
        Line("PRIVMSG", ["#tea", "hi\r\nQUIT"]),
        Line("PRIVMSG", ["#tea x", "hi"]),
        Line("PRIVMSG", ["", "hi"]),
        Line("PRIVMSG", [":tea", "hi"]),
        Line("PRIVMSG", ["nul\0"]),
        Line("PRIVMSG hi", []),
        Line("privmsg", []),
        Line("", ["#tea"]),
        Line("@a", ["X"]),
        Line(":a", ["X"]),
        Line("X", [], "ana PRIVMSG"),
        Line("X", [], "ana\n"),
        Line("X", [], None, {"a b": "1"}),
        Line("X", [], None, {"a;b": "1"}),
        Line("X", [], None, {"": "1"}),
        Line("X", [], None, {"a": "\0"}),
    ],
    ids=repr,
)
def test_a_field_that_would_slip_into_its_neighbour_is_refused(line):
    with pytest.raises(UnsafeLine):
        format_line(line)


@pytest.mark.slow
@given(lines())
def test_irctokens_reads_what_we_write(line):
    theirs = irctokens.tokenise(format_line(line))

    assert (theirs.command, theirs.params) == (line.command, line.params)
    # irctokens says None where there are no tags, and for a tag without a value what we say for an empty one.
    assert {key: value or "" for key, value in (theirs.tags or {}).items()} == line.tags
    assert theirs.source == line.source


@pytest.mark.slow
@given(lines())
def test_we_read_what_irctokens_writes(line):
    text = irctokens.build(line.command, line.params, line.source, dict(line.tags)).format()

    ours = parse_line(text)
    assert (ours.command, ours.params, ours.tags) == (line.command, line.params, line.tags)
    # irctokens leaves an empty source out.
    assert (ours.source or "") == (line.source or "")


@given(st.text(st.sampled_from(" :@;=\\!ab+A"), max_size=30))
def test_irctokens_reads_any_text_as_we_do(text):
    text = text.lstrip(" ")
    try:
        ours = parse_line(text)
    except MalformedLine:
        return
    # On purpose otherwise: we pass over more blanks, and a tag without a key.
    tags, body = text.split(" ", 1) if text[0] == "@" else ("", text)
    theirs = irctokens.tokenise(f"{tags} {body.lstrip(' ')}" if tags else body.lstrip(" "))

    assert (ours.command, ours.params, ours.source) == (theirs.command, theirs.params, theirs.source)
    assert ours.tags == {key: value or "" for key, value in (theirs.tags or {}).items() if key}


@given(st.text())
def test_a_tag_value_survives_escaping(value):
    escaped = escape_tag(value)
    assert not set(escaped) & set("; \r\n")
    assert unescape_tag(escaped) == value


@given(st.text())
def test_unescaping_takes_any_text(text):
    assert len(unescape_tag(text)) <= len(text)


def test_tags_without_a_value_have_no_equals_sign():
    assert format_tags({"label": "7", "+typing": ""}) == "label=7;+typing"


@pytest.mark.parametrize(
    ("key", "is_key"),
    [
        ("msgid", True),
        ("+draft/react", True),
        ("+example.com/a-b", True),
        ("", False),
        ("+", False),
        ("a b", False),
        ("a;b", False),
        ("a/b/c", False),
        ("ação", False),
        ("/a", False),
        ("a\n", False),
    ],
)
def test_tag_keys(key, is_key):
    assert is_tag_key(key) is is_key


@pytest.mark.parametrize(
    ("source", "nick"),
    [("ana!a@h", "ana"), ("ana", "ana"), ("chat.example", "chat.example"), ("", ""), (None, "")],
)
def test_the_nick_of_a_source(source, nick):
    assert nick_of(source) == nick


def test_a_parameter_that_is_not_there_has_a_default():
    line = Line("X", ["a"])
    assert (line.param(0), line.param(1), line.param(2, "c")) == ("a", "", "c")


def test_lines_are_mutable_but_never_share_tags():
    one, two = Line("A", []), Line("B", [])
    one.tags = {"a": "b"}
    assert two.tags == {}

"""The table and the JSON of findings."""

from __future__ import annotations

import io
import json

import pytest

from chatapp.server.examination.finding import TOPICS, Mark, fix, look, needs_fixing, ok
from chatapp.server.examination.report import WIDTH, as_json, shows_colours, table, width_of

PATH = "/a-very/long-path/" + "x" * 70


def test_a_row_for_each_and_what_to_do_below_it():
    found = [ok("disk", "Good."), look("disk", "Slow.", "wait"), fix("clock", "Wrong.", "set it")]

    assert table(found).split("\n") == [
        "ok    disk   Good.",
        "look         Slow.",
        "             -> wait",
        "fix   clock  Wrong.",
        "             -> set it",
    ]


def test_long_texts_are_wrapped_and_paths_kept_whole():
    rows = table([fix("data", "word " * 40 + PATH, "do " * 40)]).split("\n")

    assert PATH in [row.strip() for row in rows]
    assert all(len(row) <= WIDTH for row in rows if PATH not in row)
    assert all(row.startswith(" " * 11) for row in rows[1:])
    assert "-> do" in rows[-2]
    assert rows[-1].lstrip().startswith("do")


def test_a_narrow_terminal_has_its_columns_for_the_text():
    found = [ok("disk", "word " * 12), look("disk", "Slow.", "do " * 20)]

    assert table(found, width=40).split("\n") == [
        "ok    disk: word word word word word",
        "      word word word word word word word",
        "look  Slow.",
        "      -> do do do do do do do do do do",
        "         do do do do do do do do do do",
    ]


@pytest.mark.parametrize(("columns", "expected"), [(40, 40), (200, WIDTH)])
def test_the_table_fits_the_terminal(columns, expected, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))

    assert width_of(Terminal()) == expected
    assert width_of(io.StringIO()) == WIDTH


def test_on_a_terminal_what_matters_has_a_colour():
    found = [ok("disk", "Good."), look("clock", "Slow.", ""), fix("clock", "Wrong.", "")]

    assert table(found, has_colours=True).split("\n") == [
        "ok    disk   Good.",
        "\x1b[1;33mlook\x1b[0m  clock  Slow.",
        "\x1b[1;31mfix\x1b[0m          Wrong.",
    ]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "expected"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_who_gets_colours(stream, environ, expected):
    assert shows_colours(stream, environ) is expected


def test_for_programs():
    found = [ok("disk", "Bom: é."), fix("clock", "Wrong.", "set it")]

    assert json.loads(as_json(found, version="1")) == {
        "version": "1",
        "fix": True,
        "findings": [
            {"topic": "disk", "mark": "ok", "text": "Bom: é.", "remedy": ""},
            {"topic": "clock", "mark": "fix", "text": "Wrong.", "remedy": "set it"},
        ],
    }
    assert "é" in as_json(found)


@pytest.mark.parametrize(
    ("found", "expected"),
    [([], False), ([ok("disk", "")], False), ([look("disk", "", "")], False), ([fix("disk", "", "")], True)],
)
def test_whether_something_is_wrong(found, expected):
    assert needs_fixing(found) is expected


def test_every_topic_and_mark_has_a_word():
    assert all(ok(topic, "").title for topic in TOPICS)
    assert [mark.word for mark in Mark] == ["ok", "look", "fix"]

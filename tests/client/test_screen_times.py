"""Times and days as the reader writes them."""

from __future__ import annotations

import time
from datetime import date

import pytest
from client.desk import at_the_desk

from chatapp.client.buffer import Entry, EntryKind
from chatapp.client.screen.cells import cells
from chatapp.client.screen.render import render_entry, row_text
from chatapp.client.screen.times import clock, day_words, gutter_cells, use_timestamps
from chatapp.client.settings import Settings

NOON = time.mktime((2026, 11, 20, 12, 5, 9, 4, 324, -1))


@pytest.fixture(autouse=True)
def as_before():
    yield
    use_timestamps("%H:%M")


@pytest.mark.parametrize(
    "timestamps, shown, gutter",
    [
        ("%H:%M", "12:05", 6),
        ("%H:%M:%S", "12:05:09", 9),
        ("%d/%m %H:%M", "20/11 12:05", 12),
        ("", "›", 2),
        ("   ", "›", 2),
        ("\x1b[31m%H", "␛[31m12", 8),
        ("%H" * 30, "12" * 12, 25),
    ],
)
def test_times_are_written_as_one_wants(timestamps, shown, gutter):
    use_timestamps(timestamps)
    assert (clock(NOON), gutter_cells()) == (shown, gutter)


def test_a_time_that_no_calendar_has():
    assert [clock(moment) for moment in (1e300, float("nan"), float("inf"))] == ["--:--"] * 3
    use_timestamps("")
    assert clock(1e300) == "-"


@pytest.mark.parametrize("timestamps", ["%H:%M:%S", "", "%A, %d. %B %Y"])
@pytest.mark.parametrize("width", [5, 40, 80, 120])
def test_every_row_begins_with_the_time_or_as_many_blanks(timestamps, width):
    use_timestamps(timestamps)
    rows = [
        row_text(row) for row in render_entry(Entry(EntryKind.MESSAGE, NOON, "word " * 60, nick="bob"), width)
    ]
    assert all(cells(row) <= width for row in rows)
    if width >= 3 * gutter_cells():
        assert rows[0].startswith(clock(NOON))
        assert all(row.startswith(" " * gutter_cells()) for row in rows[1:])


def test_a_day_in_words():
    assert day_words(date(2026, 11, 20)) == "Friday, 20 November 2026"
    assert day_words(date(2027, 3, 1)) == "Monday, 1 March 2027"


def test_it_can_be_changed_at_the_desk():
    async def story(desk):
        desk.lobby.add(Entry(EntryKind.MESSAGE, NOON, "oi", nick="bob"))
        await desk.until(lambda: any(line.startswith("12:05:09 <bob> oi") for line in desk.lines))
        desk.session.preferences.change("timestamps", "")
        await desk.until(lambda: any(line.startswith("› <bob> oi") for line in desk.lines))

    at_the_desk(story, settings=Settings(timestamps="%H:%M:%S"))

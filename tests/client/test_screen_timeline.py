"""The view onto a conversation: what is formatted, and that it stays where one looks."""

from __future__ import annotations

from itertools import pairwise

import pytest

from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind
from chatapp.client.screen.render import Span, row_text
from chatapp.client.screen.timeline import Timeline

DAY = 86_400


class Counting:
    """A renderer of one or more rows an entry, which counts what it is asked for."""

    def __init__(self, height=1):
        self.height = height
        self.calls = 0

    def __call__(self, entry, width, **_look):
        self.calls += 1
        return [(Span("", f"{entry.text}.{row}"),) for row in range(self.height)]


def room(count, first=0):
    buffer = Buffer("#tea", BufferKind.CHANNEL)
    buffer.entries = [message(number) for number in range(first, first + count)]
    return buffer


def message(number, time=0.0):
    return Entry(EntryKind.MESSAGE, time, str(number), nick="Ana", msgid=f"m{number}")


def view(buffer, render=None):
    timeline = Timeline(render or Counting())
    timeline.show(buffer)
    return timeline


def shown(timeline, height=10, width=80):
    return [row_text(row) for row in timeline.rows(width, height)]


def numbers(timeline, height=10):
    return [int(text.split(".")[0]) for text in shown(timeline, height) if "─" not in text]


def test_only_what_is_seen_is_formatted():
    render = Counting()
    timeline = view(room(100_000), render)

    timeline.rows(80, 30)
    assert render.calls == 30

    timeline.rows(80, 30)
    assert render.calls == 30

    timeline.scroll(5)
    timeline.rows(80, 30)
    assert render.calls == 35


def test_a_flood_costs_nothing_until_it_is_drawn():
    render = Counting()
    buffer = room(10)
    timeline = view(buffer, render)
    for number in range(10, 10_000):
        buffer.add(message(number))
    assert render.calls == 0
    timeline.rows(80, 20)
    assert render.calls == 20


def test_the_cache_is_bounded_and_knows_the_version():
    render = Counting()
    buffer = room(5)
    timeline = view(buffer, render)
    timeline.rows(80, 10)
    buffer.entries[2].version += 1
    timeline.rows(80, 10)
    assert render.calls == 6
    for width in range(20, 1000):
        timeline.rows(width, 10)
    assert len(timeline._cache) <= 2000


def test_it_follows_the_end():
    buffer = room(20)
    timeline = view(buffer)
    assert numbers(timeline) == list(range(10, 20))
    buffer.add(message(20))
    assert numbers(timeline) == list(range(11, 21))
    assert timeline.below() == 0


def test_scrolled_up_it_stays_while_messages_come():
    buffer = room(50)
    timeline = view(buffer)
    timeline.rows(80, 10)
    timeline.scroll(15)
    before = numbers(timeline)
    assert before == list(range(25, 35))
    for number in range(50, 80):
        buffer.add(message(number))
    assert numbers(timeline) == before
    assert timeline.below() == 45


def test_older_rows_come_in_above_without_a_jump():
    buffer = room(50, first=100)
    timeline = view(buffer)
    timeline.rows(80, 10)
    timeline.to_start()
    before = shown(timeline)
    buffer.entries[:0] = [message(number) for number in range(50, 100)]
    after = shown(timeline)
    assert after[1:] == before[1:]
    assert numbers(timeline)[-1] == int(before[-1].split(".")[0])
    timeline.scroll(3)
    assert numbers(timeline)[-1] == int(before[-1].split(".")[0]) - 3


def test_scrolling_goes_row_by_row_through_long_messages():
    timeline = view(room(10), Counting(height=4))
    shown(timeline, 6)
    timeline.scroll(1)
    assert shown(timeline, 6) == ["8.1", "8.2", "8.3", "9.0", "9.1", "9.2"]
    timeline.scroll(-1)
    assert shown(timeline, 6) == ["8.2", "8.3", "9.0", "9.1", "9.2", "9.3"]
    assert timeline.is_following


@pytest.mark.parametrize("height", [1, 2, 3])
def test_every_row_can_be_seen(height):
    buffer = room(12)
    timeline = view(buffer, Counting(height=height))
    seen = [shown(timeline, 5)]
    for _ in range(40):
        timeline.scroll(1)
        seen.append(shown(timeline, 5))
    assert seen[-1] == seen[-2]
    assert len(seen[-1]) == 5
    for lower, upper in pairwise(seen[: 12 * height - 5]):
        assert upper[1:] == lower[:-1]


def test_the_top_is_the_top_and_the_end_the_end():
    timeline = view(room(30))
    timeline.rows(80, 10)
    timeline.scroll(1000)
    assert numbers(timeline)[0] == 0
    assert len(shown(timeline)) == 10
    timeline.scroll(-1000)
    assert timeline.is_following
    timeline.to_start()
    assert numbers(timeline)[0] == 0
    timeline.to_end()
    assert numbers(timeline)[-1] == 29


def test_a_short_conversation_does_not_scroll():
    timeline = view(room(3))
    timeline.rows(80, 10)
    timeline.scroll(5)
    timeline.to_start()
    assert numbers(timeline) == [0, 1, 2]
    assert timeline.is_following


def test_an_empty_room():
    timeline = view(Buffer("#empty", BufferKind.CHANNEL))
    assert shown(timeline) == []
    timeline.scroll(5)
    timeline.to_start()
    assert timeline.below() == 0


def test_the_anchor_that_was_trimmed_lets_go():
    buffer = room(100)
    timeline = view(buffer)
    timeline.rows(80, 10)
    timeline.to_start()
    del buffer.entries[:50]
    assert numbers(timeline)[-1] == 99


def test_a_resize_keeps_what_one_reads():
    timeline = view(room(50), Counting(height=2))
    timeline.rows(80, 10)
    timeline.scroll(21)
    lowest = shown(timeline)[-1]
    assert shown(timeline, 4, 40)[-1] == lowest
    assert shown(timeline, 20, 120)[-1] == lowest


def test_older_pages_are_wanted_before_one_gets_there():
    buffer = room(100)
    buffer.has_older = True
    timeline = view(buffer)
    timeline.rows(80, 10)
    assert not timeline.wants_older()
    timeline.scroll(82)
    timeline.rows(80, 10)
    assert timeline.wants_older()
    buffer.is_loading = True
    assert not timeline.wants_older()


def test_day_and_unread_lines():
    buffer = Buffer("#tea", BufferKind.CHANNEL)
    buffer.entries = [message(0, 0.0), message(1, 0.0), message(2, 3.0 * DAY)]
    buffer.read_up_to = buffer.entries[0].key
    rows = shown(view(buffer))
    assert ["─" in row for row in rows] == [True, False, True, False, True, False]
    assert "new messages" in rows[2]


def test_another_room_is_shown_at_its_end():
    one, two = room(50), room(50, first=100)
    timeline = view(one)
    timeline.rows(80, 10)
    timeline.scroll(20)
    timeline.show(two)
    assert numbers(timeline)[-1] == 149

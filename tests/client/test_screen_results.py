"""The results of a search: as rows at several widths, and at the keyboard there and back again."""

from __future__ import annotations

import pytest
from client.desk import at_the_desk
from client.test_networks import HOME, WORK, House

from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind
from chatapp.client.screen.cells import cells
from chatapp.client.screen.render import row_text
from chatapp.client.screen.results import Results, result_rows
from chatapp.client.search import Found, Query

ENTER, ESC, UP, DOWN, PAGE_DOWN = "\r", "\x1b", "\x1b[A", "\x1b[B", "\x1b[6~"


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch):
    monkeypatch.setattr(
        "chatapp.client.screen.times.time.localtime", lambda _seconds=None: (2025, 1, 1, 12, 34, 0, 2, 1, 0)
    )


def hit(text, place="#tea", nick="Bruno", time=90_000.0):
    return Entry(EntryKind.MESSAGE, time, text, nick, "m1", place=place)


def results(*hits, **more):
    room = Buffer("#tea", BufferKind.CHANNEL)
    return Found(Query("tea", "bruno", "#tea"), room, None, entries=list(hits), **more)


def shown(found, width, height=8):
    rows, numbers = result_rows(found, width, height)
    assert len(rows) == len(numbers) == height
    assert all(cells(row_text(row)) <= width for row in rows)
    return [row_text(row).rstrip() for row in rows]


def test_forty_columns():
    rows = shown(results(hit("green tea with a lot of milk and sugar, please"), hit("black tea")), 40)
    assert rows[0] == " 2 messages with tea from:bruno in:#tea"
    assert rows[2:] == [
        "12:34▸#tea <Bruno> green tea with a lot",
        "      of milk and sugar, please",
        "12:34 #tea <Bruno> black tea",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_each_width_shows_the_chosen_result(width):
    found = results(*(hit(f"tea {number} " + "palavra " * 30) for number in range(50)))
    for number in (0, 7, 49):
        found.at = number
        assert any("▸" in row and f"tea {number} " in row for row in shown(found, width, 12))


def test_eighty_columns_say_what_was_looked_for():
    rows = shown(results(hit("green tea")), 80)
    assert "1 message with tea from:bruno in:#tea" in rows[0]
    assert "12:34▸#tea <Bruno> green tea" in rows


def test_what_was_not_searched_is_said():
    rows = " ".join(shown(results(is_local=True, words="no index"), 80))
    assert "The server does not search: no index." in rows
    assert "Only what is loaded here was looked through" in rows
    assert "Nothing was found." in rows
    assert "searching for" in shown(results(is_waiting=True), 80)[0]


def test_hostile_results_stay_text():
    evil = "\x1b[2J\u202e\x9b31m"
    room = Buffer("x", BufferKind.CHANNEL)
    found = Found(Query(evil, evil, evil), room, None, entries=[hit(evil, evil, evil)])
    for row in shown(found, 60):
        assert not any(char in row for char in "\x1b\x9b\u202e")


def fill(desk):
    tea = desk.model.buffer_named("#tea", BufferKind.CHANNEL)
    for number in range(200):
        room = tea if number % 2 else desk.lobby
        text = f"needle {number}." if number % 20 == 1 else f"hay {number}."
        room.add(Entry(EntryKind.MESSAGE, 60_000.0 + 600 * number, text, "Bruno", f"m{number}"))
    return tea


def test_there_and_back_again():
    async def story(desk):
        tea = fill(desk)
        await desk.press(*"/search needle", ENTER)
        await desk.until(lambda: "10 messages with needle" in desk.text)
        assert "▸" in desk.text and "Enter: go there" in desk.text
        await desk.press(DOWN, DOWN, UP)
        await desk.press(ENTER)
        assert desk.model.current is tea
        assert any("▸" in line and "needle 161." in line for line in desk.lines)
        await desk.press(ESC)
        assert "▸" not in desk.text
        await desk.press(ESC)
        await desk.until(lambda: "10 messages with needle" in desk.text)
        await desk.press(ESC)
        assert desk.model.current is desk.lobby
        assert "hay 198." in desk.text
        assert desk.typed == ""

    at_the_desk(story)


def test_where_nothing_was_found_there_is_nothing_to_choose():
    async def story(desk):
        fill(desk)
        await desk.press(*"/search xyzzy", ENTER)
        assert "no message with xyzzy" in desk.text
        assert desk.lines[-2].strip() == "Esc: back to the room"

    at_the_desk(story)


def test_typing_goes_to_the_line_and_enter_sends():
    async def story(desk):
        fill(desk)
        await desk.press(*"/search needle", ENTER)
        await desk.press("o", "i")
        assert desk.typed == "oi"
        await desk.press(ENTER)
        assert desk.said() == ["oi"]
        await desk.press(ESC)
        assert "oi" in desk.text

    at_the_desk(story)


def test_pages_and_clicks_choose():
    async def story(desk):
        fill(desk)
        await desk.press(*"/search hay", ENTER)
        await desk.press(PAGE_DOWN)
        at = desk.model.focus.found.at
        assert at > 3
        y = next(number for number, line in enumerate(desk.lines) if "▸" in line)
        await desk.press(f"\x1b[<0;10;{y + 2}M")
        assert desk.model.focus.found.at in (at + 1, at)
        await desk.press("\x1b[<65;10;5M")
        assert desk.model.focus.found.at > at

    at_the_desk(story)


def test_a_room_that_was_left_is_named():
    async def story(desk):
        fill(desk)
        await desk.press(*"/search needle", ENTER)
        desk.model.focus.found.entries[0].place = "#gone"
        await desk.press(ENTER)
        assert "You are not in #gone." in desk.text

    at_the_desk(story)


def test_who_writes_where_they_have_gone_stays_there():
    async def story(desk):
        tea = fill(desk)
        await desk.press(*"/search needle", ENTER)
        await desk.press(ENTER, "o", "i")
        await desk.press(ESC, ESC, ESC)
        assert desk.model.current is tea
        assert "messages with needle" not in desk.text
        assert desk.typed == "oi"

    at_the_desk(story)


def test_one_goes_to_the_server_that_was_searched_whatever_is_shown_by_now():
    house = House(HOME, WORK)
    house.go(1)
    house.types("needle")
    house.types("/search needle")
    went = []
    results = Results(house.model, house.session, lambda room, _place: went.append(room))
    house.go(4)

    results.enter()

    assert went == [house.model.buffers[1]]


def test_who_goes_to_another_room_sees_it_and_comes_back_by_esc():
    async def story(desk):
        fill(desk)
        await desk.press(*"/search needle", ENTER)
        await desk.press("\x1b2")
        assert "messages with needle" not in desk.text
        assert "hay 199." in desk.text
        await desk.press(ESC)
        await desk.until(lambda: "10 messages with needle" in desk.text)
        await desk.press(ESC)
        assert desk.model.current is desk.lobby

    at_the_desk(story)

"""What is printed where each row is printed once."""

from __future__ import annotations

import pytest

from chatapp.client.buffer import Buffer, BufferKind, Entry, EntryKind, EntryState
from chatapp.client.screen import transcript
from chatapp.client.screen.render import row_text
from chatapp.client.screen.timeline import Timeline
from chatapp.client.screen.transcript import FIRST_ENTRIES, MOST_WAITING, Transcript


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch):
    monkeypatch.setattr("chatapp.client.screen.render.clock", lambda _seconds: "12:34")
    monkeypatch.setattr("chatapp.client.screen.timeline.day_of", lambda _seconds: None)


class Table:
    """Two rooms and the transcript of them."""

    def __init__(self):
        self.timeline = Timeline()
        self.transcript = Transcript(self.timeline)
        self.tea = Buffer("#tea", BufferKind.CHANNEL)
        self.milk = Buffer("#milk", BufferKind.CHANNEL)

    def prints(self, buffer=None, most=100):
        buffer = buffer or self.tea
        self.timeline.show(buffer)
        rows = self.transcript.take(buffer, 40, most)
        return [row_text(row).split("  ")[-1].replace("12:34 ", "").strip(" ─") for row in rows]


@pytest.fixture
def table():
    return Table()


def said(text, nick="", **about):
    return Entry(EntryKind.EVENT, 0.0, text, nick=nick, **about)


def test_each_is_printed_once_under_the_name_of_the_room(table):
    table.tea.add(said("one"))
    assert table.prints() == ["#tea", "· one"]
    assert table.prints() == []
    table.tea.add(said("two"))
    table.tea.add(said("three"))
    assert table.prints() == ["· two", "· three"]


def test_turning_to_another_room_and_back_says_so(table):
    table.tea.add(said("one"))
    table.milk.add(said("uno"))
    table.prints()
    table.tea.add(said("two"))
    assert table.prints(table.milk) == ["#milk", "· uno"]
    assert table.prints() == ["#tea", "· two"]


def test_of_a_long_conversation_the_end_is_printed_and_nothing_older(table):
    for number in range(FIRST_ENTRIES + 20):
        table.tea.add(said(str(number), msgid=f"m{number}"))
    assert table.prints()[1] == "· 20"
    table.tea.merge([said("older", msgid="a")], None)
    assert table.prints() == []


def test_a_page_on_its_way_is_waited_for(table):
    table.tea.add(said("joined", msgid="b"))
    table.tea.is_loading = True
    assert table.prints() == []
    table.tea.merge([said("before", msgid="a")], None)
    table.tea.is_loading = False
    assert table.prints() == ["#tea", "· before", "· joined"]


def test_the_clients_own_words_before_one_is_in_do_not_end_history(table):
    assert table.prints() == ["#tea"]
    table.tea.add(Entry(EntryKind.INFO, 0.0, "Encrypted."))
    assert table.prints() == ["· Encrypted."]
    table.tea.add(said("joined", msgid="b"))
    table.tea.is_loading = True
    assert table.prints() == []
    table.tea.merge([said("before", msgid="a")], None)
    table.tea.is_loading = False
    assert table.prints() == ["· before", "· joined"]


def test_what_fills_a_gap_is_printed_when_it_comes(table):
    first = said("first", msgid="a")
    table.tea.add(first)
    table.tea.add(said("last", msgid="c"))
    table.prints()
    table.tea.merge([said("between", msgid="b")], first)
    assert table.prints() == ["· between"]


def test_own_messages_are_printed_when_they_have_arrived(table):
    own = Entry(EntryKind.MESSAGE, 0.0, "mine", nick="Ana", own=True, state=EntryState.WAITING)
    table.tea.add_unconfirmed(own)
    assert table.prints() == ["#tea"]
    waiting = [row_text(row) for row in table.transcript.pending(table.tea, 60, 3)]
    assert waiting == ["12:34 <Ana> mine (waiting for the connection)"]
    table.tea.confirm(own, "a", 0.0, 1)
    assert table.prints() == ["<Ana> mine"]
    assert table.transcript.pending(table.tea, 40, 3) == []


def test_what_does_not_fit_into_a_frame_comes_in_the_next(table):
    table.tea.add(said("0"))
    table.prints()
    for number in range(1, 8):
        table.tea.add(said(str(number)))
    assert table.prints(most=3) == ["· 1", "· 2", "· 3"]
    assert table.transcript.has_more
    assert table.prints(most=4) == ["· 4", "· 5", "· 6", "· 7"]
    assert not table.transcript.has_more


def test_a_flood_that_nobody_could_print_is_told_of(table):
    table.tea.add(said("0"))
    table.prints()
    for number in range(MOST_WAITING + 1):
        table.tea.add(said(str(number)))
    first, *rest = table.prints(most=11)
    assert first.startswith(f"… {MOST_WAITING - 10} messages came too")
    assert rest == [f"· {number}" for number in range(MOST_WAITING - 10, MOST_WAITING)]
    while table.transcript.has_more:
        rest += table.prints(most=11)
    assert rest[-1] == f"· {MOST_WAITING}"
    assert table.prints() == []


def test_only_the_last_that_were_printed_are_remembered_and_none_is_printed_twice(table, monkeypatch):
    monkeypatch.setattr(transcript, "_LOOK_BACK", 3)
    monkeypatch.setattr(transcript, "_MOST_REMEMBERED", 10)
    printed = []
    for number in range(60):
        table.tea.add(said(str(number), msgid=f"m{number}"))
        printed += table.prints() if number % 2 else []

    assert printed == ["#tea", *(f"· {number}" for number in range(60))]
    assert len(table.transcript._printed[table.tea]) <= 10

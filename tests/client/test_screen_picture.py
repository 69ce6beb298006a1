"""The whole screen as text at several sizes."""

from __future__ import annotations

import pytest

from chatapp.client.buffer import BufferKind, Entry, EntryKind, Member
from chatapp.client.model import ConnectionState, Model
from chatapp.client.screen.cells import cells
from chatapp.client.screen.members_pane import MembersPane
from chatapp.client.screen.picture import Manner, Typed, compose
from chatapp.client.screen.render import row_text
from chatapp.client.screen.timeline import Timeline

NOW = 1_000_000.0
NOTHING = Typed("", 0)


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch):
    monkeypatch.setattr("chatapp.client.screen.render.clock", lambda _seconds: "12:34")
    monkeypatch.setattr("chatapp.client.screen.timeline.day_of", lambda _seconds: None)


class Desk:
    """A model with two rooms, and the screen in front of it."""

    def __init__(self):
        self.model = Model("Ana", "localhost")
        self.tea = self.model.buffer_named("#tea", BufferKind.CHANNEL)
        self.tea.joined = True
        self.model.switch_to(self.tea)
        self.model.state = ConnectionState.ONLINE
        self.timeline = Timeline()
        self.manner = Manner()

    def hears(self, *texts, nick="Bruno"):
        for text in texts:
            self.tea.add(Entry(EntryKind.MESSAGE, NOW, text, nick=nick))

    def draw(self, width=40, height=8, typed=NOTHING, keys=()):
        self.timeline.show(self.model.current)
        return compose(self.model, self.timeline, self.manner, typed, (width, height), NOW, keys)

    def text(self, *args, **kwargs):
        return [row_text(row).rstrip() for row in self.draw(*args, **kwargs).rows]


@pytest.fixture
def desk():
    return Desk()


def test_forty_columns(desk):
    desk.tea.topic = "all about tea"
    desk.tea.members = {"ana": Member("Ana"), "bruno": Member("Bruno")}
    desk.hears("oi", "tudo bem?")
    assert desk.text(typed=Typed("hal", 3)) == [
        " #tea: all about tea",
        "",
        "",
        "",
        "12:34 <Bruno> oi",
        "12:34         tudo bem?",
        " #tea (2 people) · Ana · online",
        "[#tea] hal",
    ]
    picture = desk.draw(typed=Typed("hal", 3))
    assert (picture.cursor_x, picture.cursor_y) == (10, 7)


def test_eighty_columns_have_the_rooms_at_the_side(desk):
    other = desk.model.buffer_named("Bruno", BufferKind.DIRECT)
    other.unread, other.mentions = 3, 3
    desk.hears("oi")
    assert desk.text(80, 6) == [
        " #tea",
        " " * 61 + "│0 localhost",
        " " * 61 + "│1 #tea",
        "12:34 <Bruno> oi" + " " * 45 + "│2 Bruno         3!",
        " #tea · Ana · online · Bruno 3!",
        "[#tea]",
    ]
    assert desk.draw(80, 6).rooms == {1: 0, 2: 1, 3: 2}


def test_a_hundred_and_twenty_columns(desk):
    desk.hears("x " * 60)
    rows = desk.text(120, 5)
    assert rows[1].startswith("12:34 <Bruno> x x")
    assert rows[1].endswith("│0 localhost")
    assert rows[2].startswith("      x x")


@pytest.mark.parametrize("width", [1, 2, 5, 20, 79, 80, 81, 200])
@pytest.mark.parametrize("height", [1, 2, 3, 4, 10, 50])
def test_every_size_fits(desk, width, height):
    desk.hears("漢字 \U0001f468\u200d\U0001f469 text " * 5)
    desk.tea.topic = "t" * 300
    picture = desk.draw(width, height, Typed("one\ntwo", 7))
    assert len(picture.rows) == height
    assert 0 <= picture.cursor_x < width
    assert 0 <= picture.cursor_y < height
    if width > 8:
        assert all(cells(row_text(row)) <= width for row in picture.rows)


def test_hostile_names_and_topics_are_text(desk):
    evil = desk.model.buffer_named("#e\x1b[2Jvil\u202e", BufferKind.CHANNEL)
    evil.topic = "\x1b]0;owned\x07\x9b\x02bold\x02"
    evil.unread = 1
    for current in (desk.tea, evil):
        desk.model.switch_to(current)
        evil.unread = 1
        for row in desk.draw(100, 10).rows:
            assert not set(row_text(row)) & set("\x1b\x07\x9b\x02\u202e")


def test_the_connection_in_words(desk):
    desk.model.state = ConnectionState.CONNECTING
    assert "connecting…" in desk.text()[-2]
    desk.model.state = ConnectionState.REGISTERING
    assert "signing in…" in desk.text()[-2]
    desk.model.state = ConnectionState.OFFLINE
    assert "· offline" in desk.text()[-2]
    desk.model.retry_at = NOW + 3.2
    assert "offline, trying again in 4 s" in desk.text(60)[-2]


def test_scrolled_up_it_says_how_much_is_below(desk):
    desk.hears(*(str(number) for number in range(50)))
    desk.draw()
    desk.timeline.scroll(10)
    assert desk.text()[-2].endswith("10 more below")


def test_a_question_stands_in_the_status_line(desk):
    desk.manner.question = 6
    assert desk.text(80)[-2] == " Send 6 lines to #tea? Enter or y: send, Esc or n: keep editing"


def test_the_page_of_keys(desk):
    desk.manner.helping = True
    rows = desk.text(40, 10, keys=[("Enter", "send"), ("Alt-Enter", "begin a new line")])
    assert rows[1:5] == ["Keys", "", "Enter      send", "Alt-Enter  begin a new line"]
    desk.manner.help_top = 99
    assert desk.text(40, 6, keys=[("Enter", "send")])[-2].startswith(" PageDown and PageUp: more keys")
    assert desk.manner.help_top < 99


def test_a_room_that_one_is_not_in_stands_in_brackets(desk):
    desk.tea.joined = False
    assert desk.text(80, 6)[2].endswith("│1 (#tea)")


def test_a_long_name_leaves_room_for_the_state(desk):
    long = desk.model.buffer_named("#" + "x" * 100, BufferKind.CHANNEL)
    desk.model.switch_to(long)
    assert desk.text(40)[-2].endswith("… · Ana · online")


@pytest.mark.parametrize("width", [20, 40, 80])
def test_what_one_can_do_in_an_empty_room_is_never_cut(desk, width):
    main = [line.partition("│")[0].rstrip() for line in desk.text(width, 10)]
    words = " ".join(" ".join(main[1:-2]).split())
    assert words == "Nothing said yet: /help shows the commands, F1 the keys."


def with_members(desk):
    desk.tea.members = {"ana": Member("Ana", "@"), "bruno": Member("Bruno", away=True)}
    desk.manner.members = MembersPane()
    desk.hears("oi")
    return desk


def test_forty_columns_are_all_for_the_members(desk):
    picture = with_members(desk).draw(40, 8)
    assert desk.text(40, 8)[1:6] == ["Operators (1)", "@Ana", "Others (1)", " Bruno (away)", ""]
    assert picture.people.nick_at(39, 2) == "Ana"


def test_eighty_columns_have_members_and_rooms_beside_the_conversation(desk):
    assert with_members(desk).text(80, 7) == [
        " #tea",
        " " * 40 + "│Operators (1)       │0 localhost",
        " " * 40 + "│@Ana                │1 #tea",
        " " * 40 + "│Others (1)          │",
        "12:34 <Bruno> oi" + " " * 24 + "│ Bruno (away)       │",
        " #tea (2 people) · Ana · online",
        "[#tea]",
    ]
    picture = desk.draw(80, 7)
    assert [picture.people.nick_at(x, 4) for x in (40, 41, 60, 61)] == ["", "Bruno", "Bruno", ""]
    assert picture.people.nick_at(41, 1) == picture.people.nick_at(41, 0) == ""


def test_a_hundred_and_twenty_columns_leave_more_for_the_conversation(desk):
    assert with_members(desk).text(120, 7)[4] == "12:34 <Bruno> oi" + " " * 64 + "│ Bruno (away)       │"


def test_a_conversation_without_members_has_no_pane(desk):
    with_members(desk).model.switch_to(desk.model.server)
    assert desk.draw(80, 7).people.nicks == {}
    assert desk.text(40, 6)[0] == " localhost"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_topic_has_links_where_they_are_whole(desk, width):
    desk.tea.topic = "on \x02tea\x02, https://example.org/ch\u00e1 and " + "https://example.org/" + "x" * 200
    row = desk.draw(width, 8).rows[0]
    assert cells(row_text(row)) == width and row_text(row).endswith("…")
    assert [span for span in row if "link=" in span.style] == [
        ("class:topic link=https://example.org/ch%C3%A1", "https://example.org/ch\u00e1")
    ]


@pytest.mark.parametrize(
    "topic", ["\x1b]8;;http://evil\x07", "\u05d0 https://example.org", "\u202eabc", "x" * 999]
)
@pytest.mark.parametrize("width", [1, 5, 40, 80])
def test_a_hostile_topic_stays_in_its_row(desk, topic, width):
    desk.tea.topic = topic
    row = desk.draw(width, 8).rows[0]
    assert cells(row_text(row)) == width
    assert not set("\x1b\x07\u202e") & set(row_text(row))

"""The inspector on the screen, the way to the oldest message, and the words of an empty room."""

from __future__ import annotations

import pytest
from client.desk import at_the_desk
from client.fake_server import FakeServer, Talk

from chatapp.client.buffer import BufferKind, Entry, EntryKind
from chatapp.client.inspector.recorder import Direction, Recorder
from chatapp.client.model import ConnectionState, Model
from chatapp.client.screen.inspection import FULL_WIDTH
from chatapp.client.screen.looking import Looking
from chatapp.client.screen.picture import Columns, Manner, Typed, columns, compose
from chatapp.client.screen.render import row_text
from chatapp.client.screen.wire_view import CACHED_RECORDS, WireView

F7, PAGE_UP, CTRL_END, ENTER = "\x1b[18~", "\x1b[5~", "\x1b[1;5F", "\r"
SAID = "PRIVMSG #lobby :olá\r\n".encode()


@pytest.mark.parametrize(
    ("width", "is_inspecting", "expected"),
    [
        (79, False, Columns(79, 0, 0)),
        (80, False, Columns(61, 0, 18)),
        (119, True, Columns(0, 119, 0)),
        (120, True, Columns(46, FULL_WIDTH, 0)),
        (160, True, Columns(67, FULL_WIDTH, 18)),
    ],
)
def test_who_has_how_much_room(width, is_inspecting, expected):
    assert columns(width, is_inspecting) == expected


def records(count):
    recorder = Recorder(lambda: 0.0)
    for number in range(count):
        recorder.saw(Direction.RECEIVED, b"PING :%d\r\n" % number)
    return recorder


def words(view, height=10):
    return [row_text(row).rstrip() for row in view.rows(60, height)]


def test_only_what_is_seen_is_formatted():
    recorder = records(500)
    view = WireView(recorder)
    view.rows(60, 20)
    assert len(view._cache) < 5
    view.to_start()
    view.scroll(-1200)
    assert len(view._cache) <= CACHED_RECORDS


def test_it_stays_where_one_looks_and_holds_the_oldest_when_that_is_gone():
    recorder = records(1000)
    view = WireView(recorder)
    view.rows(60, 10)
    view.scroll(200)
    before = words(view)
    recorder.saw(Direction.RECEIVED, b"PING :new\r\n")
    assert words(view) == before
    for _number in range(1000):
        recorder.saw(Direction.RECEIVED, b"PING :flood\r\n")
    assert not view.is_following
    assert words(view)
    assert view.below() >= 990


def test_f7_and_the_command_open_and_close_it():
    async def story(desk):
        desk.screen._recorder.saw(Direction.SENT, SAID)
        await desk.press(F7)
        await desk.until(lambda: "on the wire" in desk.text and "PRIVMSG" in desk.text)
        assert "C3       A1" in desk.text
        assert "11000011 10100001" in desk.text
        await desk.press(*"half", F7)
        await desk.until(lambda: "on the wire" not in desk.text)
        assert desk.typed == "half"
        desk.screen.line.clear()
        await desk.press(*"/inspect", ENTER)
        await desk.until(lambda: "on the wire" in desk.text)
        assert desk.said() == []

    at_the_desk(story)


def test_it_stands_beside_the_conversation_where_there_is_room():
    async def story(desk):
        desk.lobby.add(Entry(EntryKind.MESSAGE, 0.0, "hello", nick="Bruno"))
        desk.screen._recorder.saw(Direction.SENT, SAID)
        await desk.press(F7)
        await desk.until(lambda: "on the wire" in desk.text)
        assert "<Bruno> hello" in desk.text
        assert all(line[46] == "│" for line in desk.lines[1:28])

    at_the_desk(story, columns=120, rows=30)


def test_what_comes_is_shown_as_it_comes_and_one_can_look_back():
    async def story(desk):
        await desk.press(F7)
        for number in range(20):
            desk.screen._recorder.saw(Direction.RECEIVED, b"PING :number%d\r\n" % number)
        await desk.until(lambda: "number19" in desk.text)
        await desk.press(PAGE_UP, PAGE_UP)
        await desk.until(lambda: "number19" not in desk.text and "more below" in desk.text)
        await desk.press(CTRL_END)
        await desk.until(lambda: "number19" in desk.text)

    at_the_desk(story)


def test_hostile_lines_reach_the_terminal_as_text():
    async def story(desk):
        desk.screen._recorder.saw(Direction.RECEIVED, b":x PRIVMSG #lobby :\x1b]0;owned\x07\x9b2J\xff\r\n")
        await desk.press(F7)
        await desk.until(lambda: "ESC" in desk.text)
        assert "\x1b]0;owned" not in desk.paper.getvalue()
        assert "\x9b" not in desk.paper.getvalue()

    at_the_desk(story)


# The way to the oldest message


class Reader:
    """A person in a room with a long history, who looks."""

    def __init__(self, count):
        server = FakeServer()
        for number in range(count):
            server.other_says("#lobby", str(number))
        self.talk = Talk(server).connect()
        self.manner = Manner()
        self.looking = Looking(self.talk.model, self.talk.session, self.manner, Recorder(lambda: 0.0))
        self.talk.model.on_change = lambda: None
        self.looking.timeline.show(self.talk.room())
        self.draw()

    def draw(self):
        model, timeline = self.talk.model, self.looking.timeline
        return [
            row_text(row) for row in compose(model, timeline, self.manner, Typed("", 0), (60, 12), 0.0).rows
        ]

    def waits(self):
        """The server answers; each answer is a step."""
        self.talk.settle()
        self.looking.seek()


def test_the_way_to_the_oldest_message_goes_page_by_page_by_itself():
    reader = Reader(460)
    reader.looking.to_start()
    assert "loading older messages…" in reader.draw()[-2]
    for _page in range(10):
        reader.waits()
    assert not reader.manner.seeking
    rows = reader.draw()
    assert "the beginning of #lobby" in rows[1]
    assert any(row.endswith("> 0") for row in rows)
    assert "loading" not in rows[-2]


def test_another_key_ends_the_way():
    reader = Reader(460)
    reader.looking.to_start()
    reader.waits()
    reader.looking.stop_seeking()
    loaded = len(reader.talk.room().entries)
    reader.waits()
    reader.waits()
    assert len(reader.talk.room().entries) <= loaded + 100
    assert reader.talk.room().has_older


def test_without_a_connection_the_way_ends_where_one_is():
    reader = Reader(460)
    reader.talk.cut()
    reader.looking.to_start()
    assert not reader.manner.seeking


def test_any_key_stops_the_seeking():
    async def story(desk):
        desk.screen.manner.seeking = True
        await desk.press("x")
        assert not desk.screen.manner.seeking

    at_the_desk(story)


def test_the_beginning_is_only_claimed_where_it_is_known():
    model = Model("Ana", "localhost")
    room = model.buffer_named("#tea", BufferKind.CHANNEL)
    model.switch_to(room)
    model.state = ConnectionState.ONLINE
    room.add(Entry(EntryKind.MESSAGE, 0.0, "oi", nick="Bruno"))
    talk = Talk(FakeServer(caps="message-tags batch server-time"))
    talk.connect()
    for buffer in (room, talk.room()):
        assert not buffer.is_whole


# An empty room


def test_a_cleared_room_stays_clear_until_one_looks_back():
    reader = Reader(200)
    reader.talk.types("/clear")
    reader.draw()
    assert not reader.looking.timeline.wants_older()
    assert "Nothing said yet" not in "\n".join(reader.draw())
    reader.looking.page(+1, 8)
    reader.draw()
    assert reader.looking.timeline.wants_older()


def test_an_empty_room_says_what_one_can_do_until_somebody_speaks():
    talk = Talk().connect()
    looking = Looking(talk.model, talk.session, Manner(), Recorder(lambda: 0.0))
    looking.timeline.show(talk.room())

    def draw():
        picture = compose(talk.model, looking.timeline, Manner(), Typed("", 0), (60, 12), 0.0)
        return [row_text(row).rstrip() for row in picture.rows]

    assert "Nothing said yet" not in "\n".join(draw())
    talk.session.load_older(talk.room())
    talk.settle()
    assert draw()[-3] == "Nothing said yet: /help shows the commands, F1 the keys."
    talk.types("hello")
    assert "Nothing said yet" not in "\n".join(draw())
    assert draw()[-3].endswith("<Ana> hello")

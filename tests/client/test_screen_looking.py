"""Looking around with keys and mouse in front of the real screen."""

from __future__ import annotations

from client.desk import at_the_desk

from chatapp.client.buffer import BufferKind, Entry, EntryKind
from chatapp.client.model import ConnectionState

CTRL_N, CTRL_P, PAGE_UP, ENTER = "\x0e", "\x10", "\x1b[5~", "\r"


def test_the_next_room_with_something_new():
    async def story(desk):
        names = ("#a", "#b", "#c")
        a, b, c = (desk.model.buffer_named(name, BufferKind.CHANNEL) for name in names)
        a.unread = b.unread = c.unread = 1
        c.mentions = 1
        await desk.press(CTRL_N)
        assert desk.model.current is c
        await desk.press(CTRL_P)
        assert desk.model.current is b

    at_the_desk(story)


def test_looking_back_and_saying_something_returns_to_the_end():
    async def story(desk):
        for number in range(100):
            desk.lobby.add(Entry(EntryKind.MESSAGE, 0.0, f"m{number}", nick="Bruno"))
        await desk.until(lambda: "m99" in desk.text)
        await desk.press(PAGE_UP)
        assert "m99" not in desk.text
        assert "more below" in desk.text
        await desk.press("x", ENTER)
        await desk.until(lambda: "<Ana> x" in desk.text)

    at_the_desk(story)


def test_older_messages_are_asked_for_in_time():
    async def story(desk):
        asked = []
        desk.session.load_older = asked.append
        desk.model.state = ConnectionState.ONLINE
        desk.lobby.has_older = True
        desk.lobby.add(Entry(EntryKind.MESSAGE, 0.0, "first", nick="Bruno"))
        await desk.until(lambda: bool(asked))
        assert asked[0] is desk.lobby

    at_the_desk(story)


def test_the_wheel_scrolls_and_a_click_goes_to_a_room():
    async def story(desk):
        for number in range(100):
            desk.lobby.add(Entry(EntryKind.MESSAGE, 0.0, f"m{number}", nick="Bruno"))
        await desk.until(lambda: "m99" in desk.text)
        await desk.press("\x1b[<64;5;5M")
        assert not desk.screen.timeline.is_following
        await desk.press("\x1b[<65;5;5M")
        assert desk.screen.timeline.is_following
        await desk.press("\x1b[<0;70;2M")
        assert desk.model.current is desk.model.server

    at_the_desk(story)


def test_what_is_half_typed_outlives_a_room_that_is_gone():
    async def story(desk):
        tea = desk.model.buffer_named("#tea", BufferKind.CHANNEL)
        await desk.press("o", "i")
        desk.session.rooms.close(desk.lobby)
        await desk.until(lambda: "[#tea] oi" in desk.text)
        assert (desk.model.current, desk.typed) == (tea, "oi")

    at_the_desk(story)

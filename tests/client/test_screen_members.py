"""The members at the desk: shown, scrolled, and met with a click."""

from __future__ import annotations

from client.desk import at_the_desk

from chatapp.client.buffer import BufferKind, Member

F8, CTRL_PAGE_DOWN, CTRL_PAGE_UP = "\x1b[19~", "\x1b[6;5~", "\x1b[5;5~"


def click(x, y, button=0):
    """Press and let go a button over a cell, counted from 0."""
    return f"\x1b[<{button};{x + 1};{y + 1}M\x1b[<{button};{x + 1};{y + 1}m"


def wheel_down(x, y):
    return f"\x1b[<65;{x + 1};{y + 1}M"


def people(desk, *nicks):
    for nick in nicks:
        desk.lobby.members[nick.casefold()] = Member(nick)
    desk.lobby.joined = True
    desk.lobby.touch()


def test_f8_shows_who_is_here_and_hides_it():
    async def story(desk):
        people(desk, "Ana", "bob")
        await desk.press("h", F8)
        await desk.until(lambda: "Others (2)" in desk.text and "bob" in desk.text)
        assert desk.typed == "h"
        await desk.press(F8)
        await desk.until(lambda: "Others (2)" not in desk.text)

    at_the_desk(story)


def test_a_click_opens_a_conversation_and_the_draft_stays_in_its_room():
    async def story(desk):
        people(desk, "Ana", "bob")
        await desk.press("h", "i", F8)
        await desk.until(lambda: "bob" in desk.text)
        row = next(y for y, line in enumerate(desk.lines) if " bob" in line)
        desk.keyboard.send_text(click(45, row))
        await desk.until(lambda: desk.model.current.name == "bob")
        assert desk.model.current.kind is BufferKind.DIRECT
        assert (desk.typed, desk.lobby.draft) == ("", "hi")

    at_the_desk(story)


def test_another_button_addresses_them_here():
    async def story(desk):
        people(desk, "Ana", "bob")
        await desk.press(F8)
        await desk.until(lambda: "bob" in desk.text)
        row = next(y for y, line in enumerate(desk.lines) if " bob" in line)
        desk.keyboard.send_text(click(45, row, button=2))
        await desk.until(lambda: desk.typed == "bob: ")
        await desk.press("o", "i")
        desk.keyboard.send_text(click(45, row, button=1))
        await desk.until(lambda: desk.typed == "bob: oi bob ")
        assert desk.model.current is desk.lobby

    at_the_desk(story)


def test_a_click_on_oneself_does_nothing():
    async def story(desk):
        people(desk, "Ana")
        await desk.press(F8)
        await desk.until(lambda: "Others (1)" in desk.text)
        row = next(y for y, line in enumerate(desk.lines) if "│ Ana" in line)
        await desk.press(click(45, row))
        assert desk.model.current is desk.lobby

    at_the_desk(story)


def test_they_scroll_by_keys_and_by_the_wheel():
    async def story(desk):
        people(desk, *(f"n{number:02}" for number in range(60)))
        await desk.press(F8, CTRL_PAGE_DOWN)
        await desk.until(lambda: "n00" not in desk.text and "n30" in desk.text)
        await desk.press(CTRL_PAGE_UP)
        await desk.until(lambda: "n00" in desk.text)
        desk.keyboard.send_text(wheel_down(45, 5))
        await desk.until(lambda: "n00" not in desk.text and "n02" in desk.text)

    at_the_desk(story)


def test_on_a_small_screen_esc_and_a_choice_bring_the_conversation_back():
    async def story(desk):
        people(desk, "Ana", "bob")
        await desk.press(F8)
        await desk.until(lambda: "Others (2)" in desk.text)
        await desk.press("\x1b")
        await desk.until(lambda: "Others (2)" not in desk.text)
        await desk.press(F8)
        await desk.until(lambda: desk.lines[3] == " bob")
        desk.keyboard.send_text(click(3, 3, button=2))
        await desk.until(lambda: desk.typed == "bob: " and "Others (2)" not in desk.text)

    at_the_desk(story, columns=40)

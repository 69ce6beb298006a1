"""The keys of vi at the desk, and back to those of Emacs."""

from __future__ import annotations

from client.desk import at_the_desk

from chatapp.client.settings import Settings

ESC, ENTER, LEFT, BACKSPACE = "\x1b", "\r", "\x1b[D", "\x7f"
VI = Settings(editing="vi")


def status(desk):
    return desk.lines[-2]


def test_the_mode_is_shown_and_esc_leaves_inserting():
    async def story(desk):
        assert status(desk).startswith(" INSERT · #lobby")
        await desk.press("o", "i", ESC)
        await desk.until(lambda: status(desk).startswith(" NORMAL · #lobby"))
        await desk.press("0", "i", "x")
        assert desk.typed == "xoi"
        await desk.press(ESC, "R")
        await desk.until(lambda: status(desk).startswith(" REPLACE · "))

    at_the_desk(story, settings=VI)


def test_commands_of_vi_work_and_keys_of_ours_too():
    async def story(desk):
        await desk.press(*"um dois tres", ESC, "b", "d", "w")
        assert desk.typed == "um dois "
        await desk.press("u")
        assert desk.typed == "um dois tres"
        await desk.press(BACKSPACE)
        assert desk.typed == "um dois tres"
        await desk.press(ENTER)
        assert (desk.said(), desk.typed) == (["um dois tres"], "")
        await desk.until(lambda: status(desk).startswith(" INSERT"))
        await desk.press("k")
        assert desk.typed == "k"

    at_the_desk(story, settings=VI)


def test_esc_and_a_key_are_two_keys():
    async def story(desk):
        await desk.press("a", "b", ESC, "x")
        assert desk.typed == "a"

    at_the_desk(story, settings=VI)


def test_esc_closes_first_what_is_open():
    async def story(desk):
        await desk.press("\x1bOP")
        await desk.until(lambda: "Keys" in desk.text)
        await desk.press(ESC)
        await desk.until(lambda: status(desk).startswith(" INSERT"))

    at_the_desk(story, settings=VI)


def test_it_can_be_changed_while_one_writes():
    async def story(desk):
        assert status(desk).startswith(" #lobby")
        await desk.press("o", "i")
        desk.session.preferences.change("editing", "vi")
        await desk.until(lambda: status(desk).startswith(" INSERT"))
        await desk.press(ESC)
        await desk.until(lambda: status(desk).startswith(" NORMAL"))
        desk.session.preferences.change("editing", "emacs")
        await desk.until(lambda: status(desk).startswith(" #lobby"))
        await desk.press("\x01", "x")
        assert desk.typed == "xoi"

    at_the_desk(story)


def test_what_is_selected_is_shown_in_vi_and_in_emacs():
    async def in_vi(desk):
        await desk.press(*"um dois", ESC, "b", "v", "e")
        assert desk.screen.line.typed.selected == (3, 7)
        await desk.until(lambda: status(desk).startswith(" VISUAL"))
        await desk.press(ESC)
        assert desk.screen.line.typed.selected == (0, 0)

    async def in_emacs(desk):
        await desk.press(*"um dois", "\x00", "\x01")
        assert desk.screen.line.typed.selected == (0, 7)

    at_the_desk(in_vi, settings=VI)
    at_the_desk(in_emacs)

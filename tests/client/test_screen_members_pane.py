"""The pane with the members of a room, as text."""

from __future__ import annotations

import pytest

from chatapp.client.buffer import Buffer, BufferKind, Member
from chatapp.client.screen.cells import cells
from chatapp.client.screen.members_pane import MANY, PATIENCE, MembersPane, has_members
from chatapp.client.screen.render import row_text


def room_with(*members):
    room = Buffer("#tea", BufferKind.CHANNEL)
    for member in members:
        room.members[member.nick.casefold()] = member
    return room


def text(pane, room, width=20, height=10, now=0.0):
    return [row_text(row).rstrip() for row in pane.rows(room, width, height, now)]


FULL = room_with(
    Member("zoe"),
    Member("Ana", "@+"),
    Member("bia", "+"),
    Member("root", "~@"),
    Member("Bruno"),
    Member("Caio", "", away=True),
    Member("op2", "@"),
)


def test_groups_in_their_order_and_names_in_theirs():
    assert text(MembersPane(), FULL, height=12) == [
        "Founders (1)",
        "~root",
        "Operators (2)",
        "@Ana",
        "@op2",
        "With a voice (1)",
        "+bia",
        "Others (3)",
        " Bruno",
        " Caio (away)",
        " zoe",
        "",
    ]


def test_who_is_away_is_dimmed_and_said_in_words():
    rows = MembersPane().rows(FULL, 20, 12, 0.0)
    assert [span.style for row in rows for span in row if "Caio" in span.text] == ["class:member.away"]


def test_it_scrolls_and_knows_who_stands_where():
    pane = MembersPane()
    text(pane, FULL, height=4)
    pane.scroll(+2)
    assert text(pane, FULL, height=4) == ["Operators (2)", "@Ana", "@op2", "With a voice (1)"]
    assert [pane.nick_at(row) for row in (-1, 0, 1, 2, 3, 99)] == ["", "", "Ana", "op2", "", ""]
    pane.scroll(+100)
    assert text(pane, FULL, height=4)[-1] == " zoe"
    pane.scroll(-100)
    assert text(pane, FULL, height=4)[0] == "Founders (1)"


def test_another_room_begins_at_its_top():
    pane = MembersPane()
    text(pane, FULL, height=4)
    pane.scroll(+4)
    assert text(pane, room_with(Member("solo")), height=2) == ["Others (1)", " solo"]
    assert text(pane, FULL, height=1) == ["Founders (1)"]


def test_it_follows_the_room():
    pane, room = MembersPane(), room_with(Member("ana"))
    assert text(pane, room, height=3) == ["Others (1)", " ana", ""]
    room.members["bia"] = Member("bia", "@")
    room.touch()
    assert text(pane, room, height=4) == ["Operators (1)", "@bia", "Others (1)", " ana"]


def test_many_members_are_sorted_once_in_a_while():
    pane, room = MembersPane(), room_with(*(Member(f"n{number:04}") for number in range(MANY + 1)))
    assert text(pane, room, height=2) == [f"Others ({MANY + 1})", " n0000"]
    room.members["a"] = Member("a")
    room.touch()
    assert text(pane, room, height=2, now=PATIENCE / 2)[1] == " n0000"
    assert text(pane, room, height=2, now=PATIENCE)[1] == " a"


@pytest.mark.parametrize(
    "nick", ["x" * 300, "\x1b[31mred", "a\nb", "\u202eevil", "שלום", "👨‍👩‍👧" * 20, "e" + "\u0301" * 50, ""]
)
@pytest.mark.parametrize("width", [1, 2, 8, 20])
def test_hostile_names_stay_in_their_cells(nick, width):
    for member in (Member(nick), Member(nick, "\x1b"), Member(nick, "@", away=True)):
        for row in MembersPane().rows(room_with(member), width, 3, 0.0):
            assert cells(row_text(row)) == width
            assert "\x1b" not in row_text(row) and "\n" not in row_text(row)


def test_only_rooms_have_members():
    assert has_members(FULL)
    assert not has_members(Buffer("zoe", BufferKind.DIRECT))
    assert not has_members(Buffer("", BufferKind.SERVER))

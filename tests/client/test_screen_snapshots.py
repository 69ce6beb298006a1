"""The whole screen as a person sees it, in four widths; and whatever is said, it keeps its shape."""

from __future__ import annotations

import re

import pytest
from catalogues import speaking
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatapp.client.buffer import BufferKind, Entry, EntryKind, Member
from chatapp.client.model import ConnectionState, Invitation, Model
from chatapp.client.screen.cells import cells
from chatapp.client.screen.members_pane import MembersPane
from chatapp.client.screen.picture import Manner, Typed, compose
from chatapp.client.screen.render import row_text
from chatapp.client.screen.timeline import Timeline

NOW = 1_000_000.0
HALF = Typed("half", 4)
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u200b\u2028\u2029]")


@pytest.fixture
def fixed_clock(monkeypatch):
    monkeypatch.setattr("chatapp.client.screen.render.clock", lambda _seconds: "12:34")
    monkeypatch.setattr("chatapp.client.screen.timeline.day_of", lambda _seconds: None)


def scene(nick="Bruno", room="#tea", topic="all about tea", text="Ana: see https://example.org"):
    """A room in which much has happened, and another that waits."""
    model = Model("Ana", "home")
    model.state = ConnectionState.ONLINE
    tea = model.buffer_named(room, BufferKind.CHANNEL)
    tea.joined, tea.topic = True, topic
    model.switch_to(tea)
    for member in (Member("Ana", "@"), Member(nick, "+"), Member("Caio", away=True)):
        tea.members[model.fold(member.nick)] = member
    other = model.buffer_named("Zoe", BufferKind.DIRECT)
    other.unread, other.mentions = 3, 3
    for entry in (
        Entry(EntryKind.EVENT, NOW, f"{nick} joined", nick=nick),
        Entry(EntryKind.MESSAGE, NOW, text, nick=nick, mention=True),
        Entry(EntryKind.ACTION, NOW + 400, "waves", nick=nick),
        Entry(EntryKind.MESSAGE, NOW + 900, "run `ls`\n```\na  b\n```\nit was \x031,1him\x03!", nick="Caio"),
    ):
        tea.add(entry)
    model.focus.invitation = Invitation("#ops", NOW, lambda: None)
    return model


def draw(model, width, height, typed=HALF, members=True):
    timeline = Timeline()
    timeline.show(model.current)
    manner = Manner(members=MembersPane() if members else None)
    return compose(model, timeline, manner, typed, (width, height), NOW)


def text(*args, **kwargs):
    return [row_text(row).rstrip() for row in draw(*args, **kwargs).rows]


def test_forty_columns(fixed_clock):
    assert text(scene(), 40, 14, members=False) == [
        " #tea: all about tea",
        "",
        "",
        "",
        "",
        "12:34 · Bruno joined",
        "12:34 <Bruno> Ana: see",
        "      https://example.org",
        "12:34 * Bruno waves",
        "12:34 <Caio> run `ls`",
        "      │ a  b",
        "      it was ▒▒▒!",
        " #tea · Zoe 3! · Alt-J: enter #ops",
        "[#tea] half",
    ]


def test_forty_columns_of_members(fixed_clock):
    assert text(scene(), 40, 10)[1:9] == [
        "Operators (1)",
        "@Ana",
        "With a voice (1)",
        "+Bruno",
        "Others (1)",
        " Caio (away)",
        "",
        " #tea · Zoe 3! · Alt-J: enter #ops",
    ]


def test_eighty_columns(fixed_clock):
    assert text(scene(), 80, 12) == [
        " #tea: all about tea",
        "                                        │Operators (1)       │0 home",
        "                                        │@Ana                │1 #tea",
        "12:34 · Bruno joined                    │With a voice (1)    │2 Zoe           3!",
        "12:34 <Bruno> Ana: see                  │+Bruno              │",
        "      https://example.org               │Others (1)          │",
        "12:34 * Bruno waves                     │ Caio (away)        │",
        "12:34 <Caio> run `ls`                   │                    │",
        "      │ a  b                            │                    │",
        "      it was ▒▒▒!                       │                    │",
        " #tea (3 people) · Ana · online · Zoe 3! · Alt-J: enter #ops",
        "[#tea] half",
    ]


@pytest.mark.parametrize("width", [120, 200])
def test_wide_screens_leave_more_for_the_conversation(fixed_clock, width):
    main = width - 40
    assert text(scene(), width, 8) == [
        " #tea: all about tea",
        "12:34 <Bruno> Ana: see https://example.org".ljust(main) + "│Operators (1)       │0 home",
        "12:34 * Bruno waves".ljust(main) + "│@Ana                │1 #tea",
        "12:34 <Caio> run `ls`".ljust(main) + "│With a voice (1)    │2 Zoe           3!",
        "      │ a  b".ljust(main) + "│+Bruno              │",
        "      it was ▒▒▒!".ljust(main) + "│Others (1)          │",
        " #tea (3 people) · Ana · online · Zoe 3! · Alt-J: enter #ops",
        "[#tea] half",
    ]


def test_in_portuguese(fixed_clock, tmp_path):
    with speaking("pt_BR", tmp_path):
        rows = text(scene(), 80, 8)
    assert rows[1].endswith("│Operadores (1)      │0 home")
    assert rows[6] == " #tea (3 pessoas) · Ana · online · Zoe 3! · Alt-J: entrar em #ops"


@pytest.mark.slow
@pytest.mark.parametrize("members", [True, False])
@given(
    nick=st.text(max_size=40),
    room=st.text(max_size=40).map("#{}".format),
    topic=st.text(max_size=60),
    text=st.text(max_size=120) | st.sampled_from(["\x1b]8;;x\x07y", "\u202ex", "👨‍👩‍👧" * 30, "`\x1b[2J`"]),
    width=st.integers(8, 220),
    height=st.integers(1, 40),
)
@settings(max_examples=25, deadline=None)
@example(nick="", room="#", topic="", text="\ua8b40000", width=8, height=6)
def test_whatever_is_said_it_keeps_its_shape(members, nick, room, topic, text, width, height):
    picture = draw(scene(nick, room, topic, text), width, height, Typed(text, len(text)), members)
    assert len(picture.rows) == height
    assert 0 <= picture.cursor_x < width and 0 <= picture.cursor_y < height
    for row in picture.rows:
        shown = row_text(row)
        assert cells(shown) <= width and not CONTROLS.search(shown)

"""Who may learn what, on every path: the same answer wherever one asks.

Ana is operator of the room, said something there and set its topic. Eve, of every kind, tries every path.
What the live path hides, each other path hides too.
"""

from __future__ import annotations

import pytest
from dialogue import Table

ROOM = "#room"
TEXT = "hush"
TOPIC = "whisper"
SOON = "timestamp=2030-01-01T00:00:00.000Z"
LONG_AGO = "timestamp=2000-01-01T00:00:00.000Z"


class Scene:
    """A room of a kind, seen by a viewer of a kind."""

    def __init__(self, room, viewer, ana_is_invisible=False):
        self.table = Table()
        self.ana, self.viewer = self.table.sit("ana"), self.table.sit("eve", "batch")
        self.ana.say(f"JOIN {ROOM}")
        if viewer in ("member", "kicked", "parted", "operator"):
            self.viewer.say(f"JOIN {ROOM}")
        self.ana.say(f"PRIVMSG {ROOM} :{TEXT}")
        self.msgid = self.table.store.kept[-1].messages[-1].message.id
        self.ana.say(f"TOPIC {ROOM} :{TOPIC}", f"MODE {ROOM} +b *!*@elsewhere")
        if room:
            self.ana.say(f"MODE {ROOM} {room}")
        if ana_is_invisible:
            self.ana.say("MODE ana +i")
        if viewer == "kicked":
            self.ana.say(f"KICK {ROOM} eve")
        if viewer == "parted":
            self.viewer.say(f"PART {ROOM}")
        if viewer == "banned":
            self.ana.say(f"MODE {ROOM} +b eve!*@*")
        if viewer == "invited":
            self.ana.say(f"INVITE eve {ROOM}")
        if viewer == "operator":
            self.ana.say(f"MODE {ROOM} +o eve")
        self.viewer.hears()

    def asks(self, *lines):
        return "\n".join(self.viewer.asks(*lines))


INSIDE = ("member", "operator")
OUTSIDE = ("stranger", "banned", "kicked", "parted", "invited")
ROOMS = ("", "+s", "+i", "+k key", "+m", "+l 1", "+si", "-n")

everyone = pytest.mark.parametrize("viewer", INSIDE + OUTSIDE)
every_room = pytest.mark.parametrize("room", ROOMS)


def may_know(room, viewer):
    """Whether the viewer may know of the room at all."""
    return "s" not in room or viewer in INSIDE


@every_room
@everyone
def test_live_only_members_hear(room, viewer):
    scene = Scene(room, viewer)

    scene.ana.say(
        f"PRIVMSG {ROOM} :{TEXT}", f"NOTICE {ROOM} :{TEXT}", f"TOPIC {ROOM} :{TOPIC}", f"MODE {ROOM} +v ana"
    )

    heard = scene.viewer.hears()
    assert len(heard) == (4 if viewer in INSIDE else 0)


HISTORY = [
    f"CHATHISTORY LATEST {ROOM} * 50",
    f"CHATHISTORY LATEST {ROOM} {LONG_AGO} 50",
    f"CHATHISTORY BEFORE {ROOM} {SOON} 50",
    f"CHATHISTORY AFTER {ROOM} {LONG_AGO} 50",
    f"CHATHISTORY BETWEEN {ROOM} {LONG_AGO} {SOON} 50",
    f"CHATHISTORY BETWEEN {ROOM} {SOON} {LONG_AGO} 50",
    f"CHATHISTORY AROUND {ROOM} {{msgid}} 50",
]


@every_room
@everyone
@pytest.mark.parametrize("question", HISTORY)
def test_history_is_for_members(room, viewer, question):
    scene = Scene(room, viewer)

    told = scene.asks(question.format(msgid=f"msgid={scene.msgid}"))

    subcommand = question.split(" ")[1]
    if viewer in INSIDE:
        assert TEXT in told
    else:
        refusal = (
            f"FAIL CHATHISTORY INVALID_TARGET {subcommand} {ROOM} :There is no history here that you may read"
        )
        assert told == f":chatapp {refusal}"


@every_room
@pytest.mark.parametrize("viewer", OUTSIDE)
def test_history_does_not_tell_a_closed_room_from_none(room, viewer):
    scene = Scene(room, viewer)

    here, nowhere = (scene.asks(f"CHATHISTORY LATEST {name} * 5") for name in (ROOM, "#none"))

    assert here.replace(ROOM, "#none") == nowhere


@every_room
@everyone
def test_events_are_for_members(room, viewer):
    scene = Scene(room, viewer)

    told = scene.asks("CAP REQ draft/event-playback", HISTORY[0])

    assert (TOPIC in told) is (viewer in INSIDE)


@every_room
@everyone
def test_targets_are_the_rooms_one_is_in(room, viewer):
    scene = Scene(room, viewer)

    told = scene.asks(f"CHATHISTORY TARGETS {LONG_AGO} {SOON} 50")

    assert (ROOM in told) is (viewer in INSIDE)


def test_the_id_of_a_secret_message_opens_nothing_elsewhere():
    scene = Scene("+s", "stranger")
    scene.viewer.asks("JOIN #own", "PRIVMSG #own :mine")

    for subcommand in ("BEFORE", "AFTER", "AROUND"):
        assert TEXT not in scene.asks(f"CHATHISTORY {subcommand} #own msgid={scene.msgid} 50")
        assert TEXT not in scene.asks(f"CHATHISTORY {subcommand} ana msgid={scene.msgid} 50")


@every_room
@everyone
@pytest.mark.parametrize(
    "question",
    [
        "LIST",
        f"LIST {ROOM}",
        "LIST #r*",
        "LIST >0",
        f"NAMES {ROOM}",
        f"WHO {ROOM}",
        "WHOIS ana",
        f"TOPIC {ROOM}",
    ],
)
def test_lists_tell_of_a_room_to_those_who_may_know_it(room, viewer, question):
    scene = Scene(room, viewer)

    told = scene.asks(question)

    shown = [line for line in told.split("\n") if line.split(" ")[1] in ("322", "353", "352", "319", "332")]
    assert any(ROOM in line for line in shown) is may_know(room, viewer)
    if not may_know(room, viewer):
        assert TOPIC not in told


@every_room
@everyone
def test_modes_and_the_key_are_for_those_who_may_know(room, viewer):
    scene = Scene(room, viewer)

    told = scene.asks(f"MODE {ROOM}", f"MODE {ROOM} b")

    if may_know(room, viewer):
        assert " 324 " in told
        assert " 367 " in told
        assert (" key" in told) is ("k" in room and viewer in INSIDE)
    else:
        assert told.split("\n") == [f":chatapp 403 eve {ROOM} :No such channel"] * 2


@every_room
@everyone
@pytest.mark.parametrize("question", [f"MODE {ROOM} -s", f"TOPIC {ROOM} :x", f"KICK {ROOM} ana"])
def test_only_operators_change_a_room(room, viewer, question):
    scene = Scene(room, viewer)

    scene.viewer.asks(question)

    channel = scene.table.world.channels[ROOM]
    changed = (
        channel.topic != TOPIC
        or scene.ana.session.user not in channel.members
        or ("s" in room and "s" not in channel.modes)
    )
    assert changed is (viewer == "operator" and not (question.startswith("MODE") and "s" not in room))


@every_room
@everyone
def test_who_speaks_is_heard_only_where_they_may(room, viewer):
    scene = Scene(room, viewer)
    scene.ana.hears()

    scene.viewer.say(f"PRIVMSG {ROOM} :hello", f"NOTICE {ROOM} :hello")

    if "m" in room:
        may = viewer == "operator"
    elif room == "-n":
        may = viewer != "banned"
    else:
        may = viewer in INSIDE
    assert len(scene.ana.hears()) == (2 if may else 0)


@every_room
@pytest.mark.parametrize("viewer", OUTSIDE)
def test_who_may_come_in(room, viewer):
    scene = Scene(room, viewer)

    answer = scene.viewer.asks(f"JOIN {ROOM}")[0].split(" ")[1]

    if "k" in room:
        wanted = "475"
    elif viewer == "invited":
        wanted = "JOIN"
    elif "i" in room:
        wanted = "473"
    elif viewer == "banned":
        wanted = "474"
    elif "l" in room:
        wanted = "471"
    else:
        wanted = "JOIN"
    assert answer == wanted


@pytest.mark.parametrize("viewer", ["stranger", "member"])
@pytest.mark.parametrize("question", ["WHO *", "WHO a*", f"WHO {ROOM}", f"NAMES {ROOM}"])
def test_the_invisible_are_found_in_lists_by_those_who_share_a_room(viewer, question):
    scene = Scene("", viewer, ana_is_invisible=True)

    lines = [line for line in scene.viewer.asks(question) if line.split(" ")[1] in ("352", "353")]

    assert any("ana" in line for line in lines) is (viewer == "member")


def test_the_rooms_of_the_invisible_are_not_shown_to_strangers():
    scene = Scene("", "stranger", ana_is_invisible=True)

    assert ROOM not in scene.asks("WHOIS ana")


@everyone
def test_after_a_restart_it_is_as_before(viewer):
    old = Scene("+s", viewer)
    table = Table(store=old.table.store, rooms=old.table.store.states.values())
    eve = table.sit("eve", "batch")

    told = "\n".join(
        eve.asks(
            f"CHATHISTORY LATEST {ROOM} * 5",
            "LIST",
            f"NAMES {ROOM}",
            f"MODE {ROOM}",
            f"TOPIC {ROOM}",
            f"WHO {ROOM}",
        )
    )

    assert TEXT not in told
    assert TOPIC not in told
    assert f"322 eve {ROOM}" not in told


def test_strangers_who_have_not_come_in_learn_nothing():
    table = Table()
    ana = table.sit("ana")
    table.room(ROOM, ana)
    visitor = table.visit()
    visitor.say("NICK eve")

    for line in (
        *HISTORY,
        f"JOIN {ROOM}",
        "LIST",
        f"NAMES {ROOM}",
        f"WHO {ROOM}",
        "WHOIS ana",
        f"MODE {ROOM}",
        "LUSERS",
    ):
        assert visitor.asks(line) == [":chatapp 451 eve :You have not registered"]
    ana.say(f"PRIVMSG {ROOM} :{TEXT}", "PRIVMSG eve :x")
    assert visitor.hears() == []

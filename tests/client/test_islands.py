"""Jumping far back: an island above a gap, which is shown, and filled from either side without a double."""

from __future__ import annotations

import pytest
from client.cut_network import ROOM, Network
from client.desk import at_the_desk
from client.fake_server import FakeServer, Talk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatapp.client.buffer import EntryKind, Mark
from chatapp.irc.line import Line


def talking(count=300, page_limit=20, **more):
    talk = Talk(FakeServer(page_limit=page_limit, **more))
    for number in range(count):
        talk.server.other_says(ROOM, f"{number}")
    return talk.connect()


def around(talk, number):
    talk.session.reading.catchup.load_around(talk.room(), Mark(f"m{number + 1}", 0.0))
    talk.settle()


def fill(talk, *, upward):
    talk.session.reading.catchup.fill(talk.room(), upward=upward)
    talk.settle()


def shown(talk):
    """The numbers that are here, None for the gap."""
    kinds = (EntryKind.MESSAGE, EntryKind.GAP)
    entries = [entry for entry in talk.room().entries if entry.kind in kinds]
    return [None if entry.kind is EntryKind.GAP else int(entry.text) for entry in entries]


def test_a_jump_makes_an_island_and_says_that_something_is_missing():
    talk = talking()
    around(talk, 50)
    assert shown(talk) == [*range(40, 60), None, *range(281, 300)]


@pytest.mark.parametrize("upward", [True, False])
def test_the_gap_is_filled_from_either_side(upward):
    talk = talking()
    around(talk, 50)
    for _page in range(20):
        if talk.room().island is None:
            break
        fill(talk, upward=upward)
    assert shown(talk) == list(range(40, 300))
    while talk.room().has_older:
        talk.session.load_older(talk.room())
        talk.settle()
    assert shown(talk) == list(range(300))


def test_older_pages_go_above_the_island():
    talk = talking()
    around(talk, 50)
    talk.session.load_older(talk.room())
    talk.settle()
    assert shown(talk) == [*range(20, 60), None, *range(281, 300)]
    for _page in range(3):
        talk.session.load_older(talk.room())
        talk.settle()
    assert shown(talk)[0] == 0
    assert not talk.room().has_older


def test_another_jump_leaves_the_first_island():
    talk = talking()
    around(talk, 50)
    around(talk, 150)
    assert shown(talk) == [*range(140, 160), None, *range(281, 300)]
    assert talk.room().known("m51") is None


def test_a_jump_next_to_what_is_here_needs_no_gap():
    talk = talking()
    around(talk, 275)
    assert shown(talk) == list(range(265, 300))
    assert talk.room().island is None


def test_what_is_said_meanwhile_stays_at_the_end():
    talk = talking()
    around(talk, 50)
    talk.server.other_says(ROOM, "300")
    talk.settle()
    talk.cut()
    talk.server.other_says(ROOM, "301")
    talk.connect()
    assert shown(talk)[-3:] == [299, 300, 301]
    assert shown(talk)[:20] == list(range(40, 60))


def test_a_page_that_was_asked_for_before_the_room_was_emptied_has_no_place_any_more():
    talk = talking()
    talk.session.load_older(talk.room())
    talk.session.reading.clear(talk.room())
    talk.settle()
    assert shown(talk) == []
    talk.session.load_older(talk.room())
    talk.settle()
    assert shown(talk) == list(range(281, 300))


def test_a_jump_out_of_an_emptied_room_says_that_something_is_missing():
    talk = talking()
    talk.session.reading.clear(talk.room())
    around(talk, 50)
    talk.server.other_says(ROOM, "300")
    talk.settle()
    assert shown(talk) == [*range(40, 60), None, 300]


def test_what_was_missed_goes_below_an_island_also_in_an_emptied_room():
    talk = talking()
    talk.session.reading.clear(talk.room())
    around(talk, 50)
    talk.cut()
    talk.server.other_says(ROOM, "300")
    talk.connect()
    assert shown(talk) == [*range(40, 60), None, 300]


def test_emptying_the_room_forgets_the_island():
    talk = talking()
    around(talk, 50)
    talk.session.reading.clear(talk.room())
    assert shown(talk) == []
    assert talk.room().island is None
    talk.session.load_older(talk.room())
    talk.settle()
    assert shown(talk) == list(range(281, 300))


class Refusing(FakeServer):
    """Tells nothing of what was before a message."""

    def on_chathistory(self, line):
        if line.params[0] == "BEFORE":
            tags = {"label": line.tags["label"]}
            self._send(Line("FAIL", ["CHATHISTORY", "MESSAGE_ERROR", *line.params[:2], "No"], "chat", tags))
        else:
            super().on_chathistory(line)


def test_a_server_that_refuses_leaves_the_gap_and_is_not_asked_again():
    talk = Talk(Refusing(page_limit=20))
    for number in range(300):
        talk.server.other_says(ROOM, f"{number}")
    talk.connect()
    around(talk, 50)
    fill(talk, upward=True)
    assert None in shown(talk)
    talk.server.heard.clear()
    fill(talk, upward=True)
    assert talk.server.heard == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("around"), st.integers(1, 60)),
        st.tuples(st.just("fill"), st.booleans()),
        st.tuples(st.just("older"), st.none()),
        st.tuples(st.just("clear"), st.none()),
        st.tuples(st.just("other"), st.just("new")),
        st.tuples(st.just("both"), st.integers(1, 20)),
        st.tuples(st.just("cut"), st.integers(0, 3)),
    ),
    max_size=40,
)


class Jumping(Network):
    """`Network`, with a person who jumps in a room where much was said before."""

    def __init__(self):
        server = FakeServer(page_limit=6)
        for number in range(60):
            server.other_says(ROOM, f"{number}")
        super().__init__(server)

    def go_through(self, steps):
        for what, how in steps:
            self.step(what, how)
            check_order(self.talk.room(ROOM))

    @property
    def said(self):
        """The ids of all that was said."""
        return [one.tags["msgid"] for one in self.server.history[ROOM] if one.command == "PRIVMSG"]

    def around(self, number):
        room = self.talk.room(ROOM)
        self.talk.session.reading.catchup.load_around(room, Mark(f"m{number}", 0.0))

    def fill(self, upward):
        self.talk.session.reading.catchup.fill(self.talk.room(ROOM), upward=upward)

    def end(self):
        for _turn in range(200):
            super().end()
            if self.talk.room(ROOM).island is None:
                break
            self.step("fill", True)
        super().end()


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_whatever_order_one_jumps_and_scrolls_in_history_is_whole_in_the_end(steps):
    network = Jumping()
    network.go_through(steps)

    network.end()

    entries = network.talk.room(ROOM).entries
    assert [entry.msgid for entry in entries if entry.kind is EntryKind.MESSAGE] == network.said
    assert all(entry.kind is not EntryKind.GAP for entry in entries)


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_nothing_is_missing_unseen_where_the_oldest_are_let_go(steps):
    network = Jumping()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("chatapp.client.buffer.MAX_ENTRIES", 20)
        network.go_through(steps)
        network.both(200)

    room, said = network.talk.room(ROOM), network.said
    below = room.entries[room.entries.index(room.island.gap) :] if room.island else room.entries
    here = [entry.msgid for entry in below if entry.kind is EntryKind.MESSAGE]
    assert here == said[len(said) - len(here) :]


def check_order(room):
    """What is here is in the server's order, each once, and there is a gap where the island says so."""
    numbers = [int(entry.msgid[1:]) for entry in room.entries if entry.msgid]
    assert numbers == sorted(set(numbers))
    gaps = [entry for entry in room.entries if entry.kind is EntryKind.GAP]
    assert gaps == ([room.island.gap] if room.island else [])


def test_the_screen_goes_there_and_fills_the_gap_while_one_scrolls():
    async def story(desk):
        server = FakeServer(page_limit=50)
        for number in range(400):
            server.other_says("#lobby", f"text {number}.")
        talk = Talk(server)
        talk.session, talk.model = desk.session, desk.model
        talk.connect()
        desk.session.on_lines = lambda: None
        await desk.until(lambda: "text 399." in desk.text)

        desk.screen.looking.go_to(desk.lobby, Mark("m51", 0.0))
        talk.settle()
        await desk.press("x")
        assert "▸" in desk.lines[1]
        assert "text 50." in desk.lines[1]
        for _answer in range(3):
            talk.settle()
            await desk.press("x")

        seen = set()
        for _page in range(60):
            await desk.press("\x1b[6~")
            for _answer in range(3):
                talk.settle()
                await desk.press("x")
            seen |= {int(part.split(".")[0]) for part in desk.text.split("text ")[1:]}
        assert sorted(set(range(70, 400)) - seen) == []
        assert desk.lobby.island is None

    at_the_desk(story)


@pytest.mark.parametrize("upward", [True, False])
def test_what_was_said_in_one_and_the_same_moment_is_not_passed_over(upward, monkeypatch):
    moment = property(lambda said: {"msgid": f"m{said.stamp}", "time": "2027-01-15T08:00:00.000Z"})
    monkeypatch.setattr("client.fake_server.Said.tags", moment)
    talk = talking()
    around(talk, 50)
    assert shown(talk) == [*range(40, 60), None, *range(281, 300)]
    for _page in range(20):
        if talk.room().island is None:
            break
        fill(talk, upward=upward)

    assert shown(talk) == list(range(40, 300))

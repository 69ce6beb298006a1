"""Rooms are entered and left; what the server still answers to the one does not undo the other."""

from __future__ import annotations

import pytest
from client.cut_network import Network
from client.fake_server import CAPS, FakeServer, Talk
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chatapp.client.buffer import BufferKind, EntryKind, EntryState
from chatapp.irc.line import parse_line

NO_LABELS = CAPS.replace("labeled-response ", "")


@pytest.fixture(params=[CAPS, NO_LABELS], ids=["labels", "no-labels"])
def talk(request):
    return Talk(FakeServer(caps=request.param)).connect()


def names(talk):
    return [buffer.name for buffer in talk.model.buffers[1:]]


def test_a_room_that_was_closed_before_one_was_in_stays_closed(talk):
    before = len(talk.notes("#lobby"))
    talk.session.submit("/join #tea")
    talk.session.submit("/close")
    label = talk.session.take_lines()[0].rpartition("JOIN")[0]
    talk.hears(
        f"{label}BATCH +j labeled-response" if label else ":s NOTICE Ana :hm",
        f"{'@batch=j ' if label else ''}:Ana!a@b JOIN #tea",
        f"{'@batch=j ' if label else ''}:s 332 Ana #tea :green",
        "BATCH -j",
        ":Ana!a@b PART #tea",
    )
    assert names(talk) == ["#lobby"]

    talk.types("/join #tea")

    assert names(talk) == ["#lobby", "#tea"] and talk.room("#tea").joined
    assert len(talk.notes("#lobby")) == before


def test_what_is_said_in_a_room_while_one_leaves_is_not_shown_elsewhere(talk):
    talk.types("/join #tea")
    before = len(talk.model.server.entries)
    talk.session.submit("/close")
    talk.server.other_says("#tea", "still there?")

    talk.settle()

    assert len(talk.model.server.entries) == before


def test_who_comes_back_at_once_is_in_and_what_was_typed_meanwhile_arrives(talk):
    talk.types("/join #tea")
    talk.session.submit("/close")
    talk.session.submit("/join #tea")
    talk.session.submit("here again")
    room = talk.room("#tea")

    talk.settle()

    assert talk.room("#tea") is room and room.joined and "#tea" in talk.server.joined
    assert talk.server.texts("#tea") == ["here again"] == talk.texts("#tea")
    assert talk.notes("#tea") == []


def test_who_comes_leaves_and_comes_back_is_in(talk):
    talk.session.submit("/join #tea")
    talk.session.submit("/close")
    talk.session.submit("/join #tea")
    talk.session.submit("hello")

    talk.settle()

    assert talk.room("#tea").joined
    assert talk.server.texts("#tea") == ["hello"] == talk.texts("#tea")


def test_that_one_was_not_in_a_room_that_one_has_closed_is_no_news(talk):
    before = len(talk.notes("#lobby"))
    talk.session.submit("/join #tea")
    talk.session.submit("/close")
    label = talk.session.take_lines()[0].rpartition("JOIN")[0]
    talk.hears(f"{label}:s 473 Ana #tea :Cannot join channel (+i)", ":s 442 Ana #tea :You're not in it")
    told = talk.notes("#lobby")[before:]
    assert told == ["#tea is for the invited only"]

    talk.types("/part")
    talk.hears(":Ana!a@b JOIN #tea")

    assert talk.room("#tea").joined


def test_a_room_that_got_another_name_while_one_left_is_left_too(talk):
    talk.session.submit("/part")
    talk.session.take_lines()

    assert talk.hears(":bob!b@c RENAME #lobby #hall") == ["PART #hall"]
    talk.hears(":s 403 Ana #lobby :No such channel", ":bob!b@c PRIVMSG #hall :hi", ":Ana!a@b PART #hall")

    assert names(talk) == []
    assert "hi" not in [entry.text for entry in talk.model.server.entries]


def test_a_room_takes_the_place_of_one_that_had_its_name_before_and_is_not_entered(talk):
    room = talk.room()
    talk.types("/join #tea")
    talk.hears(":bob!b@c KICK #tea Ana :bye")

    talk.hears(":bob!b@c RENAME #lobby #tea")
    talk.hears(":bob!b@c PRIVMSG #tea :welcome")

    assert talk.room("#tea") is room is talk.model.current
    assert names(talk) == ["#tea"]
    assert talk.texts("#tea") == ["welcome"]


def test_what_waits_for_a_room_goes_to_the_one_that_is_called_so_by_now(talk):
    talk.session.submit("/join #tea")
    talk.session.submit("hello")
    talk.session.take_lines()

    sent = talk.hears(":bob!b@c RENAME #lobby #tea")

    assert [line.rpartition("PRIVMSG")[2] for line in sent if "P" in line] == [" #tea hello"]
    assert not any("PART" in line for line in sent)
    assert names(talk) == ["#tea"] and talk.room("#tea").joined


def test_who_is_sent_on_sees_where(talk):
    talk.session.submit("/join #full")
    label = talk.session.take_lines()[0].rpartition("JOIN")[0]
    talk.hears(f"{label}:s 470 Ana #full #overflow :You are sent on", ":Ana!a@b JOIN #overflow")

    assert talk.model.current is talk.room("#overflow")
    assert talk.room("#overflow").joined and not talk.room("#full").is_joining
    assert talk.notes("#full") == ["#full is closed to you: you are sent on to #overflow"]


def test_no_private_conversation_gives_way_to_a_room(talk):
    talk.session.submit("/query bob hello")

    talk.hears(":bob!b@c RENAME #lobby bob")

    assert names(talk) == ["#lobby", "bob"]


def test_history_is_asked_for_by_the_new_name_where_the_old_one_is_gone(talk):
    talk.server.other_says("#tea", "before")
    talk.session.submit("/join #tea")
    (asked,) = carry_until(talk, "CHATHISTORY")
    talk.server.history["#hall"] = talk.server.history.pop("#tea")
    talk.server.joined = {"#hall"}
    talk.session.hear(parse_line(":bob!b@c RENAME #tea #hall"))
    talk.server.hear(asked)

    talk.settle()

    assert talk.texts("#hall") == ["before"]
    assert not any("history" in words for words in talk.notes())


def test_what_was_said_to_the_old_name_is_said_to_the_new_one():
    talk = Talk().connect()
    for text in ("one", "two"):
        talk.session.submit(text)
    sent = talk.session.take_lines()
    talk.server.joined = {"#hall"}
    talk.session.hear(parse_line(":bob!b@c RENAME #lobby #hall"))
    for line in sent:
        talk.server.hear(line)

    talk.settle()

    assert talk.server.texts("#hall") == ["one", "two"] == talk.texts("#hall")
    assert talk.notes("#hall") == []


def test_what_is_refused_under_the_new_name_too_has_failed():
    talk = Talk().connect()
    talk.session.submit("one")
    (line,) = talk.session.take_lines()
    talk.server.joined = set()
    talk.session.hear(parse_line(":bob!b@c RENAME #lobby #hall"))
    talk.server.hear(line)

    talk.settle()

    assert talk.room("#hall").entries[-2].state is EntryState.FAILED
    assert len([said for said in talk.server.heard if said.endswith(" one")]) == 2


def carry_until(talk, word):
    """Let both talk until the client says ``word``; these lines, which do not arrive."""
    while True:
        mine = talk.session.take_lines()
        found = [text for text in mine if word in text]
        if found:
            return found
        for text in mine:
            talk.server.hear(text)
        theirs = list(talk.server.out)
        talk.server.out.clear()
        for text in theirs:
            talk.session.hear(parse_line(text))


NAMES = ("#a", "#b", "#c")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.sampled_from(NAMES)),
        st.tuples(st.just("close"), st.sampled_from(NAMES)),
        st.tuples(st.just("say"), st.sampled_from(NAMES)),
        st.tuples(st.just("other"), st.sampled_from(NAMES)),
        st.tuples(st.just("rename"), st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))),
        st.tuples(st.just("both"), st.integers(1, 6)),
        st.tuples(st.just("cut"), st.integers(0, 3)),
    ),
    max_size=40,
)


class Strict(FakeServer):
    """A fake server that says nothing to who comes in twice, and something to who leaves twice."""

    def on_join(self, line):
        if line.params[0] not in self.joined:
            super().on_join(line)

    def on_part(self, line):
        if line.params[0] in self.joined:
            super().on_part(line)
        else:
            self.say(f"442 {self.nick} {line.params[0]} :You're not on that channel")


ARRIVED = (EntryState.RECEIVED, EntryState.SENT)


class Moving(Network):
    """`Network`, with a person who comes and goes, and rooms that get other names."""

    def join(self, name):
        self.talk.session.rooms.join(name)

    def close(self, name):
        if buffer := self.talk.model.find(name):
            self.talk.session.rooms.close(buffer)

    def say(self, name):
        buffer = self.talk.model.find(name)
        if buffer is not None and (buffer.joined or buffer.is_joining):
            self.talk.session.say(buffer, "oi")

    def other(self, name):
        self.server.other_says(name, "hello")
        self._collect()

    def rename(self, names):
        old, new = names
        if old in self.server.joined and new not in self.server.history:
            self.server.joined = self.server.joined - {old} | {new}
            self.server.history[new] = self.server.history.pop(old)
            self.server.out.append(f":bob!b@there RENAME {old} {new}")
            self._collect()


@pytest.mark.slow
@pytest.mark.parametrize("caps", [CAPS, NO_LABELS], ids=["labels", "no-labels"])
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
@example(steps=[("join", "#a"), ("both", 30), ("join", "#b"), ("say", "#b"), ("rename", ("#a", "#b"))])
@example(steps=[("join", "#a"), ("join", "#b"), ("close", "#a"), ("both", 1), ("rename", ("#a", "#b"))])
@example(steps=[("join", "#a"), ("both", 30), ("say", "#a"), ("rename", ("#a", "#b"))])
def test_the_rooms_that_are_open_are_those_that_one_is_in(caps, steps):
    network = Moving(Strict(caps=caps))
    network.both(60)
    for what, how in steps:
        network.step(what, how)
    network.both(200)

    rooms = [buffer for buffer in network.talk.model.buffers if buffer.kind is BufferKind.CHANNEL]
    assert {buffer.name for buffer in rooms if buffer.joined} == network.server.joined
    assert not any(buffer.is_joining or buffer.is_loading for buffer in rooms)
    assert not any(entry.kind is EntryKind.MESSAGE for entry in network.talk.model.server.entries)
    if caps == CAPS:
        assert not any("not in" in entry.text for room in rooms for entry in room.entries)
        assert network.talk.session.speaking.outbox.unsent() == 0
        assert {entry.state for room in rooms for entry in room.entries} <= {*ARRIVED}

"""Whatever is cut whenever: what has several lines, answers and reactions arrive once, and are shown."""

from __future__ import annotations

import pytest
from client.cut_network import ROOM, Network
from client.modern_server import MODERN, ModernServer
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chatapp.client.buffer import EntryState
from chatapp.irc.client_tags import NONCE

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("type"), st.sampled_from(["ok", "um\ndois", "a\n\nb\nc"])),
        st.tuples(st.just("answer"), st.sampled_from(["ok", "um\ndois"])),
        st.tuples(st.just("react"), st.sampled_from("+-")),
        st.tuples(st.just("other"), st.sampled_from(["ok", "um\ndois"])),
        st.tuples(st.just("device"), st.sampled_from(["ok", "um\ndois"])),
        st.tuples(st.just("carry"), st.integers(1, 12)),
        st.tuples(st.just("both"), st.integers(1, 30)),
        st.tuples(st.just("cut"), st.integers(0, 6)),
        st.tuples(st.just("older"), st.none()),
        st.tuples(st.just("clear"), st.none()),
    ),
    max_size=50,
)


class Modern(Network):
    """`Network`, with a person who also answers and reacts, always to the first message.

    They have another device, which has this client too, and says the same things.
    """

    def __init__(self, server):
        super().__init__(server)
        self.liked = {"+": False, "-": False}
        self.said_elsewhere = 0

    def device(self, text):
        self.said_elsewhere += 1
        self.server.other_says(ROOM, text, "Ana", **{NONCE: f"device-{self.said_elsewhere}"})
        self._collect()

    @property
    def first(self):
        return self.talk.room(ROOM).known("m1")

    def answer(self, text):
        if self.first:
            self.typed.append(text)
            self.talk.session.speaking.say(self.talk.room(ROOM), text, reply_to="m1")

    def react(self, reaction):
        if self.first:
            self.liked[reaction] = not self.liked[reaction]
            self.talk.session.speaking.reacting.toggle(self.talk.room(ROOM), self.first, reaction)


@pytest.mark.slow
@pytest.mark.parametrize("caps", [MODERN, MODERN.replace("labeled-response ", "")], ids=["all", "no-labels"])
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
@example(steps=[("both", 30), ("react", "+"), ("cut", 1)])
@example(steps=[("both", 30), ("react", "+"), ("carry", 1), ("react", "+"), ("cut", 0)])
@example(steps=[("both", 30), ("type", "um\ndois"), ("cut", 3), ("both", 5), ("cut", 2)])
@example(steps=[("both", 30), ("type", "ok"), ("device", "ok"), ("cut", 0)])
@example(steps=[("both", 30), ("type", "ok"), ("cut", 0), ("both", 7), ("device", "ok")])
def test_each_message_and_reaction_arrives_once(caps, steps):
    network = Modern(ModernServer(caps=caps, page_limit=8))
    for what, how in steps:
        network.step(what, how)

    network.end()

    kept = network.server.history[ROOM]
    said = [one for one in kept if one.command == "PRIVMSG"]
    entries = [entry for entry in network.talk.room(ROOM).entries if entry.kind.name == "MESSAGE"]
    own = [one for one in said if one.source.startswith("Ana!")]
    here = [one for one in own if not one.client_tags.get(NONCE, "").startswith("device-")]
    assert [one.params[1] for one in here] == network.typed
    assert [(e.msgid, e.text) for e in entries] == [(one.tags["msgid"], one.params[1]) for one in said]
    assert [e.reply_to for e in entries] == [one.client_tags.get("+draft/reply", "") for one in said]
    assert {entry.state for entry in entries if entry.own} <= {EntryState.SENT, EntryState.RECEIVED}
    check_reactions(network, [one.client_tags for one in kept if one.command == "TAGMSG"])


def check_reactions(network, sent):
    tally = network.talk.room(ROOM).reactions.of("m1")
    counts = {count.reaction: count for count in tally.counts("ana")} if tally else {}
    for reaction, is_liked in network.liked.items():
        turns = ["+draft/react" in tags for tags in sent if reaction in tags.values()]
        assert turns == [True, False] * (len(turns) // 2) + [True] * is_liked
        assert (reaction in counts) == is_liked
        assert not is_liked or (counts[reaction].count, counts[reaction].is_waiting) == (1, False)
    assert len(network.talk.session.speaking.reacting.wishes) == 0

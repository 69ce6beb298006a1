"""Whatever is cut whenever: the server has each typed message once, in order, and the client shows that."""

from __future__ import annotations

from collections import Counter

import pytest
from client.cut_network import ROOM, Network
from client.fake_server import CAPS, FakeServer
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chatapp.client.buffer import EntryState
from chatapp.client.moment import format_moment

#: Few words, so that equal messages are common.
WORDS = st.sampled_from(["ok", "sim", "não"])
STEPS = (
    st.tuples(st.just("type"), WORDS),
    st.tuples(st.just("other"), WORDS),
    st.tuples(st.just("carry"), st.integers(1, 12)),
    st.tuples(st.just("bring"), st.integers(1, 12)),
    st.tuples(st.just("both"), st.integers(1, 30)),
    st.tuples(st.just("cut"), st.integers(0, 4)),
    st.tuples(st.just("older"), st.none()),
)
CLEARING = st.tuples(st.just("clear"), st.none())
NO_LABELS = CAPS.replace("labeled-response ", "")
NO_ECHO = CAPS.replace("echo-message ", "")
NO_EVENTS = CAPS.replace(" draft/event-playback", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("caps", "has_ids"),
    [(CAPS, True), (NO_LABELS, True), (NO_EVENTS, True), (CAPS, False)],
    ids=["all", "no-labels", "no-events", "no-ids"],
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(st.one_of(*STEPS, CLEARING), max_size=60))
@example(steps=[("both", 30), ("type", "ok"), ("cut", 1)])
@example(steps=[("both", 30), ("type", "ok"), ("type", "ok"), ("cut", 1), ("cut", 0), ("other", "ok")])
@example(steps=[("both", 30), ("cut", 0), *[("other", "sim")] * 9, ("both", 18), ("type", "ok"), ("cut", 9)])
def test_each_message_arrives_once_and_in_order(caps, has_ids, steps):
    network = Network(FakeServer(caps=caps, page_limit=4, has_ids=has_ids))
    for what, how in steps:
        network.step(what, how)

    network.end()

    said = [one for one in network.server.history[ROOM] if one.command == "PRIVMSG"]
    entries = [entry for entry in network.talk.room(ROOM).entries if entry.kind.name == "MESSAGE"]
    assert [one.params[1] for one in said if one.source.startswith("Ana!")] == network.typed
    assert [format_moment(entry.time) for entry in entries] == [one.tags["time"] for one in said]
    assert [entry.msgid for entry in entries if has_ids] == [one.tags["msgid"] for one in said if has_ids]
    assert [entry.text for entry in entries] == [one.params[1] for one in said]
    assert {entry.state for entry in entries if entry.own} <= {EntryState.SENT, EntryState.RECEIVED}


@pytest.mark.slow
@pytest.mark.parametrize("caps", [NO_ECHO, NO_ECHO.replace("labeled-response ", "")], ids=["acks", "nothing"])
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(st.one_of(*STEPS), max_size=60))
@example(steps=[("both", 30), ("type", "ok"), ("cut", 1)])
@example(steps=[("both", 30), ("type", "ok"), ("type", "ok"), ("cut", 1), ("cut", 0), ("other", "ok")])
def test_where_there_is_no_echo_nothing_is_doubled_and_no_loss_goes_untold(caps, steps):
    """Without an echo nobody tells our messages' place among the others, nor which of two alike it is."""
    network = Network(FakeServer(caps=caps, page_limit=4))
    for what, how in steps:
        network.step(what, how)

    network.end()

    said = [one for one in network.server.history[ROOM] if one.command == "PRIVMSG"]
    entries = [entry for entry in network.talk.room(ROOM).entries if entry.kind.name == "MESSAGE"]
    arrived = Counter(one.params[1] for one in said if one.source.startswith("Ana!"))
    untold = Counter(network.typed) - Counter(e.text for e in entries if e.state is EntryState.FAILED)
    assert arrived <= Counter(network.typed)
    assert untold <= arrived
    assert Counter(entry.text for entry in entries if entry.own) == Counter(network.typed)
    others = [one for one in said if not one.source.startswith("Ana!")]
    assert [entry.msgid for entry in entries if not entry.own] == [one.tags["msgid"] for one in others]

"""Whatever a server says, the client goes on."""

from __future__ import annotations

import pytest
from client.fake_server import Talk
from client.modern_server import ModernServer
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chatapp.client.buffer import Buffer, EntryKind, Mark
from chatapp.client.incoming.table import HEARERS
from chatapp.client.screen.render import row_text
from chatapp.client.screen.timeline import Timeline
from chatapp.irc.line import Line, MalformedLine, parse_line

NUMERICS = ["001", "005", "301", "311", "315", "317", "319", "322", "324", "332", "341", "353", "366", "376"]
ERRORS = ["401", "403", "404", "417", "432", "433", "471", "473", "482", "999", "٤٠٤"]
COMMANDS = st.sampled_from([*sorted(HEARERS), "BATCH", "TAGMSG", "NONSENSE", *NUMERICS, *ERRORS])
TARGETS = ["#lobby", "Ana", "bob", "@#lobby", "*", "", "@bob", "bob,Ana", "#lobby,#tea"]
SUBJECTS = (
    "+x -x +h -h chathistory labeled-response LS ACK NAK DEL NEW CHATHISTORY BEFORE INVALID_TARGET +o-v "
    "draft/multiline soju.im/search timestamp=2026-11-20T00:00:00.000Z m1 m2 x SEARCH REDACT BATCH MARKREAD"
)
TOKENS = "CASEMAPPING=rfc1459 PREFIX=( CHATHISTORY=-1 CHATHISTORY=0 NICKLEN=0 CHANTYPES= UTF8ONLY"
TEXTS = [
    ":",
    "{}",
    "{0.__class__}",
    "%s",
    "\x01ACTION x",
    "\x01VERSION\x01",
    "\x01",
    "draft/chathistory batch",
]
WORDS = st.one_of(
    st.sampled_from([*TARGETS, *SUBJECTS.split(), *TOKENS.split(), *TEXTS]), st.text(max_size=12)
)
SOURCES = st.one_of(
    st.none(), st.sampled_from(["Ana!~a@here", "bob!b@there", "chat", "", "!", "Ana", "#lobby"])
)
TAGS = st.dictionaries(
    st.sampled_from(
        [
            *["msgid", "time", "label", "batch", "account", "+reply", "+draft/reply", "+draft/react"],
            *["+draft/unreact", "+typing", "draft/multiline-concat"],
        ]
    ),
    st.one_of(
        st.sampled_from(["c1", "c2", "c3", "c4", "c5", "x", "h", "m1", "", "2026-11-20T00:00:00.000Z"]),
        st.sampled_from(["9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z", "-1", "1e999"]),
        st.text(max_size=8),
    ),
    max_size=3,
)
LINES = st.builds(Line, COMMANDS, st.lists(WORDS, max_size=6), SOURCES, TAGS)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    lines=st.lists(LINES, max_size=40), typed=st.lists(st.text(max_size=20), max_size=3), is_new=st.booleans()
)
@example(lines=[Line("JOIN", ["#lobby"], tags={"time": "c1"})], typed=[], is_new=False)
def test_no_lines_are_too_strange(lines, typed, is_new):
    talk = Talk(ModernServer())
    if is_new:
        talk.session.connected()
    else:
        talk.connect()
    for text in typed:
        talk.session.submit(text)
    for line in lines:
        talk.session.hear(line)
        use(talk)
        for text in talk.session.take_lines():
            parse_line(text)
    talk.session.tick()
    talk.session.disconnected("cut", None)
    talk.connect()

    for buffer in talk.model.buffers:
        check_books(buffer)
        show(buffer)
    assert talk.model.current in talk.model.buffers


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=20))
def test_no_text_is_too_strange(texts):
    talk = Talk().connect()

    for text in texts:
        try:
            talk.session.hear(parse_line(text))
        except MalformedLine:
            continue

    check_books(talk.room())


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=30), st.text(max_size=30).map(lambda text: "/" + text)), max_size=10)
)
def test_nothing_that_is_typed_is_too_strange(texts):
    talk = Talk().connect()

    for text in texts:
        talk.session.submit(text)
        for line in talk.session.take_lines():
            assert "\n" not in line
            line.encode()

    assert talk.model.current in talk.model.buffers


def test_a_server_cannot_fill_the_memory_with_conversations():
    talk = Talk().connect()

    for number in range(1500):
        talk.hears(f":Ana!a@b JOIN #r{number}", f":n{number}!u@h PRIVMSG Ana :hi")

    assert len(talk.model.buffers) == 1000
    assert talk.model.server.entries[-1].text == "hi"


def use(talk: Talk) -> None:
    """Do what a screen does: look further up, jump, fill a gap, quote, mark as read, react, go on."""
    session, room = talk.session, talk.model.current
    session.load_older(room)
    session.reading.catchup.fill(room, upward=len(room.entries) % 2 == 0)
    for entry in room.entries[-2:]:
        session.reading.quotes.want(room, entry.reply_to or entry.msgid)
        session.reading.markers.seen(room, entry)
        session.reading.catchup.load_around(room, Mark(entry.msgid, entry.time))
        if entry.msgid and entry.deletion is None:
            session.speaking.reacting.toggle(room, entry, "x")


def show(buffer: Buffer) -> None:
    """Whatever is there can be shown."""
    timeline = Timeline()
    timeline.show(buffer, "ana")
    for row in timeline.rows(40, 100):
        assert not any(char < " " or "\x7f" <= char <= "\x9f" for char in row_text(row))


def check_books(buffer: Buffer) -> None:
    """The entries of a buffer are each there once, what is unconfirmed last."""
    assert len({entry.key for entry in buffer.entries}) == len(buffer.entries)
    msgids = [entry.msgid for entry in buffer.entries if entry.msgid]
    assert len(set(msgids)) == len(msgids)
    states = [entry.state.name in ("SENDING", "WAITING") for entry in buffer.entries]
    assert states == sorted(states)
    assert all(isinstance(entry.kind, EntryKind) for entry in buffer.entries)

"""Whatever bytes come, a line is carried out or answered in words, and no answer breaks the protocol."""

from __future__ import annotations

import pytest
from dialogue import Table, run
from hypothesis import example, given
from hypothesis import strategies as st

from chatapp.commands.table import COMMANDS, dispatch, refuse_line
from chatapp.irc.framing import LineBuffer
from chatapp.irc.line import parse_line
from chatapp.listeners.irc import IrcConnection, Unreadable

NAMES = sorted(name.encode() for name in COMMANDS if name != "QUIT")
wild = st.binary(max_size=60)
words = st.sampled_from([b"#tea", b"ana", b"*", b":", b"::", b"", b"\xff", b"\0", b"+o", b"=x", b"@", b"\r"])
lines = st.one_of(
    wild,
    st.builds(
        lambda tags, command, params: tags + command + b" " + b" ".join(params),
        st.one_of(st.just(b""), wild.map(lambda raw: b"@label=" + raw + b" ")),
        st.one_of(st.sampled_from(NAMES), wild),
        st.lists(st.one_of(words, wild), max_size=4),
    ),
    st.binary(min_size=500, max_size=530).map(lambda raw: b"PRIVMSG #tea :" + raw),
)


def hear(person, data):
    """As a connection does with what comes in, without the connection."""
    for raw in LineBuffer().feed(data):
        try:
            line = IrcConnection.read(None, raw)
        except Unreadable as why:
            refuse_line(person.table.world, person.session, why.line, why.problem)
        else:
            if answer := dispatch(person.table.world, person.session, line):
                run(answer)
    person.table.tick()


@pytest.mark.slow
@pytest.mark.parametrize("is_known", [True, False], ids=["registered", "stranger"])
@given(said=st.lists(lines, max_size=5))
@example(said=[b"@label=\xff :\xff"])
@example(said=[b"\xff :x", b":\xff", b"@\xff x", b"\xff\xff : :"])
def test_whatever_comes_is_answered_in_lines_that_hold(is_known, said):
    table = Table()
    bob = table.sit("bob")
    bob.say("JOIN #tea")
    if is_known:
        ana = table.sit("ana", "message-tags labeled-response batch echo-message")
        ana.say("JOIN #tea")
    else:
        ana = table.visit()

    hear(ana, b"".join(raw + b"\n" for raw in said))

    for text in ana.hears() + bob.hears():
        parse_line(text)
        assert len(text.partition(" ")[2] if text[0] == "@" else text) <= 510 or "FAIL" in text


@pytest.mark.parametrize(
    ("raw", "command", "label"),
    [
        (b"@label=x PRIVMSG #tea :\xff", "PRIVMSG", "x"),
        (b"\xff", "*", ""),
        (b"@label=y NOTICE #tea :a\0b", "NOTICE", "y"),
        (b"@label=z PRIVMSG #tea :" + b"x" * 600, "PRIVMSG", "z"),
        (b"@+a=" + b"x" * 9000 + b" PRIVMSG #tea :hi", "*", ""),
    ],
)
def test_what_cannot_be_read_is_answered_as_what_it_seems_to_be(raw, command, label):
    with pytest.raises(Unreadable) as caught:
        IrcConnection.read(None, raw)

    assert (caught.value.line.command, caught.value.line.tags.get("label", "")) == (command, label)


@pytest.mark.parametrize(
    ("bad", "answer"),
    [
        (b"@batch=1 PRIVMSG #tea :" + b"x" * 600, "417 ana :The line is too long; nothing of it was sent"),
        (
            b"@batch=1 PRIVMSG #tea :\xff",
            "FAIL PRIVMSG INVALID_UTF8 :A line is UTF-8; this one was not, and is lost",
        ),
        (
            b"@batch=1 PRIVMSG #tea :a\0b",
            "FAIL * INVALID_LINE :This is not a line: a line holds no CR, LF or NUL",
        ),
        (b"@batch=1\xff", "FAIL * INVALID_UTF8 :A line is UTF-8; this one was not, and is lost"),
        (b"@batch=1 FOO", "FAIL BATCH MULTILINE_INVALID :A message is of PRIVMSG alone, or of NOTICE alone"),
    ],
    ids=["long", "not UTF-8", "NUL", "unreadable", "other command"],
)
def test_a_message_of_several_lines_is_said_whole_or_not_at_all(bad, answer):
    table = Table()
    ana = table.sit("ana", "message-tags labeled-response batch echo-message draft/multiline")
    bob = table.sit("bob")
    table.room("#tea", ana, bob)

    begin = b"@label=x BATCH +1 draft/multiline #tea\n@batch=1 PRIVMSG #tea :one\n"
    hear(ana, begin + bad + b"\n@batch=1 PRIVMSG #tea :three\nBATCH -1\n")

    assert ana.hears() == [f"@label=x :chatapp {answer}"]
    assert bob.hears() == []
    assert ana.session.batch is None


def test_a_bad_line_beside_a_message_of_several_lines_does_it_no_harm():
    table = Table()
    ana = table.sit("ana", "message-tags batch draft/multiline")
    bob = table.sit("bob")
    table.room("#tea", ana, bob)

    begin = b"BATCH +1 draft/multiline #tea\n@batch=1 PRIVMSG #tea :one\n"
    hear(ana, begin + b"PRIVMSG bob :\xff\n@batch=1 PRIVMSG #tea :two\nBATCH -1\n")

    assert [line.split(" ")[1] for line in ana.hears()] == ["FAIL"]
    assert [line.rpartition(":")[2] for line in bob.hears()] == ["one", "two"]

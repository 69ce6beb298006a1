"""Messages of several lines: said as one, heard as a batch or as lines, kept as one (draft/multiline)."""

from __future__ import annotations

import pytest
from commands.scenes import two
from dialogue import NEW_YEAR, Table, run

from chatapp.core.multiline import text_of
from chatapp.core.ports import Span
from chatapp.core.settings import LimitSettings, Settings
from chatapp.core.stamp import msgid_of, time_of

CAPS = "batch draft/multiline message-tags"
#: Someone writes a word, a blank line, and a line in two pieces.
POEM = [
    "BATCH +1 draft/multiline #tea",
    "@batch=1 PRIVMSG #tea hello",
    "@batch=1 PRIVMSG #tea :",
    "@batch=1 PRIVMSG #tea :how is ",
    "@batch=1;draft/multiline-concat PRIVMSG #tea :everyone?",
    "BATCH -1",
]
ANA = ":ana!~ana@127.0.0.1"


def room(ana_caps=CAPS, bob_caps="", settings=None):
    table = Table(settings)
    ana, bob = table.sit("ana", ana_caps), table.sit("bob", bob_caps)
    table.room("#tea", ana, bob)
    return table, ana, bob


def invalid(text, code="MULTILINE_INVALID"):
    return [f":chatapp FAIL BATCH {code} :{text}"]


def source(person):
    return f":{person.session.user.source}"


def test_nothing_is_heard_before_the_end():
    _, ana, bob = room(bob_caps=CAPS)

    assert ana.asks(*POEM[:-1]) == []
    assert bob.hears() == []


def test_who_knows_it_hears_a_batch():
    table, ana, bob = room(bob_caps=CAPS + " server-time account-tag")
    ana.say("@+draft/reply=abc;+x=a\\sb BATCH +1 draft/multiline #tea", *POEM[1:])

    opening, *lines, closing = bob.hears()
    tags, _, rest = opening.partition(" ")
    who = source(ana)
    msgid = dict(tag.partition("=")[::2] for tag in tags[1:].split(";"))["msgid"]
    moment = time_of(table.world.user("ana").spoke * 1_000_000)
    assert tags.startswith(f"@time={moment[:-5]}")
    assert tags.endswith(f";msgid={msgid};+draft/reply=abc;+x=a\\sb")
    batch = rest.split(" ")[2][1:]
    assert rest == f"{who} BATCH +{batch} draft/multiline #tea"
    assert lines == [
        f"@batch={batch} {who} PRIVMSG #tea :hello",
        f"@batch={batch} {who} PRIVMSG #tea :",
        f"@batch={batch} {who} PRIVMSG #tea :how is ",
        f"@batch={batch};draft/multiline-concat {who} PRIVMSG #tea :everyone?",
    ]
    assert closing == f"{who} BATCH -{batch}"


def test_others_hear_lines_without_blank_ones_and_the_id_once():
    table, ana, bob = room(bob_caps="message-tags server-time")
    table.time = NEW_YEAR + 5_000_000
    ana.say("@+draft/reply=abc BATCH +1 draft/multiline #tea", *POEM[1:])

    time = f"time={time_of(table.time)}"
    who = source(ana)
    assert bob.hears() == [
        f"@{time};msgid={msgid_of(table.time)};+draft/reply=abc {who} PRIVMSG #tea :hello",
        f"@{time};+draft/reply=abc {who} PRIVMSG #tea :how is ",
        f"@{time};+draft/reply=abc {who} PRIVMSG #tea :everyone?",
    ]


def test_who_has_no_capabilities_hears_plain_lines():
    _, ana, bob = room()
    ana.say(*POEM)

    who = source(ana)
    assert bob.hears() == [
        f"{who} PRIVMSG #tea :hello",
        f"{who} PRIVMSG #tea :how is ",
        f"{who} PRIVMSG #tea :everyone?",
    ]


def test_the_id_is_on_the_first_line_that_is_heard():
    table, ana, bob = room(bob_caps="message-tags")
    ana.say(
        "BATCH +1 draft/multiline #tea", "@batch=1 PRIVMSG #tea :", "@batch=1 PRIVMSG #tea :x", "BATCH -1"
    )

    assert bob.hears() == [f"@msgid={msgid_of(table.world.scribe.stamps.last)} {source(ana)} PRIVMSG #tea :x"]


def test_without_batch_the_capability_gives_lines():
    _, ana, bob = room(bob_caps="draft/multiline")
    ana.say(*POEM)

    assert [line.rpartition(":")[2] for line in bob.hears()] == ["hello", "how is ", "everyone?"]


def test_the_echo_is_a_batch_with_the_label_on_its_opening():
    _, ana, _bob = room(CAPS + " echo-message labeled-response")
    assert ana.asks(f"@label=L1 {POEM[0]}", *POEM[1:-1]) == []

    opening, *lines, closing = ana.asks(POEM[-1])
    assert opening.startswith("@label=L1;msgid=")
    assert len(lines) == 4
    assert not any("label" in line or "msgid" in line for line in [*lines, closing])


def test_with_a_label_and_no_echo_there_is_an_ack_at_the_end():
    _, ana, _bob = room(CAPS + " labeled-response")

    assert ana.asks(f"@label=L1 {POEM[0]}", *POEM[1:]) == ["@label=L1 :chatapp ACK"]


def test_to_someone_away_the_echo_and_301_share_a_labelled_batch():
    _, ana, bob = room(CAPS + " echo-message labeled-response")
    bob.say("AWAY :tea time")
    texts = [line.replace("#tea", "bob") for line in POEM]

    opening, inner, *_lines, away, closing = ana.asks(f"@label=L1 {texts[0]}", *texts[1:])
    assert opening.startswith("@label=L1 :chatapp BATCH +")
    outer = opening.split(" ")[3][1:]
    assert inner.startswith(f"@batch={outer};msgid=")
    assert away == f"@batch={outer} :chatapp 301 ana bob :tea time"
    assert closing == f":chatapp BATCH -{outer}"


def test_history_has_it_as_one_and_tells_it_as_it_was_heard():
    table, ana, bob = room(bob_caps=CAPS)
    ana.say("PRIVMSG #tea :before", *POEM)
    heard = bob.hears()[1:]
    eve = table.sit("eve")
    table.room("#tea", eve)

    opening, *again, closing = bob.asks("CHATHISTORY LATEST #tea * 1")
    outer = opening.split(" ")[2][1:]
    assert again[0] == heard[0].replace("@", f"@batch={outer};", 1)
    assert again[1:] == heard[1:]
    assert closing == f":chatapp BATCH -{outer}"
    assert [line.rpartition(":")[2] for line in eve.asks("CHATHISTORY LATEST #tea * 1")] == [
        "hello", "how is ", "everyone?",
    ]  # fmt: skip


def test_in_a_frame_each_line_of_it_is_in_the_frame():
    table, ana, _bob = room()
    ana.say(*POEM)
    eve = table.sit("eve", "batch")
    table.room("#tea", eve)

    opening, *lines, _closing = eve.asks("CHATHISTORY LATEST #tea * 1")
    outer = opening.split(" ")[2][1:]
    assert lines == [
        f"@batch={outer} {source(ana)} PRIVMSG #tea :{text}" for text in ("hello", "how is ", "everyone?")
    ]


def test_it_survives_the_store_whole():
    table, ana, _bob = room()
    ana.say(*POEM)

    (message,) = run(table.store.read(Span("#tea")))
    assert message.body == f"{source(ana)} PRIVMSG #tea :hello\n \n how is \n>everyone?"
    assert text_of(message.body) == "hello\n\nhow is everyone?"


def test_a_notice_may_have_several_lines():
    _, ana, bob = room()
    ana.say(*(line.replace("PRIVMSG", "NOTICE") for line in POEM))

    assert [line.split(" ")[1] for line in bob.hears()] == ["NOTICE"] * 3


def test_one_line_is_a_message_like_any_other():
    _, ana, bob = room(bob_caps=CAPS)
    ana.say("BATCH +1 draft/multiline #tea", "@batch=1 PRIVMSG #tea :just one", "BATCH -1")

    (line,) = bob.hears()
    assert line.startswith("@msgid=") and line.endswith(f"{source(ana)} PRIVMSG #tea :just one")


def test_direct_messages_too():
    _, ana, bob = room(bob_caps=CAPS)
    ana.say(*(line.replace("#tea", "bob") for line in POEM))

    assert [line.split(" ")[-1] for line in bob.hears()][:2] == ["bob", ":hello"]


def test_who_may_not_speak_is_told_once():
    _, ana, bob = room(bob_caps=CAPS)
    ana.say("MODE #tea +m")
    bob.hears()

    assert bob.asks(*POEM) == [":chatapp 404 bob #tea :Cannot send to channel (+m): only some may speak"]
    assert not any("PRIVMSG" in line for line in ana.hears())


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["@batch=1;draft/multiline-concat PRIVMSG #tea :"], invalid("A blank line goes on with nothing")),
        (["@batch=2 PRIVMSG #tea :x"], invalid("There is no such batch open")),
        (["@batch=1 JOIN #else"], invalid("A message is of PRIVMSG alone, or of NOTICE alone")),
        (["@batch=1 PRIVMSG #tea x", "@batch=1 NOTICE #tea x"],
         invalid("A message is of PRIVMSG alone, or of NOTICE alone")),
        (["@batch=1 PRIVMSG #else x"],
         [":chatapp FAIL BATCH MULTILINE_INVALID_TARGET #tea #else :The batch has another target"]),
        (["@batch=1 BATCH +2 draft/multiline #tea"],
         invalid("A message is of PRIVMSG alone, or of NOTICE alone")),
        (["BATCH +2 draft/multiline #tea"], invalid("One message at a time: another batch is open")),
        (["BATCH -2"], invalid("There is no such batch open")),
    ],
)  # fmt: skip
def test_what_is_wrong_ends_it_and_is_told_once(lines, answer):
    _, ana, bob = room(bob_caps=CAPS)
    ana.say(POEM[0])

    assert ana.asks(*lines) == answer
    reference = ana.session.batch.reference
    assert ana.asks(f"@batch={reference} PRIVMSG #tea more", f"BATCH -{reference}") == []
    assert bob.hears() == []
    ana.say(*POEM)
    assert len(bob.hears()) == 6


@pytest.mark.parametrize("texts", [[], [":"], [":", ":"]])
def test_nothing_but_blank_lines_is_nothing(texts):
    _, ana, bob = room()

    lines = [f"@batch=1 PRIVMSG #tea {text}" for text in texts]
    assert ana.asks(POEM[0], *lines, POEM[-1]) == invalid("A message has text")
    assert bob.hears() == []


@pytest.mark.parametrize(
    "line",
    ["BATCH +1 netsplit #tea", "BATCH +1 draft/multiline", "BATCH -1", "BATCH 1", "@batch=1 PRIVMSG #tea x"],
)
def test_what_opens_nothing(line):
    _, ana, bob = room()

    (answer,) = ana.asks(line)
    assert answer.startswith(":chatapp FAIL BATCH MULTILINE_INVALID :")
    assert bob.hears() == []


def test_the_refusal_has_the_label_of_the_opening():
    _, ana, _bob = room(CAPS + " labeled-response")

    assert ana.asks(
        f"@label=L1 {POEM[0]}", "@batch=2 PRIVMSG #tea x", "@batch=1 PRIVMSG #tea x", "BATCH -1"
    ) == ["@label=L1 :chatapp FAIL BATCH MULTILINE_INVALID :There is no such batch open"]


def test_too_many_lines_are_refused_as_soon_as_there_are():
    _, ana, _bob = room(settings=Settings(limits=LimitSettings(multiline_lines=2)))
    lines = ["@batch=1 PRIVMSG #tea x"] * 3

    assert ana.asks(POEM[0], *lines[:2]) == []
    assert ana.asks(lines[2]) == [":chatapp FAIL BATCH MULTILINE_MAX_LINES 2 :Too many lines"]


def test_too_many_bytes_are_refused_as_soon_as_there_are():
    _, ana, bob = room(settings=Settings(limits=LimitSettings(multiline_bytes=7)))
    batch = [POEM[0], "@batch=1 PRIVMSG #tea :çã", "@batch=1 PRIVMSG #tea :ab"]

    assert ana.asks(*batch, "BATCH -1") == []
    assert len(bob.hears()) == 2
    joined = "@batch=1;draft/multiline-concat PRIVMSG #tea :c"
    assert ana.asks(*batch, joined) == [":chatapp FAIL BATCH MULTILINE_MAX_BYTES 7 :Too many bytes"]


def test_a_line_that_would_not_fit_when_relayed_stops_all_of_it():
    _, ana, bob = room()
    long = "x" * 480

    assert ana.asks(POEM[0], "@batch=1 PRIVMSG #tea hello", f"@batch=1 PRIVMSG #tea {long}", "BATCH -1") == [
        ":chatapp 417 ana :The line is too long; nothing of it was sent"
    ]
    assert bob.hears() == []


def test_whoever_goes_in_the_middle_has_said_nothing():
    table, ana, bob = room()
    ana.say(*POEM[:-1])
    ana.leaves()

    assert not any("PRIVMSG" in line for line in bob.hears())
    assert not any("hello" in entry.message.body for tick in table.store.kept for entry in tick.messages)


def test_other_lines_may_come_between():
    _, ana, bob = room()

    assert ana.asks(POEM[0], "PING x") == [":chatapp PONG chatapp :x"]
    ana.say(*POEM[1:])
    assert len(bob.hears()) == 3


def test_the_limits_are_in_the_capability():
    table = Table()
    visitor = table.visit()

    words = " ".join(visitor.asks("CAP LS 302"))
    assert "draft/multiline=max-bytes=16384,max-lines=128" in words


def test_the_capability_must_be_asked_for():
    _, ana, bob = two()

    assert ana.asks("BATCH +1 draft/multiline #tea") == invalid(
        "Ask for the capability draft/multiline first"
    )
    ana.say("@batch=1 PRIVMSG #tea :as ever")
    assert bob.hears() == [f"{source(ana)} PRIVMSG #tea :as ever"]


@pytest.mark.parametrize("mode", ["#tea +C", "bob +T"])
def test_no_line_of_it_smuggles_a_ctcp_in(mode):
    _, ana, bob = room()
    target = mode.split(" ")[0]
    (ana if target == "#tea" else bob).say(f"MODE {mode}")
    bob.hears()
    lines = [f"@batch=1 PRIVMSG {target} :{text}" for text in ("hello", "\x01VERSION\x01")]

    (refused,) = ana.asks(f"BATCH +1 draft/multiline {target}", *lines, "BATCH -1")
    assert refused.split(" ")[1] in ("404", "531")
    assert bob.hears() == []


def test_a_batch_has_a_name():
    _, ana, bob = room()

    told = ana.asks("BATCH + draft/multiline #tea", "@batch= PRIVMSG #tea :x", "BATCH -")
    assert told == invalid("A batch is opened with BATCH +reference draft/multiline target")
    assert bob.hears() == []

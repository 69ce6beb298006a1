"""CHATHISTORY: what was said before, for those who may know."""

from __future__ import annotations

import pytest
from commands.scenes import at, telling, told
from dialogue import NEW_YEAR, Table, run

from chatapp.commands.table import dispatch
from chatapp.core.settings import HistorySettings, Settings
from chatapp.core.stamp import msgid_of
from chatapp.irc.line import parse_line

ANA, BOB = "ana!ana@127.0.0.1", "bob!bob@127.0.0.1"
NOT_YOURS = "There is no history here that you may read"


def fail(code, *context, text):
    return [f":chatapp FAIL CHATHISTORY {' '.join((code, *context))} :{text}"]


def id_of(n):
    return f"msgid={msgid_of(NEW_YEAR + n * 1_000_000)}"


REFERENCE = pytest.mark.parametrize("ref", [at, id_of])


# The form of the answer


def test_the_answer_is_a_batch_of_what_was_said():
    _, _, bob = telling()

    lines = bob.asks("CHATHISTORY LATEST #tea * 2")

    batch = lines[0].split(" ")[2][1:]
    assert lines == [
        f":chatapp BATCH +{batch} chathistory #tea",
        f"@batch={batch} :{ANA} PRIVMSG #tea :8",
        f"@batch={batch} :{ANA} PRIVMSG #tea :9",
        f":chatapp BATCH -{batch}",
    ]


# the target in the BATCH line is as the client spelled it


@pytest.mark.parametrize("spelled", ["#TEA", "#tEa"])
def test_the_batch_names_the_target_as_it_was_asked_for(spelled):
    _, _, bob = telling()

    lines = bob.asks(f"chathistory latest {spelled} * 1")

    assert lines[0].endswith(f" chathistory {spelled}")
    assert lines[1].endswith(" PRIVMSG #tea :9")


def test_nothing_is_an_empty_batch():
    table, _, _ = telling()
    eve = table.sit("eve", "batch")
    table.room("#new", eve)

    assert told(eve.asks("CHATHISTORY LATEST #new * 5")) == ""
    assert told(eve.asks("CHATHISTORY LATEST ana * 5")) == ""
    assert told(eve.asks("CHATHISTORY LATEST ghost * 5")) == ""


def test_without_batch_the_lines_come_bare():
    _, _, bob = telling("server-time")

    assert bob.asks("CHATHISTORY LATEST #tea * 1") == [
        f"@time=2026-01-01T00:00:09.000Z :{ANA} PRIVMSG #tea :9"
    ]


def test_a_replay_is_what_was_heard_to_the_byte():
    table = Table()
    caps = "message-tags server-time account-tag echo-message batch"
    ana, bob = table.sit("ana", caps), table.sit("bob", caps)
    ana.session.user.account = "anas"
    table.room("#tea", ana, bob)
    live = ana.asks(
        "@+draft/reply=a\\:b;+chatapp/nonce=3f9a0c17 PRIVMSG #tea :olá  ☕ ",
        "NOTICE #tea :x",
        "NOTICE bob :psst",
    )
    table.later(86400)

    replayed = bob.asks("CHATHISTORY LATEST #tea * 9", "CHATHISTORY LATEST ana * 9")

    messages = [line.partition(";")[2] for line in replayed if line[0] == "@"]
    assert ["@" + message for message in messages] == live


def test_two_messages_two_milliseconds_apart_have_two_times():
    table = Table()
    ana = table.sit("ana", "echo-message server-time")
    table.room("#tea", ana)
    (first,) = ana.asks("PRIVMSG #tea :1")
    table.later(0.002)
    (second,) = ana.asks("PRIVMSG #tea :2")

    assert first.split(" ")[0] != second.split(" ")[0]


# The subcommands; bounds are exclusive, answers ascend


@pytest.mark.parametrize(("limit", "texts"), [(1, "9"), (3, "789"), (10, "0123456789"), (99, "0123456789")])
def test_latest_takes_the_newest(limit, texts):
    _, _, bob = telling()

    assert told(bob.asks(f"CHATHISTORY LATEST #tea * {limit}")) == texts


@REFERENCE
def test_latest_since_something(ref):
    _, _, bob = telling()

    assert told(bob.asks(f"CHATHISTORY LATEST #tea {ref(5)} 50")) == "6789"
    assert told(bob.asks(f"CHATHISTORY LATEST #tea {ref(5)} 2")) == "89"
    assert told(bob.asks(f"CHATHISTORY LATEST #tea {ref(9)} 2")) == ""


@REFERENCE
def test_before_takes_the_newest_and_after_the_oldest(ref):
    _, _, bob = telling()

    assert told(bob.asks(f"CHATHISTORY BEFORE #tea {ref(5)} 2")) == "34"
    assert told(bob.asks(f"CHATHISTORY BEFORE #tea {ref(0)} 2")) == ""
    assert told(bob.asks(f"CHATHISTORY AFTER #tea {ref(5)} 2")) == "67"
    assert told(bob.asks(f"CHATHISTORY AFTER #tea {ref(9)} 2")) == ""


@REFERENCE
def test_between_counts_from_the_first(ref):
    _, _, bob = telling()

    assert told(bob.asks(f"CHATHISTORY BETWEEN #tea {ref(2)} {ref(7)} 50")) == "3456"
    assert told(bob.asks(f"CHATHISTORY BETWEEN #tea {ref(7)} {ref(2)} 50")) == "3456"
    assert told(bob.asks(f"CHATHISTORY BETWEEN #tea {ref(2)} {ref(7)} 2")) == "34"
    assert told(bob.asks(f"CHATHISTORY BETWEEN #tea {ref(7)} {ref(2)} 2")) == "56"
    assert told(bob.asks(f"CHATHISTORY BETWEEN #tea {ref(2)} {ref(2)} 2")) == ""
    assert told(bob.asks(f"CHATHISTORY BETWEEN #tea {ref(2)} {ref(3)} 2")) == ""


def test_between_a_time_and_an_id():
    _, _, bob = telling()

    assert told(bob.asks(f"CHATHISTORY BETWEEN #tea {at(2)} {id_of(7)} 50")) == "3456"
    assert told(bob.asks(f"CHATHISTORY BETWEEN #tea {id_of(7)} {at(2)} 1")) == "6"


@REFERENCE
@pytest.mark.parametrize(
    ("limit", "texts"), [(1, "5"), (2, "45"), (3, "456"), (4, "3456"), (99, "0123456789")]
)
def test_around_has_the_message_itself_in_the_middle(ref, limit, texts):
    _, _, bob = telling()

    assert told(bob.asks(f"CHATHISTORY AROUND #tea {ref(5)} {limit}")) == texts


def test_around_the_ends_gives_what_there_is():
    _, _, bob = telling()

    assert told(bob.asks(f"CHATHISTORY AROUND #tea {at(0)} 3")) == "01"
    assert told(bob.asks(f"CHATHISTORY AROUND #tea {at(9)} 3")) == "89"


def test_a_timestamp_means_all_of_its_millisecond():
    table = Table()
    ana = table.sit("ana", "batch")
    table.room("#tea", ana)
    ana.asks("PRIVMSG #tea :1", "PRIVMSG #tea :2", "PRIVMSG #tea :3")
    table.later(0.001)
    ana.asks("PRIVMSG #tea :4")

    assert told(ana.asks(f"CHATHISTORY AFTER #tea {at(0)} 9")) == "4"
    assert told(ana.asks(f"CHATHISTORY BEFORE #tea {at(0)} 9")) == ""


@pytest.mark.parametrize(
    "time", ["1970-01-01T00:00:00.000Z", "2262-04-11T23:47:16.854Z", "0001-01-01T00:00:00Z"]
)
def test_far_dates_are_dates(time):
    _, _, bob = telling()

    assert len(told(bob.asks(f"CHATHISTORY AFTER #tea timestamp={time} 99"))) in (0, 10)
    assert len(told(bob.asks(f"CHATHISTORY BEFORE #tea timestamp={time} 99"))) in (0, 10)


# What cannot be asked


@pytest.mark.parametrize(
    ("params", "code", "context"),
    [
        ("", "INVALID_PARAMS", "*"),
        ("NEWEST #tea * 5", "INVALID_PARAMS", "NEWEST"),
        (":a b", "INVALID_PARAMS", "*"),
        ("LATEST", "NEED_MORE_PARAMS", "LATEST"),
        ("latest #tea *", "NEED_MORE_PARAMS", "LATEST"),
        ("BETWEEN #tea * 5", "NEED_MORE_PARAMS", "BETWEEN"),
        ("LATEST #tea * 0", "INVALID_PARAMS", "LATEST"),
        ("LATEST #tea * -1", "INVALID_PARAMS", "LATEST"),
        ("LATEST #tea * x", "INVALID_PARAMS", "LATEST"),
        ("LATEST #tea * :", "INVALID_PARAMS", "LATEST"),
        ("LATEST #tea * ٣", "INVALID_PARAMS", "LATEST"),
        ("LATEST #tea x 5", "INVALID_MSGREFTYPE", "LATEST #tea"),
        ("BEFORE #tea * 5", "INVALID_MSGREFTYPE", "BEFORE #tea"),
        ("BETWEEN #tea * * 5", "INVALID_MSGREFTYPE", "BETWEEN #tea"),
        ("BEFORE #tea sequence=5 5", "INVALID_MSGREFTYPE", "BEFORE #tea"),
        ("BEFORE #tea timestamp=yesterday 5", "INVALID_PARAMS", "BEFORE #tea"),
        ("BEFORE #tea timestamp=2026-13-01T00:00:00.000Z 5", "INVALID_PARAMS", "BEFORE #tea"),
        ("BEFORE #tea timestamp=٢٠٢٦-01-01T00:00:00.000Z 5", "INVALID_PARAMS", "BEFORE #tea"),
        ("BEFORE #tea msgid= 5", "INVALID_PARAMS", "BEFORE #tea"),
        ("BEFORE #tea msgid=XYZ 5", "INVALID_PARAMS", "BEFORE #tea"),
        (f"BEFORE #tea msgid={'v' * 13} 5", "INVALID_PARAMS", "BEFORE #tea"),
        ("TARGETS x y 5", "INVALID_MSGREFTYPE", "TARGETS *"),
        ("TARGETS * * 5", "INVALID_MSGREFTYPE", "TARGETS *"),
        ("TARGETS timestamp=x timestamp=y 5", "INVALID_PARAMS", "TARGETS *"),
    ],
)
def test_what_is_wrong_is_one_fail_and_no_batch(params, code, context):
    _, _, bob = telling()

    (line,) = bob.asks(f"CHATHISTORY {params}")

    assert line.startswith(f":chatapp FAIL CHATHISTORY {code} {context} :")


@pytest.mark.parametrize("target", ["#tea", "#ghost", "*", "1x", "@#tea"])
@pytest.mark.parametrize(
    ("subcommand", "rest"),
    [
        ("LATEST", "* 5"),
        ("BEFORE", f"{at(5)} 5"),
        ("AFTER", f"{at(5)} 5"),
        ("AROUND", f"{at(5)} 5"),
        ("BETWEEN", f"{at(2)} {at(8)} 5"),
    ],
)
def test_what_is_not_ones_own_is_refused_in_the_first_line_and_there_is_no_batch(subcommand, rest, target):
    table, _, _ = telling()
    eve = table.sit("eve", "batch")

    assert eve.asks(f"CHATHISTORY {subcommand} {target} {rest}") == fail(
        "INVALID_TARGET", subcommand, target, text=NOT_YOURS
    )


def test_who_has_left_may_not_read_any_more():
    _, _, bob = telling()
    bob.asks("PART #tea")

    assert bob.asks("CHATHISTORY LATEST #tea * 5") == fail("INVALID_TARGET", "LATEST", "#tea", text=NOT_YOURS)


def test_who_is_thrown_out_while_the_store_reads_is_told_nothing():
    table, ana, bob = telling()
    read = table.store.read

    async def slow_read(span):
        ana.say("KICK #tea bob", "PRIVMSG #tea :about bob")
        return await read(span)

    table.store.read = slow_read
    assert bob.asks("CHATHISTORY LATEST #tea * 5") == [
        f":{ANA} KICK #tea bob :ana",
        *fail("INVALID_TARGET", "LATEST", "#tea", text=NOT_YOURS),
    ]


def test_who_goes_while_the_store_reads_is_answered_no_more():
    table, _, _ = telling()
    eve = table.sit("eve", "batch labeled-response")
    table.room("#tea", eve)
    read = table.store.read

    async def slow_read(span):
        eve.leaves()
        return await read(span)

    table.store.read = slow_read
    run(dispatch(table.world, eve.session, parse_line("@label=x CHATHISTORY LATEST #tea * 5")))
    table.tick()
    assert eve.hears() == []


def test_one_reads_what_was_said_in_the_same_breath():
    table, ana, bob = telling()
    for text in ("PRIVMSG #tea :a", "PRIVMSG #tea :b"):
        dispatch(table.world, ana.session, parse_line(text))

    assert told(bob.asks("CHATHISTORY LATEST #tea * 3")[2:]) == "9ab"


def test_an_answer_has_at_most_as_many_as_the_setting_says():
    table = Table(Settings(history=HistorySettings(query_limit=2)))
    ana = table.sit("ana", "batch")
    table.room("#tea", ana)
    ana.asks(*(f"PRIVMSG #tea :{n}" for n in range(4)))

    assert told(ana.asks("CHATHISTORY LATEST #tea * 999999999999")) == "23"

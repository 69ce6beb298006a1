"""Taking back what was said: who may, who hears of it, and that nothing of it is left."""

from __future__ import annotations

import pytest
from commands.account_scenes import have, inside, sit_logged_in, table_with
from commands.scenes import kept
from dialogue import Table, run

from chatapp.commands.table import dispatch
from chatapp.core.ports import Redaction
from chatapp.core.settings import HistorySettings, Settings
from chatapp.irc.line import parse_line

CAPS = "draft/message-redaction message-tags echo-message batch draft/event-playback"


def room(*nicks, caps=CAPS, settings=None):
    """``nicks`` in #tea, the first its operator."""
    table = Table(settings)
    people = [table.sit(nick, caps) for nick in nicks or ("ana", "bob")]
    table.room("#tea", *people)
    return table, *people


def says(person, target, text="oops", command="PRIVMSG"):
    """Say it; give back its id."""
    echo = next(line for line in person.asks(f"{command} {target} :{text}") if "msgid=" in line)
    return echo.partition("msgid=")[2].partition(" ")[0].partition(";")[0]


def bare(lines):
    """``lines`` without their tags."""
    return [line.partition(" ")[2] if line[:1] == "@" else line for line in lines]


def source(person):
    return person.session.user.source


def texts(person, target="#tea"):
    """What history tells, without frame and tags."""
    _opening, *lines, _closing = bare(person.asks(f"CHATHISTORY LATEST {target} * 50"))
    return [line.split(" ", 3)[1:] for line in lines]


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
def test_one_takes_back_ones_own(command):
    _, ana, bob = room()
    msgid = says(bob, "#tea", command=command)
    ana.hears()

    assert bare(bob.asks(f"REDACT #tea {msgid} :wrong room")) == [
        f":{source(bob)} REDACT #tea {msgid} :wrong room"
    ]
    assert bare(ana.hears()) == [f":{source(bob)} REDACT #tea {msgid} :wrong room"]


def test_the_redaction_has_an_id_and_a_time_of_its_own():
    _, ana, bob = room(caps=CAPS + " server-time")
    msgid = says(bob, "#tea")
    bob.say(f"REDACT #tea {msgid}")

    (line,) = ana.hears()[1:]
    tags = dict(tag.partition("=")[::2] for tag in line.partition(" ")[0][1:].split(";"))
    assert set(tags) == {"msgid", "time"}
    assert tags["msgid"] != msgid


@pytest.mark.parametrize("reason", ["", " :"])
def test_no_reason_is_no_parameter(reason):
    _, _ana, bob = room()
    msgid = says(bob, "#tea")

    assert bare(bob.asks(f"REDACT #tea {msgid}{reason}")) == [f":{source(bob)} REDACT #tea {msgid}"]


def test_who_does_not_know_it_hears_nothing():
    table, _ana, bob = room()
    eve = table.sit("eve", "message-tags echo-message")
    table.room("#tea", eve)
    msgid = says(eve, "#tea")

    assert eve.asks(f"REDACT #tea {msgid}") == []
    assert [line.split(" ")[2] for line in bob.hears() if "REDACT" in line] == ["REDACT"]


def test_history_has_it_no_more_and_tells_that_there_was_something():
    table, ana, bob = room()
    says(ana, "#tea", "before")
    msgid = says(bob, "#tea")
    says(ana, "#tea", "after")
    bob.say(f"REDACT #tea {msgid} sorry")
    eve = table.sit("eve", "batch")
    table.room("#tea", eve)

    assert texts(eve) == [["PRIVMSG", "#tea", ":before"], ["PRIVMSG", "#tea", ":after"]]
    assert texts(ana)[2:5] == [
        ["PRIVMSG", "#tea", ":before"],
        ["PRIVMSG", "#tea", ":after"],
        ["REDACT", "#tea", f"{msgid} sorry"],
    ]


def test_the_store_is_told_to_forget_the_text():
    table, _ana, bob = room()
    msgid = says(bob, "#tea")
    bob.say(f"REDACT #tea {msgid}")

    redactions = [each for tick in table.store.kept for each in tick.redactions]
    assert redactions == [Redaction(int(msgid, 32), ("#tea",))]


def test_operators_take_back_what_others_said():
    _, ana, bob = room()
    msgid = says(bob, "#tea")

    assert bare(ana.asks(f"REDACT #tea {msgid}")) == [f":{source(ana)} REDACT #tea {msgid}"]


def forbidden(target, msgid):
    return [f":chatapp FAIL REDACT REDACT_FORBIDDEN {target} {msgid} :It is not yours to delete"]


@pytest.mark.parametrize("standing", ["", "+v", "+h"])
def test_others_do_not(standing):
    _, ana, bob = room()
    msgid = says(ana, "#tea")
    if standing:
        ana.say(f"MODE #tea {standing} bob")

    assert bob.asks(f"REDACT #tea {msgid}") == forbidden("#tea", msgid)
    assert ["PRIVMSG", "#tea", ":oops"] in texts(ana)


def test_who_takes_the_nick_of_a_guest_does_not_take_what_they_said():
    table, _ana, bob = room()
    msgid = says(bob, "#tea")
    bob.leaves()
    other = table.sit("bob", CAPS)
    table.room("#tea", other)

    assert other.asks(f"REDACT #tea {msgid}") == forbidden("#tea", msgid)


def test_who_renames_to_the_nick_of_a_guest_does_not_either():
    _table, _ana, bob, eve = room("ana", "bob", "eve")
    msgid = says(bob, "#tea")
    bob.say("NICK else")
    eve.session.user.user_name = "~bob"
    eve.say("NICK bob")

    assert eve.session.user.source == f"bob!~bob@{eve.session.user.host}"
    assert eve.asks(f"REDACT #tea {msgid}") == forbidden("#tea", msgid)


def unknown(target, msgid):
    return [f":chatapp FAIL REDACT UNKNOWN_MSGID {target} {msgid} :There is no such message here"]


@pytest.mark.parametrize("msgid", ["1", "nonsense!", "vvvvvvvvvvvvv"])
def test_what_is_not_there(msgid):
    _, _ana, bob = room()

    assert bob.asks(f"REDACT #tea {msgid}") == unknown("#tea", msgid)


def test_what_was_taken_back_is_not_there():
    _, _ana, bob = room()
    msgid = says(bob, "#tea")
    bob.say(f"REDACT #tea {msgid}")

    assert bob.asks(f"REDACT #tea {msgid}") == unknown("#tea", msgid)


@pytest.mark.parametrize("target", ["#tea", "bob"])
def test_of_two_who_take_the_same_back_at_the_same_time_one_does(target):
    table, ana, bob = room()
    msgid = says(ana, target)
    other, read = bob if target == "#tea" else ana, table.store.read
    bob.hears()

    async def slow_read(span):
        table.store.read = read
        found = await read(span)
        run(dispatch(table.world, other.session, parse_line(f"REDACT {target} {msgid}")))
        return found

    table.world.channels["#tea"].members[bob.session.user].grant("o", True)
    table.store.read = slow_read
    assert ana.asks(f"REDACT {target} {msgid}")[-1] == unknown(target, msgid)[0]
    assert len([line for line in bob.hears() if " REDACT " in line]) == 1


def test_what_was_said_elsewhere_is_not_here():
    table, _ana, bob = room()
    table.room("#else", bob)
    msgid = says(bob, "#else")

    assert bob.asks(f"REDACT #tea {msgid}") == unknown("#tea", msgid)


def test_events_are_not_taken_back():
    _, ana, bob = room()
    ana.say("TOPIC #tea :chá")
    (line,) = [line for line in bob.hears() if "TOPIC" in line]
    msgid = line.partition("msgid=")[2].partition(" ")[0]

    assert ana.asks(f"REDACT #tea {msgid}")[-1:] == unknown("#tea", msgid)


@pytest.mark.parametrize("target", ["#tea", "#none", "not a nick!", "@#tea", "nobody"])
def test_where_one_may_not_read_all_answers_are_the_same(target):
    table, ana, _bob = room()
    msgid = says(ana, "#tea")
    eve = table.sit("eve", CAPS)

    word = target.split(" ")[0]
    (line,) = eve.asks(f"REDACT {word} {msgid}")
    if word != "not":
        assert line == f":chatapp FAIL REDACT INVALID_TARGET {word} :You cannot delete messages there"


def test_a_direct_message_goes_from_both_sides():
    table, ana, bob = room()
    msgid = says(ana, "bob", "secret")
    bob.hears()

    assert bare(ana.asks(f"REDACT bob {msgid}")) == [f":{source(ana)} REDACT bob {msgid}"]
    assert bare(bob.hears()) == [f":{source(ana)} REDACT bob {msgid}"]
    assert texts(ana, "bob") == texts(bob, "ana") == [["REDACT", "bob", msgid]]
    assert not any(
        "secret" in each.body for owner in table.store._conversations.values() for each in owner.values()
    )


def test_only_who_said_it_takes_it_back_from_a_direct_conversation():
    _, ana, bob = room()
    msgid = says(ana, "bob")

    assert bob.asks(f"REDACT ana {msgid}")[-1:] == forbidden("ana", msgid)


def test_to_somebody_who_is_gone_the_text_goes_all_the_same():
    table, ana, bob = room()
    msgid = says(ana, "bob", "secret")
    bob.leaves()
    other = table.sit("bob", CAPS)

    assert bare(ana.asks(f"REDACT bob {msgid}")) == [f":{source(ana)} REDACT bob {msgid}"]
    assert other.hears() == []
    assert not any(
        "secret" in each.body for owner in table.store._conversations.values() for each in owner.values()
    )


def test_a_message_to_oneself():
    _, ana, _bob = room()
    msgid = says(ana, "ana")

    assert bare(ana.asks(f"REDACT ana {msgid}")) == [f":{source(ana)} REDACT ana {msgid}"]


def test_a_reaction_is_taken_back_and_typing_is_unknown():
    _, ana, bob = room()
    ids = []
    for tag in ("+draft/react=👍", "+typing=active"):
        (line,) = bob.asks(f"@{tag} TAGMSG #tea")
        ids.append(line.partition("msgid=")[2].partition(";")[0])
    ana.hears()

    assert bare(bob.asks(f"REDACT #tea {ids[0]}")) == [f":{source(bob)} REDACT #tea {ids[0]}"]
    assert bob.asks(f"REDACT #tea {ids[1]}") == unknown("#tea", ids[1])


def test_the_answer_is_labelled():
    _, _ana, bob = room(caps=CAPS + " labeled-response")
    msgid = says(bob, "#tea")

    (line,) = bob.asks(f"@label=7 REDACT #tea {msgid}")
    assert line.startswith("@label=7;msgid=")
    assert bob.asks(f"@label=8 REDACT #tea {msgid}") == ["@label=8 " + unknown("#tea", msgid)[0]]


def test_a_message_of_several_lines_goes_whole():
    table, ana, bob = room(caps=CAPS + " draft/multiline")
    lines = ["@batch=1 PRIVMSG #tea one", "@batch=1 PRIVMSG #tea two"]
    opening, *_ = bob.asks("BATCH +1 draft/multiline #tea", *lines, "BATCH -1")
    msgid = opening.partition("msgid=")[2].partition(" ")[0]
    bob.say(f"REDACT #tea {msgid}")

    assert [body for _key, body in kept(table) if "two" in body]
    assert not any("two" in line for line in ana.asks("CHATHISTORY LATEST #tea * 50"))


def test_too_few_parameters():
    _, ana, _bob = room()

    assert ana.asks("REDACT #tea") == [":chatapp 461 ana REDACT :Not enough parameters"]


@pytest.mark.parametrize("history", [HistorySettings(redaction=False), HistorySettings(enabled=False)])
def test_where_nothing_is_taken_back_it_is_not_offered(history):
    table = Table(Settings(history=history))
    ana = table.sit("ana", "message-tags")
    table.room("#tea", ana)

    assert ana.asks("CAP REQ draft/message-redaction") == [":chatapp CAP ana NAK :draft/message-redaction"]
    assert ana.asks("REDACT #tea abc") == [
        ":chatapp FAIL REDACT REDACT_FORBIDDEN #tea abc :What was said stays here"
    ]


def test_what_only_operators_heard_is_taken_back_before_operators_alone():
    _table, ana, bob, eve = room("ana", "bob", "eve")
    ana.say("MODE #tea +o bob")
    msgid = says(ana, "@#tea", "psst")
    for person in (ana, bob, eve):
        person.hears()
    ana.say(f"REDACT #tea {msgid}")

    assert bare(ana.hears()) == bare(bob.hears()) == [f":{source(ana)} REDACT #tea {msgid}"]
    assert eve.hears() == []
    assert eve.asks(f"REDACT #tea {msgid}") == unknown("#tea", msgid)


def test_what_an_account_said_is_its_own_from_every_connection():
    table = table_with()
    have(table, "Ana")
    ana, bob = inside(sit_logged_in(table, "Ana", caps=CAPS)), table.sit("bob", CAPS)
    table.room("#tea", bob, ana)
    ids = [says(ana, "#tea"), says(ana, "bob"), says(bob, "#tea")]
    ana.leaves()
    ana = inside(sit_logged_in(table, "Ana", caps=CAPS))
    table.room("#tea", ana)

    assert bare(ana.asks(f"REDACT #tea {ids[0]}")) == [f":{source(ana)} REDACT #tea {ids[0]}"]
    assert bare(ana.asks(f"REDACT bob {ids[1]}")) == [f":{source(ana)} REDACT bob {ids[1]}"]
    assert ana.asks(f"REDACT #tea {ids[2]}") == forbidden("#tea", ids[2])
    assert not any("oops" in line for line in bob.asks("CHATHISTORY LATEST Ana * 9"))


def test_a_guest_with_the_nick_of_an_account_does_not_take_what_it_said():
    table = table_with(nick_ownership="optional")
    have(table, "Ana")
    ana, bob = inside(sit_logged_in(table, "Ana", caps=CAPS)), table.sit("bob", CAPS)
    table.room("#tea", bob, ana)
    msgid = says(ana, "#tea")
    ana.leaves()
    guest = table.visit()
    guest.say(f"CAP REQ :{CAPS}", "NICK Ana", "USER u 0 * :real", "CAP END", "JOIN #tea")

    assert guest.asks(f"REDACT #tea {msgid}") == forbidden("#tea", msgid)

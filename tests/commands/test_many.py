"""Long answers: told a part at a time, true and permitted to the last."""

from __future__ import annotations

from collections import deque

import pytest
from dialogue import Table

from chatapp.commands.many import AT_ONCE
from chatapp.commands.table import dispatch
from chatapp.irc.line import parse_line

PEOPLE = 2 * AT_ONCE + 20


@pytest.fixture
def table():
    table = Table()
    table.people = [table.sit(f"p{number}") for number in range(PEOPLE)]
    table.ana = table.sit("ana")
    table.room("#big", *table.people, table.ana)
    return table


def between(table, deed):
    """Have ``deed`` done once, when the first part of an answer has been told."""
    settled = table.world.settled

    async def and_then():
        await settled()
        table.world.settled = settled
        deed()
        table.tick()

    table.world.settled = and_then


def told(lines, code):
    return [line for line in lines if line.split(" ")[1] == code]


def nicks(lines):
    return [line.split(" ")[7] for line in told(lines, "352")]


@pytest.mark.parametrize("question", ["WHO #big", "WHO p*", "WHO 0"])
def test_all_are_told_once_and_then_the_end(table, question):
    heard = table.ana.asks(question)
    assert sorted(set(nicks(heard)) - {"ana"}) == sorted(f"p{number}" for number in range(PEOPLE))
    assert len(nicks(heard)) == len(set(nicks(heard)))
    assert heard[-1].split(" ")[1] == "315"


def test_others_are_heard_in_between(table):
    between(table, lambda: table.people[0].say("PRIVMSG #big :in between"))
    heard = table.ana.asks("WHO #big")
    at = heard.index(":p0!p0@127.0.0.1 PRIVMSG #big :in between")
    assert 0 < at < len(heard) - 1


def test_who_leaves_meanwhile_is_not_told(table):
    between(table, lambda: table.people[-1].say("PART #big"))
    assert f"p{PEOPLE - 1}" not in nicks(table.ana.asks("WHO #big"))


def test_who_is_put_out_meanwhile_sees_no_more_of_a_secret_room(table):
    table.people[0].say("MODE #big +s")
    between(table, lambda: table.people[0].say("KICK #big ana"))
    heard = table.ana.asks("WHO #big")
    assert len(nicks(heard)) == AT_ONCE
    assert heard[-1].split(" ")[1] == "315"


def test_who_has_gone_meanwhile_is_told_no_more(table):
    between(table, table.ana.leaves)
    assert len(nicks(table.ana.asks("WHO #big"))) <= AT_ONCE


def test_a_long_list_of_rooms_is_true_to_the_last(table):
    for number, person in enumerate(table.people):
        person.say(f"JOIN #r{number}")
    between(table, lambda: table.people[-1].say(f"PART #r{PEOPLE - 1}"))
    heard = table.ana.asks("LIST")
    rooms = [line.split(" ")[3] for line in told(heard, "322")]
    assert sorted(rooms) == sorted(["#big", *(f"#r{number}" for number in range(PEOPLE - 1))])
    assert heard[-1].split(" ")[1] == "323"


def test_a_label_frames_the_whole_answer(table):
    eve = table.sit("eve", "labeled-response batch")
    heard = eve.asks("@label=x WHO p*")
    assert heard[0].startswith("@label=x :chatapp BATCH +") and " BATCH -" in heard[-1]
    assert len(told([line.partition(" ")[2] for line in heard], "352")) == PEOPLE


def test_long_answers_take_turns(table):
    """Of two that are under way, each has a part in turn; nobody waits for the whole of the other's."""
    eve = table.sit("eve")
    table.room("#big", eve)
    answers = [dispatch(table.world, person.session, parse_line("WHO #big")) for person in (table.ana, eve)]
    table.world.settled = Pause
    told_to = []
    while answers:
        for answer in list(answers):
            before = len(table.ana.session.outbox) + len(eve.session.outbox)
            try:
                answer.send(None)
            except StopIteration:
                answers.remove(answer)
            after = len(table.ana.session.outbox) + len(eve.session.outbox)
            told_to.append(after - before)
    assert sum(told_to) == 2 * (PEOPLE + 3)
    parts = [size for size in told_to if size]
    assert max(parts) <= AT_ONCE + 1
    assert table.world.long_answers == deque()


class Pause:
    """Waits once, for whoever goes on with the story."""

    def __await__(self):
        yield


def test_who_gives_up_holds_up_nobody(table):
    answer = dispatch(table.world, table.ana.session, parse_line("WHO #big"))
    table.world.settled = Pause
    answer.send(None)
    answer.close()
    assert table.world.long_answers == deque()

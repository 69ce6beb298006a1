"""Short questions about several nicks at once."""

from __future__ import annotations

import pytest
from dialogue import Table


@pytest.mark.parametrize("asked", ["bob ghost ANA", ":bob ghost ANA", "bob :ghost  ANA ", "bob ana BOB ana"])
def test_ison_gives_those_who_are_here_each_once_as_they_spell_themselves(asked):
    table = Table()
    ana, _bob = table.sit("ana"), table.sit("Bob")

    assert ana.asks(f"ISON {asked}") == [":chatapp 303 ana :Bob ana"]


@pytest.mark.parametrize("asked", ["ghost", ":", ":   ", "*", "#tea", "ç" * 200])
def test_ison_of_nobody_is_an_empty_text(asked):
    assert Table().sit("ana").asks(f"ISON {asked}") == [":chatapp 303 ana :"]


@pytest.mark.parametrize("verb", ["ISON", "USERHOST"])
def test_a_nick_is_needed(verb):
    assert Table().sit("ana").asks(verb) == [f":chatapp 461 ana {verb} :Not enough parameters"]


def test_ison_of_more_than_a_line_holds_is_told_in_lines_that_fit():
    table = Table()
    nicks = [f"{'á' * 13}{n:02}" for n in range(20)]
    people = [table.visit() for _ in nicks]
    for person, nick in zip(people, nicks, strict=True):
        person.say(f"NICK {nick}", f"USER u 0 * :{nick}")

    told = people[0].asks(f"ISON {' '.join(nicks)}")

    assert len(told) > 1
    assert all(len(line.encode()) <= 510 for line in told)
    assert " ".join(line.split(" :")[1] for line in told).split(" ") == nicks


def test_userhost_tells_presence_and_operators():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("Bob", address="10.1.2.3")
    assert ana.asks("USERHOST BOB") == [":chatapp 302 ana :Bob=+bob@10.1.2.3"]

    bob.say("AWAY :at lunch")
    assert ana.asks("USERHOST bob") == [":chatapp 302 ana :Bob=-bob@10.1.2.3"]
    bob.session.user.set_mode("o", True)
    assert ana.asks("USERHOST bob") == [":chatapp 302 ana :Bob*=-bob@10.1.2.3"]
    bob.say("AWAY")
    assert ana.asks("USERHOST bob") == [":chatapp 302 ana :Bob*=+bob@10.1.2.3"]


@pytest.mark.parametrize("asked", ["ana bob", ":ana bob", "ghost ana BOB ana"])
def test_userhost_takes_several_nicks(asked):
    table = Table()
    ana, _bob = table.sit("ana"), table.sit("bob")

    assert ana.asks(f"USERHOST {asked}") == [":chatapp 302 ana :ana=+ana@127.0.0.1 bob=+bob@127.0.0.1"]


def test_userhost_answers_for_five_at_most():
    table = Table()
    people = [table.sit(f"p{n}") for n in range(6)]

    (told,) = people[0].asks("USERHOST p0 p1 p2 p3 p4 p5")

    assert told.split(" :")[1].split(" ") == [f"p{n}=+p{n}@127.0.0.1" for n in range(5)]


@pytest.mark.parametrize("asked", ["ghost", ":", ":  ", "*"])
def test_userhost_of_nobody_is_an_empty_text(asked):
    assert Table().sit("ana").asks(f"USERHOST {asked}") == [":chatapp 302 ana :"]


def test_the_invisible_answer_to_their_exact_nick():
    table = Table()
    ana, bob = table.sit("ana"), table.sit("bob")
    bob.say("MODE bob +i")

    assert ana.asks("ISON bob") == [":chatapp 303 ana :bob"]
    assert ana.asks("USERHOST bob") == [":chatapp 302 ana :bob=+bob@127.0.0.1"]


def test_an_unregistered_nick_is_not_here():
    table = Table()
    ana, visitor = table.sit("ana"), table.visit()
    visitor.say("NICK bob")

    assert ana.asks("ISON bob") == [":chatapp 303 ana :"]


def test_a_labelled_question_has_a_labelled_answer():
    ana = Table().sit("ana", "labeled-response batch")

    assert ana.asks("@label=x ISON ana") == ["@label=x :chatapp 303 ana :ana"]
    assert ana.asks("@label=y USERHOST ana") == ["@label=y :chatapp 302 ana :ana=+ana@127.0.0.1"]

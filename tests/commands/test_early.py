"""What one can ask and say before one is let in (draft/extended-isupport, draft/pre-away)."""

from __future__ import annotations

from dialogue import Table

EARLY = ":chatapp 451 * :You have not registered"


def newcomer(caps):
    person = Table().visit()
    person.say(f"CAP REQ :{caps}")
    person.hears()
    return person


def enter(person, nick="ana"):
    return person.asks(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END")


def test_005_is_told_early_in_a_batch():
    person = newcomer("batch draft/extended-isupport")
    opening, *lines, closing = person.asks("ISUPPORT")

    batch = opening.split(" ")[2][1:]
    assert opening == f":chatapp BATCH +{batch} draft/isupport"
    assert closing == f":chatapp BATCH -{batch}"
    assert lines
    assert all(line.startswith(f"@batch={batch} :chatapp 005 * ") for line in lines)


def test_the_welcome_has_it_in_a_batch_too():
    lines = enter(newcomer("batch draft/extended-isupport"))

    at = [number for number, line in enumerate(lines) if " 005 " in line]
    assert lines[at[0] - 1].endswith(" draft/isupport")
    assert lines[at[-1] + 1].split(" ")[1] == "BATCH"
    assert all(lines[number].startswith("@batch=") for number in at)


def test_without_batch_there_are_lines_alone():
    person = newcomer("draft/extended-isupport")

    assert {line.split(" ")[1] for line in person.asks("ISUPPORT")} == {"005"}


def test_without_the_capability_one_must_wait():
    person = newcomer("batch")

    assert person.asks("ISUPPORT") == [EARLY]
    enter(person)
    assert {line.split(" ")[1] for line in person.asks("ISUPPORT")} == {"005"}


def test_one_may_come_in_away():
    person = newcomer("draft/pre-away")
    assert person.asks("AWAY :lunch") == [":chatapp 306 * :You have been marked as being away"]
    enter(person)
    bob = person.table.sit("bob")

    assert bob.asks("PRIVMSG ana :hi") == [":chatapp 301 bob ana :lunch"]
    assert person.asks("AWAY") == [":chatapp 305 ana :You are no longer marked as being away"]
    assert bob.asks("PRIVMSG ana :hi") == []


def test_one_may_take_it_back_before():
    person = newcomer("draft/pre-away")
    person.say("AWAY :lunch", "AWAY")
    enter(person)

    assert person.session.user.away == ""


def test_without_the_capability_nobody_is_away_before_they_are_here():
    assert newcomer("batch").asks("AWAY :lunch") == [EARLY]


def test_what_a_person_said_counts_for_more_than_an_unattended_connection():
    table = Table()
    ana = table.sit("ana")
    other = table.visit()
    ana.session.user.attach(other.session)
    other.say("AWAY *")
    assert ana.session.user.away == ""
    ana.say("AWAY :lunch")
    other.say("AWAY *")

    assert ana.session.user.away == "lunch"


def test_where_nobody_attends_the_star_is_told():
    person = newcomer("draft/pre-away")
    person.say("AWAY *")
    enter(person)

    assert person.session.user.away == "*"

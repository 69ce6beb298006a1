"""OPER, WALLOPS, privileges and the audit log: dialogues."""

from __future__ import annotations

import pytest
from dialogue import Table, run

from chatapp.commands.passwords import is_password, read_verifier, write_verifier
from chatapp.commands.table import dispatch
from chatapp.core.ports import Busy
from chatapp.core.settings import OperatorSettings, Settings
from chatapp.irc.line import parse_line
from chatapp.irc.scram import derive

NOT_ONE = ":chatapp 481 {0} :Only an operator of the server may do this"


def table_with(*operators):
    return Table(Settings(operators=operators))


@pytest.fixture
def table():
    return table_with(
        OperatorSettings("root", "sesame", whois="keeps this place tidy"),
        OperatorSettings("helper", "open", privileges=("kill", "wallops")),
    )


def operator(table, nick="root", name="root", password="sesame"):
    person = table.sit(nick)
    person.say(f"OPER {name} {password}")
    person.hears()
    assert person.session.user.is_operator
    return person


def notices(lines):
    return [line.partition(" :")[2] for line in lines if " NOTICE " in line]


# OPER


def test_who_knows_the_password_is_an_operator(table):
    ana, bob = table.sit("ana"), table.sit("bob")
    table.room("#tea", ana, bob)

    assert ana.asks("OPER root sesame") == [
        ":chatapp 381 ana :You are an operator of this server now",
        ":ana!ana@127.0.0.1 MODE ana +o",
    ]
    assert bob.hears() == []
    assert ":chatapp 313 bob ana :keeps this place tidy" in bob.asks("WHOIS ana")
    assert ana.asks("OPER root sesame") == [":chatapp 381 ana :You are an operator of this server now"]


@pytest.mark.parametrize(
    "line", ["OPER root wrong", "OPER nobody sesame", "OPER root open", "OPER root :", "OPER ROOT sesame"]
)
def test_who_does_not_is_not(table, line):
    eve = table.sit("eve")

    assert eve.asks(line) == [":chatapp 464 eve :The password is wrong or missing"]
    assert not eve.session.user.is_operator
    assert table.reports[-1] == "A wrong operator password came from 127.0.0.1"


def test_without_a_password_there_is_something_missing(table):
    assert table.sit("eve").asks("OPER root") == [":chatapp 461 eve OPER :Not enough parameters"]


def test_without_operators_in_the_settings_there_are_none():
    assert Table().sit("eve").asks("OPER root sesame") == [
        ":chatapp 491 eve :This server has no operators who log in by OPER"
    ]


def test_guessing_ends(table):
    eve = table.sit("eve")
    for number in range(5):
        eve.say(f"OPER root {number}")

    assert eve.asks("OPER root sesame") == [
        ":chatapp 464 eve :Too many wrong passwords; try again in an hour"
    ]
    table.later(3600)
    assert eve.asks("OPER root sesame")[0].split(" ")[1] == "381"


class Proofs:
    async def derive(self, password, salt, iterations):
        return derive(password, salt, iterations)


def test_a_password_may_be_in_the_settings_so_that_nobody_can_read_it():
    verifier = derive("sésame", b"salt" * 4, 4096)
    written = write_verifier(verifier)
    assert read_verifier(written) == verifier
    assert "sésame" not in written
    table = table_with(OperatorSettings("root", written))
    table.world.proofs = Proofs()
    ana = table.sit("ana")

    assert ana.asks("OPER root sesame")[0].split(" ")[1] == "464"
    assert ana.asks(f"OPER root {written}")[0].split(" ")[1] == "464"
    assert ana.asks("OPER root sésame")[0].split(" ")[1] == "381"


@pytest.mark.parametrize(
    "text", ["SCRAM-SHA-256", "SCRAM-SHA-256$x:y$z:w", "SCRAM-SHA-256$1:é$a:b", "plain$a"]
)
def test_what_is_no_verifier_is_a_password(text):
    assert read_verifier(text) is None
    assert run(is_password(Table().world, text, text))


def test_an_empty_password_is_nobodys():
    assert not run(is_password(Table().world, "", ""))


# Privileges


@pytest.mark.parametrize(
    ("line", "privilege"),
    [
        ("KLINE eve", "ban"),
        ("UNKLINE eve", "ban"),
        ("KLINE", "ban"),
        ("STATS k", "ban"),
        ("STATS o", "audit"),
        ("AUDIT", "audit"),
        ("REHASH", "rehash"),
    ],
)
def test_an_operator_does_what_is_among_their_privileges(table, line, privilege):
    helper, ana = operator(table, "dora", "helper", "open"), table.sit("ana")

    answer = f":chatapp 723 dora {privilege} :This is not among your privileges as an operator"
    assert helper.asks(line) == [answer]
    assert ana.asks(line) == [NOT_ONE.format("ana")]


def test_rooms_and_hidden_things_are_privileges_too(table):
    helper, ana = operator(table, "dora", "helper", "open"), table.sit("ana")
    table.room("#tea", ana)
    ana.say("MODE #tea +s")

    assert helper.asks("MODE #tea -s", "LIST") == [
        ":chatapp 403 dora #tea :No such channel",
        ":chatapp 323 dora :End of LIST",
    ]
    assert operator(table).asks("MODE #tea -s") == [":root!root@127.0.0.1 MODE #tea -s"]


def test_kill_and_wallops_are_theirs(table):
    helper, eve = operator(table, "dora", "helper", "open"), table.sit("eve")

    assert helper.asks("KILL eve", "WALLOPS :hi") == []
    assert eve.closed


# WALLOPS


def test_wallops_reaches_who_listens_and_nobody_else(table):
    root, ana, bob = operator(table), table.sit("ana"), table.sit("bob")
    ana.say("MODE ana +w")
    ana.hears()

    assert root.asks("WALLOPS :the server rests at noon") == []
    assert ana.hears() == [":root!root@127.0.0.1 WALLOPS :the server rests at noon"]
    assert bob.hears() == []
    ana.asks("MODE ana -w")
    root.say("MODE root +w")
    root.hears()
    assert root.asks("WALLOPS x") == [":root!root@127.0.0.1 WALLOPS :x"]
    assert ana.hears() == []


def test_wallops_is_for_operators_and_has_a_text(table):
    ana = table.sit("ana")

    assert ana.asks("WALLOPS :x") == [NOT_ONE.format("ana")]
    assert ana.asks("WALLOPS") == [":chatapp 461 ana WALLOPS :Not enough parameters"]
    assert operator(table).asks("WALLOPS :") == [":chatapp 461 root WALLOPS :Not enough parameters"]


# AUDIT


def test_what_operators_did_is_told_and_survives_a_restart(table):
    root, ana, eve = operator(table), table.sit("ana"), table.sit("eve")
    table.room("#tea", ana, eve)
    root.say(
        "KILL eve :spam", "MODE #tea +m", "TOPIC #tea :be kind", "KICK #tea ana :why", "KLINE 60 *@bad :x"
    )

    wanted = [
        "root!root@127.0.0.1 OPER root",
        "root!root@127.0.0.1 KILL eve!eve@127.0.0.1 spam",
        "root!root@127.0.0.1 MODE #tea +m",
        "root!root@127.0.0.1 TOPIC #tea be kind",
        "root!root@127.0.0.1 KICK #tea ana: why",
        "root!root@127.0.0.1 KLINE *!*@bad until 2026-01-01 01:00:00 UTC: x",
    ]
    told = notices(root.asks("AUDIT"))
    assert [line.removeprefix("2026-01-01 00:00:00 UTC ") for line in told] == [
        *wanted,
        "End of the audit log (6 entries)",
    ]
    assert "root stepped in, in #tea: KICK ana: why" in table.reports
    later = Table(Settings(operators=table.world.settings.operators), store=table.store)
    assert len(notices(operator(later).asks("AUDIT 4"))) == 5


def test_what_they_do_as_members_is_not_in_it(table):
    root = operator(table)
    table.room("#own", root)
    root.say("MODE #own +m", "TOPIC #own :x")

    assert notices(root.asks("AUDIT"))[1:] == ["End of the audit log (1 entries)"]


@pytest.mark.parametrize(("asked", "count"), [("", 20), ("3", 3), ("0", 1), ("x", 20), ("99999", 30)])
def test_so_many_are_told(table, asked, count):
    root = operator(table)
    for number in range(29):
        root.say(f"KLINE 10.0.0.{number}")

    assert len(notices(root.asks(f"AUDIT {asked}"))) == count + 1


class BusyProofs:
    async def derive(self, password, salt, iterations):
        raise Busy


@pytest.mark.parametrize("proofs", [None, BusyProofs()])
def test_a_hashed_password_that_cannot_be_checked_opens_nothing(proofs):
    table = table_with(OperatorSettings("root", write_verifier(derive("x", b"salt" * 4, 4096))))
    table.world.proofs = proofs

    assert table.sit("ana").asks("OPER root x")[0].split(" ")[1] == "464"


def test_who_has_gone_meanwhile_becomes_nothing(table):
    ana = table.sit("ana")
    answer = dispatch(table.world, ana.session, parse_line("OPER root sesame"))
    ana.leaves()
    ana.hears()

    run(answer)

    assert ana.hears() == []
    assert not ana.session.user.is_operator


def test_a_password_that_others_can_read_makes_nobody_an_operator(table):
    eve = table.sit("eve", address="192.0.2.1")

    assert eve.asks("OPER root sesame") == [
        ":chatapp 464 eve :Passwords are for encrypted connections only: connect with TLS"
    ]
    eve.session.is_secure = True
    assert eve.asks("OPER root sesame")[0].startswith(":chatapp 381 ")

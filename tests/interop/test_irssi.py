"""What irssi asks when it comes in and in everyday use is answered as it likes it."""

from __future__ import annotations

import re

import pytest
from interop.screens import ask

pytestmark = pytest.mark.timeout(300)

#: What irssi writes where it cannot make sense of an answer, or the server of a question.
_COMPLAINTS = re.compile(r"unknown command|not enough parameters|unknown mode|timed out", re.I)


@pytest.fixture
def iris(house):
    """The first in #sala, so an operator there."""
    return house.irssi("Iris", "#sala")


@pytest.fixture
def ana(house, iris):
    screen = house.client("Ana", "--room", "#sala")
    screen.wait_for("2 people")
    return screen


def everything_on(screen, window):
    screen.say(f"/window {window}")
    screen.say("/scrollback home")
    return screen.text()


def test_coming_in(iris):
    iris.wait_for("Join to #sala was synced")
    assert "[@Iris]" in iris.text()

    iris.say("/window 1")
    status = iris.wait_for("Mode change [+i] for user Iris")

    assert "Capabilities acknowledged: " in status
    assert "Welcome to the chatapp chat, Iris" in status
    assert "There is no message of the day" in status
    assert not _COMPLAINTS.search(status)


def test_room_commands(iris, ana):
    iris.wait_for("Join to #sala was synced")
    ask(
        iris,
        ("/names", r"\[@Iris\] +\[ Ana\]"),
        ("/topic Reunião às nove", "changed the topic of #sala to: Reunião às nove"),
        ("/mode #sala +v Ana", r"mode/#sala \[\+v Ana\] by Iris"),
        ("/mode #sala +kl chave 7", r"mode/#sala \[\+kl chave 7\] by Iris"),
        ("/mode #sala -kl chave", r"mode/#sala \[-kl .*\] by Iris"),
        ("/ban nemo!*@*", r"mode/#sala \[\+b nemo!\*@\*\]"),
        ("/ban", r"1 - #sala: ban nemo!\*@\* \[by Iris"),
        ("/unban 1", r"mode/#sala \[-b nemo!\*@\*\]"),
        ("/op Ana", r"\[\+o Ana\]"),
        ("/notice #sala atenção 🎉", r"\[notice\(#sala\)\] atenção 🎉"),
        ("/nick Íris", "now known as Íris"),
        ("/kick Ana até já", r"Ana was kicked from #sala by Íris \[até já\]"),
    )

    ana.wait_for("Reunião às nove")
    ana.wait_for("-Iris- atenção 🎉")
    ana.wait_for("removed Ana (até já)")
    iris.say("/invite Ana")
    ana.wait_for("Íris invites you to #sala")
    ana.say("/join #sala")
    ana.wait_for("2 people")
    iris.say("/cycle")
    iris.wait_for(lambda text: text.count("Total of 2 nicks") == 2)
    assert not _COMPLAINTS.search(everything_on(iris, 1))


def test_questions_about_people_and_the_server(iris, ana):
    iris.say("/window 1")
    ana.say("/away almoço")
    ana.wait_for(" away")
    ask(
        iris,
        ("/whois Ana", r"ircname +: Ana\n(.*\n)*.*channels +: Ana|channels +:.*#sala"),
        ("/whois Ana Ana", r"away +: almoço"),
        ("/list -yes", r"#sala 2"),
        ("/who #sala", r"#sala +Ana +G +0 +Ana@"),
        ("/away volto já", "You have been marked as being away"),
        ("/away", "You are no longer marked as being away"),
        ("/whowas Nemo", "There was no such nick"),
        ("/ison Ana", "Users online: Ana"),
        ("/userhost Ana", r"Ana=-Ana@"),
        ("/lusers", "I have 2 clients"),
        ("/version", "chatapp-"),
        ("/time", r"chatapp 2\d\d\d-\d\d-\d\d "),
        ("/info", "End of INFO list"),
        ("/motd", "no message of the day"),
        ("/links", "End of LINKS list"),
        ("/mode Iris", r"Your user mode is \[\+i\]"),
    )

    assert not _COMPLAINTS.search(everything_on(iris, 1))


def test_notices_and_messages_to_one_person(iris, ana):
    iris.say("/msg Ana olá, só para ti 🍎")
    iris.say("/notice Ana um aviso à parte")

    ana.wait_for("2 Iris")
    ana.say("/query Iris")
    ana.wait_for("olá, só para ti 🍎")
    ana.wait_for("um aviso à parte")
    ana.say("e para ti também, ó Íris")
    iris.say("/window 3")
    iris.wait_for("<Ana> e para ti também, ó Íris")

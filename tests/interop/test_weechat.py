"""What weechat asks when it comes in and in everyday use is answered, with all the capabilities it knows."""

from __future__ import annotations

import re

import pytest
from interop.screens import ask

pytestmark = pytest.mark.timeout(300)

#: How weechat marks an error or what it cannot make sense of.
_COMPLAINTS = re.compile(r"=!=|unknown|not enough parameters|irc: command .* not found", re.I)


@pytest.fixture
def wanda(house):
    """The first in #sala, so an operator there."""
    return house.weechat("Wanda", "#sala")


@pytest.fixture
def ana(house, wanda):
    screen = house.client("Ana", "--room", "#sala")
    screen.wait_for("2 people")
    return screen


def server_buffer(wanda):
    wanda.say("/buffer irc.server.chat")
    return wanda.wait_for("There is no message of the day")


def test_coming_in(wanda):
    wanda.wait_for("Channel created on")
    wanda.wait_for("@Wanda")  # in the list of nicks, with its prefix

    server = server_buffer(wanda)

    enabled = re.search(r"client capability, enabled: ([^|]*\|[^|]*)", server)
    assert enabled, server
    for capability in ("away-notify", "extended-join", "message-tags", "multi-prefix", "server-time"):
        assert capability in enabled[1]
    assert "Welcome to the chatapp chat, Wanda" in server
    assert "There is no message of the day" in server
    assert not _COMPLAINTS.search(server)


def test_room_commands(wanda, ana):
    ask(
        wanda,
        ("/names", r"Nicks #sala: \[@Wanda Ana\]"),
        ("/topic Reunião às nove", "has changed topic for #sala to .*Reunião às nove"),
        ("/topic", "Topic for #sala is .*Reunião às nove"),
        ("/voice Ana", r"Mode #sala \[\+v Ana\] by Wanda"),
        ("/names", r"Nicks #sala: \[@Wanda \+Ana\]"),
        ("/op Ana", r"Mode #sala \[\+o Ana\] by Wanda"),
        ("/ban nemo!*@*", r"Mode #sala \[\+b nemo!\*@\*\] by Wanda"),
        ("/ban", r"\[#sala\].*nemo!\*@\*.* banned by Wanda"),
        ("/unban nemo!*@*", r"Mode #sala \[-b nemo!\*@\*\] by Wanda"),
        ("/me acena à chuva", r"\* \| Wanda acena à chuva"),
        ("/nick Wandá", "You are now known as Wandá"),
        ("/kick Ana até já", "Wandá has kicked Ana .*até já"),
    )
    wanda.say("/invite Ana")

    ana.wait_for("Wandá invites you to #sala")
    server = server_buffer(wanda)
    assert "Wandá has invited Ana to #sala" in server
    assert not _COMPLAINTS.search(server)


def test_who_is_away_is_seen_and_who_leaves(wanda, ana):
    ana.say("/away almoço")
    ana.wait_for(" away")
    ask(wanda, ("/whois Ana", ".*"), ("/buffer irc.server.chat", r"\[Ana\] is away: almoço"))
    assert re.search(r"\[Ana\] .*#sala", wanda.text())

    wanda.say("/buffer #sala")
    ana.say("tchau, pessoal 👋")
    wanda.wait_for("tchau, pessoal 👋")
    ana.say("/quit fui dormir")
    wanda.wait_for("has quit (Quit: fui dormir)")


def test_questions_about_the_server(wanda):
    wanda.say("/buffer irc.server.chat")
    ask(
        wanda,
        ("/list", "End of LIST|#sala"),
        ("/buffer irc.server.chat", "."),
        ("/lusers", "I have 1 clients"),
        ("/motd", "There is no message of the day"),
        ("/time", r"chatapp.* 2\d\d\d-\d\d-\d\d "),
        ("/info", "End of INFO list"),
        ("/ison Wanda", "Wanda"),
        ("/userhost Wanda", r"Wanda=\+\S+@"),
        ("/setname Wanda da Silva", "."),
        ("/whois Wanda", r"\[Wanda\] .*Wanda da Silva"),
        ("/away -all volto já", "You have been marked as being away"),
        ("/away -all", "You are no longer marked as being away"),
        ("/msg Ninguem oi", "Ninguem: No such nick"),
    )
    assert not _COMPLAINTS.search(wanda.text())

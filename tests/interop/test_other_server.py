"""Our client on servers of other people's: it works with what they offer, and nothing breaks."""

from __future__ import annotations

import pytest
from interop.other_servers import InspIRCd, Ngircd

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(params=[Ngircd, InspIRCd], ids=lambda kind: kind.name)
def other(request, here, tmp_path):
    server = request.param(here, tmp_path)
    server.open()
    return server


@pytest.fixture
def ana(other):
    screen = other.client("Ana")
    screen.wait_for("(1 person)")
    return screen


@pytest.fixture
def bruno(other, ana):
    screen = other.client("Bruno")
    screen.wait_for("(2 people)")
    return screen


def once(text):
    return lambda screen: screen.count(text) == 1


def test_saying_and_hearing(other):
    ana, bruno = other.client("Ana", knows_it=False), other.client("Bruno", knows_it=False)
    for screen in (ana, bruno):
        screen.wait_for("(2 people)")
    ana.say("Olá! Amanhã é dia de avaliação 🎉")
    bruno.say("/me já sabe 😀")

    for screen in (ana, bruno):
        screen.wait_for(once("<Ana> Olá! Amanhã é dia de avaliação 🎉"))
        screen.wait_for(once("* Bruno já sabe 😀"))
        assert "sending" not in screen.text()


def test_asking_what_it_cannot(ana, bruno):
    ana.say("/history")
    ana.wait_for("There is nothing older here.")
    ana.keys("PageUp")
    ana.say("/topic Reunião às nove")
    bruno.wait_for("Ana set the topic: Reunião às nove")
    ana.say("/nick João")
    ana.wait_for("João cannot be a name here")
    ana.say("/whois Bruno")
    ana.wait_for("Bruno is in #lobby")
    ana.say("/msg Bruno só para ti")
    bruno.wait_for("Ana 1")


def test_names_and_who_comes_and_goes(other, ana, bruno):
    ana.say("/names")
    ana.wait_for("Bruno")
    carla = other.client("Carla")
    ana.wait_for("Carla joined")
    carla.say("/nick Clara")
    ana.wait_for("Clara")
    carla.say("/quit até logo")
    ana.wait_for("Clara went offline")
    ana.wait_for("(2 people)")


def test_a_name_that_it_does_not_take(other, ana):
    other.client("João").wait_for("João cannot be a name here")


def test_a_name_that_somebody_has(other, ana):
    second = other.client("Ana", "second")
    second.wait_for("(2 people)")
    second.say("sou outra")
    ana.wait_for(lambda text: "> sou outra" in text and "<Ana> sou outra" not in text)
    ana.say("/quit")
    second.wait_for("· Ana ·")


def test_a_paste_within_its_limits(ana, bruno):
    lines = [f"linha {number:02}" for number in range(1, 31)]
    ana.paste("\n".join(lines))
    ana.wait_for("30│ linha 30")
    ana.keys("Enter")
    ana.wait_for("Send 30 lines")
    ana.type("y")
    text = bruno.wait_for("linha 30", 60)
    found = [row.split("linha ")[1][:2] for row in text.splitlines() if "linha " in row]
    assert found == [line[-2:] for line in lines[-len(found) :]]
    assert len(found) > 15
    ana.wait_for(lambda text: "online" in text and "not sent" not in text and text.count("…") == 0, 60)


def test_coming_back_when_it_does(other, ana, bruno):
    bruno.say("antes")
    ana.wait_for("<Bruno> antes")
    other.crash()
    for screen in (ana, bruno):
        screen.wait_for("offline, trying again")
    bruno.say("dito sem servidor")
    bruno.type("meia fra")

    other.open()

    for screen in (ana, bruno):
        screen.wait_for("(2 people)", 60)
        screen.wait_for(once("<Bruno> antes"))
    assert bruno.rows()[-1].endswith("meia fra")
    bruno.wait_for(lambda text: "waiting" not in text and once("dito sem servidor")(text))

"""The main job on real terminals: two people with our client, irssi and weechat in one room."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def people(house):
    """Everyone in #lobby, each seen by those who came before."""
    ana = house.client("Ana")
    bruno = house.client("Bruno")
    iris = house.irssi("Iris")
    wanda = house.weechat("Wanda")
    for screen in (ana, bruno):
        screen.wait_for("4 people")
    return {"Ana": ana, "Bruno": bruno, "Iris": iris, "Wanda": wanda}


def once(text):
    return lambda screen: screen.count(text) == 1


def test_the_server_says_how_to_join(house):
    banner = house.screen.text()

    assert f"chat-client --host localhost --port {house.port} --name Ana" in banner
    assert re.search(rf"With any IRC client: server \S+, port {house.port}, room #lobby", banner)
    assert str(house.data) in banner
    assert "The key for TLS is" in banner

    house.client("Ana")
    house.screen.wait_for("Ana came in from 127.0.0.1")


def test_all_hear_each_other_whole_and_once(people):
    lines = {
        "Ana": "Olá! Amanhã é dia de avaliação 🎉",
        "Bruno": "Não há pão às três, João 😀",
        "Iris": "Grüße aus München, naïve café 🚀",
        "Wanda": "Ça va? Żółć i jaźń, Ελλάδα 🌍",
    }

    for name, line in lines.items():
        people[name].say(line)
        for screen in people.values():
            screen.wait_for(line)

    for screen in people.values():
        for line in lines.values():
            screen.wait_for(once(line))


def test_direct_messages_both_ways(people):
    ana, iris = people["Ana"], people["Iris"]

    ana.say("/msg Iris segredo: maçã 🍎")
    iris.say("/query Ana")
    iris.wait_for(once("segredo: maçã 🍎"))
    iris.say("resposta: não, pêra 🍐")

    ana.wait_for("2 Iris")
    ana.say("/query Iris")
    ana.wait_for(lambda text: once("segredo: maçã 🍎")(text) and once("resposta: não, pêra 🍐")(text))
    assert "segredo" not in people["Bruno"].text()


def test_actions_topics_nicks_and_leaving_are_seen(people):
    ana, bruno, iris, wanda = people.values()

    ana.say("/me dança à chuva")
    for screen in (bruno, iris, wanda):
        screen.wait_for("Ana dança à chuva")
    iris.say("/me canta também")
    for screen in (ana, bruno, wanda):
        screen.wait_for("Iris canta também")

    ana.say("/topic Reunião às nove")
    for screen in (ana, bruno, iris, wanda):
        screen.wait_for("Reunião às nove")

    bruno.say("/nick João")
    for screen in (ana, bruno, iris, wanda):
        screen.wait_for(lambda text: re.search(r"Bruno\b.*\bJoão", text))

    wanda.say("/part #lobby até já")
    ana.wait_for("Wanda left")
    iris.wait_for("Wanda [")
    iris.say("/quit até amanhã")
    ana.wait_for(lambda text: "Iris" in text and "até amanhã" in text)
    bruno.say("sair")
    assert bruno.wait_until_it_ended() == 0
    ana.wait_for("1 person")


def test_nothing_is_lost_while_the_server_is_away(house):
    ana, bruno = house.client("Ana"), house.client("Bruno")
    for number in range(5):
        ana.say(f"antes {number}")
        bruno.wait_for(f"antes {number}")
    bruno.type("meia fra")

    assert house.shut() == 0
    ana.wait_for("offline")
    bruno.wait_for("offline")
    ana.say("dito sem servidor ✓")
    house.open()

    for screen in (ana, bruno):
        screen.wait_for(" online")
        screen.wait_for("2 people")
        screen.wait_for(once("dito sem servidor ✓"))
        for number in range(5):
            screen.wait_for(once(f"antes {number}"))
    assert bruno.rows()[-1].endswith("meia fra")
    bruno.say("se")
    ana.wait_for(once("meia frase"))


def test_a_newcomer_sees_the_last_messages(house):
    ana = house.client("Ana")
    for number in range(12):
        ana.say(f"já dito {number:02}")
    ana.wait_for("já dito 11")
    ana.say("/quit")
    assert ana.wait_until_it_ended() == 0
    house.shut()
    house.open()

    late = house.client("Carla")

    late.wait_for("já dito 11")
    said = re.findall(r"já dito (\d\d)", late.text())
    assert said == [f"{number:02}" for number in range(12)]

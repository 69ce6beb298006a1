"""What a person meets with our client: no server, a name that is taken, closed rooms, and the ways out."""

from __future__ import annotations

import contextlib
import os
import re
import signal

import pytest
from interop.screens import program
from ports import free_port

pytestmark = pytest.mark.timeout(300)


def alone(here, *flags, name="Zé"):
    """Somebody who starts the client where nobody listens."""
    port = free_port()
    where = ["--host", "localhost", "--port", str(port)]
    return here.open("alone", [program("chat-client"), *where, "--name", name, *flags]), port


def test_where_no_server_is_one_is_offered_and_no_is_taken_for_an_answer(here):
    person, port = alone(here)

    person.wait_for(f"There is no server at localhost:{port}")
    person.wait_for(f"chat-server --port {port}")
    person.wait_for("Start one here now? [Y/n]")
    person.say("n")

    assert person.wait_until_it_ended() == 1


def test_where_no_server_is_one_is_started(here):
    person, _port = alone(here, name="Zé da Silva")
    person.wait_for("Start one here now?")
    person.keys("Enter")

    text = person.wait_for(" online")
    person.wait_for("Zé_da_Silva joined")
    stop = re.search(r"kill (\d+)", re.sub(r"\s*│?\n\s*", " ", text))
    assert stop, text
    try:
        person.say("olá, eco 🎉")
        person.wait_for("<Zé_da_Silva> olá, eco 🎉")
        person.say("sair")
        assert person.wait_until_it_ended() == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(stop[1]), signal.SIGTERM)


def test_a_name_that_is_taken(house):
    house.client("Ana")

    second = house.client("ana")

    second.wait_for("ana is taken here, so you are ana_ for now.")
    second.say("/nick João")
    second.wait_for("· João · online")


def test_a_room_with_a_key(house):
    ana, bruno = house.client("Ana"), house.client("Bruno")
    ana.say("/join #ajuda-física")
    ana.wait_for("1 person")
    ana.say("/mode +k chave")
    ana.wait_for("set the mode +k chave")
    ana.say("segredo da sala")
    ana.wait_for("<Ana> segredo da sala")

    bruno.say("/join #ajuda-física")
    bruno.wait_for("is locked; with its key")
    assert "segredo" not in bruno.text()
    bruno.say("/join #ajuda-física chave")
    bruno.wait_for("2 people")
    bruno.wait_for("segredo da sala")


def test_being_removed_and_banned(house):
    ana, bruno = house.client("Ana"), house.client("Bruno")
    ana.wait_for("2 people")
    ana.say("/kick Bruno calma lá")

    bruno.wait_for("Ana removed Bruno (calma lá)")
    bruno.wait_for("You are not in #lobby any more.")
    bruno.say("fala de quem está fora")
    bruno.wait_for("fala de quem está fora (not sent)")
    ana.say("/mode +b Bruno!*@*")
    ana.wait_for("banned Bruno")
    bruno.say("/join #lobby")
    bruno.wait_for("You are banned from #lobby")

    ana.say("só nós aqui")
    ana.wait_for("<Ana> só nós aqui")
    assert "só nós aqui" not in bruno.text()
    assert "fala de quem está fora" not in ana.text()


@pytest.mark.parametrize("words", ["sair", "exit", "quit", "/quit até já", "  SAIR "])
def test_words_that_leave(house, words):
    person = house.client("Ana")

    person.say(words)

    assert person.wait_until_it_ended() == 0
    house.screen.wait_for("Ana left")


def test_keys_that_leave(house):
    ana, bruno = house.client("Ana"), house.client("Bruno")

    ana.type("meia fra")
    ana.keys("C-d")
    ana.keys("C-c")
    ana.wait_for(lambda text: "meia fra" not in text)
    assert ana.is_running
    hint, line = "Press Ctrl-C again to leave", "[#lobby]"
    while line in ana.text():  # more than once only where this machine was too slow for what is some seconds
        ana.keys("C-c")
        ana.wait_for(hint)
        ana.keys("C-c")
        ana.wait_for(lambda text: hint not in text)
    assert ana.wait_until_it_ended() == 0

    bruno.keys("C-d")
    assert bruno.wait_until_it_ended() == 0


def test_into_the_background_and_back(here, house):
    shell = here.open("shell", ["bash", "--norc", "-i"])
    shell.say(f"{program('chat-client')} --host localhost --port {house.port} --name Ana")
    shell.wait_for(" online")
    shell.type("meia fra")

    shell.keys("C-z")
    shell.wait_for("Stopped")
    house.client("Bruno").say("enquanto isso")
    shell.say("fg")

    shell.wait_for("<Bruno> enquanto isso")
    shell.wait_for("[#lobby] meia fra")
    shell.keys("C-u")
    shell.say("sair")
    shell.wait_for("You have left localhost.")
    shell.say("echo de volta ao $((40 + 2))")
    shell.wait_for("de volta ao 42")


def test_mistakes_are_told(house):
    ana = house.client("Ana")

    ana.say("/xyzzy")
    ana.wait_for("There is no /xyzzy. See /help.")
    ana.say("/jion #x")
    ana.wait_for("There is no /jion. Did you mean /join?")
    ana.say("/join")
    ana.wait_for("Usage: /join ROOM [KEY]")
    ana.say("/help")
    ana.wait_for("/quit [REASON]")


def test_completion(house):
    ana, _bruno = house.client("Ana"), house.client("Bruno")
    ana.wait_for("2 people")

    ana.type("/jo")
    ana.keys("Tab")
    ana.wait_for("[#lobby] /join")
    ana.keys("C-u")
    ana.type("olá Br")
    ana.keys("Tab")
    ana.wait_for("[#lobby] olá Bruno")
    ana.keys("Enter")
    ana.wait_for("<Ana> olá Bruno")

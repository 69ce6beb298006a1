"""Our client on a server of somebody else's that offers next to none of what ours does: ngircd."""

from __future__ import annotations

import pytest
from interop.screens import Screen, free_port, program

pytestmark = pytest.mark.timeout(60)

_SETTINGS = """
[Global]
Name = irc.example.net
Info = A server of somebody else's
AdminEMail = admin@example.net
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = Welcome, stranger
ServerUID = {user}
ServerGID = {group}
[Options]
DNS = no
Ident = no
PAM = no
"""


class OtherServer:
    """ngircd on a terminal."""

    def __init__(self, here, folder):
        self._here = here
        self._settings = folder / "ngircd.conf"
        self.port = free_port()
        text = _SETTINGS.format(port=self.port, user="nobody", group="nogroup")
        self._settings.write_text(text, encoding="utf-8")
        folder.chmod(0o755)

    def open(self):
        screen = self._here.open("ngircd", ["ngircd", "-n", "-f", self._settings], (150, 40))
        screen.wait_for("Now listening on")

    def crash(self):
        self._here.close("ngircd")

    def client(self, name: str) -> Screen:
        """Somebody with our client, who has asked to come in."""
        where = ["--host", "localhost", "--port", str(self.port)]
        return self._here.open(name, [program("chat-client"), *where, "--name", name])


@pytest.fixture
def other(here, tmp_path):
    server = OtherServer(here, tmp_path)
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


def test_saying_and_hearing(ana, bruno):
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


def test_a_name_that_it_does_not_take(other, ana):
    other.client("João").wait_for("João cannot be a name here")


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
        screen.wait_for("(2 people)")
        screen.wait_for(once("<Bruno> antes"))
    assert bruno.rows()[-1].endswith("meia fra")
    bruno.wait_for(lambda text: "waiting" not in text and once("dito sem servidor")(text))

"""One room by TCP and by datagrams: our client both ways, and somebody with nc -u."""

from __future__ import annotations

import socket

import pytest
from interop.house import WIDE, House
from interop.screens import program
from ports import free_port

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]


class BothWays(House):
    """A server that takes datagrams as well."""

    def __init__(self, terminals):
        super().__init__(terminals)
        self.udp_port = str(free_port(socket.SOCK_DGRAM))

    def open(self):
        where = ["--port", str(self.port), "--udp-port", self.udp_port, "--data-dir", str(self.data)]
        self.screen = self.terminals.open("server", [program("chat-server"), *where], WIDE)
        self.screen.wait_for(f"port {self.udp_port} of all addresses for UDP")
        return self.screen


@pytest.fixture
def house(here):
    found = BothWays(here)
    found.open()
    return found


def test_everybody_in_one_room(here, house):
    ana = house.client("Ana")
    bia = house.client("Bia", "--udp", "--port", house.udp_port)
    bia.wait_for("UDP, not encrypted")
    carla = here.open("nc", ["nc", "-u", "127.0.0.1", house.udp_port])
    carla.say("Carla")
    carla.wait_for("Welcome, Carla!")

    carla.say("olá do nc -u ç")
    bia.say("oi por UDP")
    ana.say("and by TCP")
    for screen in (ana, bia, carla):
        screen.wait_for("<Carla> olá do nc -u ç")
        screen.wait_for("<Bia> oi por UDP")
        screen.wait_for("<Ana> and by TCP")

    carla.say("sair")
    carla.wait_for("Goodbye!")
    ana.wait_for("Carla went offline")
    bia.say("sair")
    ana.wait_for("Bia went offline")


def test_a_client_outlives_its_server(house):
    bia = house.client("Bia", "--udp", "--port", house.udp_port)
    bia.say("before")
    bia.wait_for("<Bia> before")
    house.crash()
    bia.wait_for("The connection is lost")
    bia.say("meanwhile")
    bia.wait_for("waiting for the connection")
    house.open()
    bia.wait_for("Connected again.")
    ana = house.client("Ana")
    # Where the server was gone before it had kept the first, both are said together and have one name.
    text = ana.wait_for("meanwhile")
    assert [text.count(said) for said in ("<Bia> before", "before", "meanwhile")] == [1, 1, 1]
    assert text.index("before") < text.index("meanwhile")

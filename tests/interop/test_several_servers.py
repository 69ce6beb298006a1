"""One client on three servers at once: ours and two of other people's."""

from __future__ import annotations

import subprocess
import sys

import pytest
from interop.other_servers import InspIRCd, Ngircd
from interop.screens import program

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="the settings are looked for elsewhere"),
]


@pytest.fixture
def others(here, tmp_path):
    servers = {kind.name: kind(here, tmp_path) for kind in (Ngircd, InspIRCd)}
    for server in servers.values():
        server.open()
    return servers


@pytest.fixture
def ana(house, here, others):
    ports = {"home": house.port, **{name: server.port for name, server in others.items()}}
    folder = here.home / ".config" / "chatapp"
    folder.mkdir(parents=True, exist_ok=True)
    tables = [
        f'[[server]]\nname = "{name}"\nport = {port}\nnick = "Ana"\nrooms = ["#lobby"]\n'
        for name, port in ports.items()
    ]
    (folder / "client.toml").write_text("\n".join(tables), "utf-8")
    screen = here.open("Ana", [program("chat-client")], (120, 30))
    for name in ports:
        screen.wait_for(name)
    return screen


def go(screen, number, server):
    screen.keys(f"M-{number}")
    screen.wait_for(f"#lobby on {server}")
    screen.wait_for(" online")


def test_each_hears_what_was_said_to_it_alone(ana, others):
    bruno = others["ngircd"].client("Bruno")
    carla = others["inspircd"].client("Carla")

    go(ana, 3, "ngircd")
    ana.wait_for("(2 people)")
    ana.say("olá ngircd")
    go(ana, 5, "inspircd")
    ana.wait_for("(2 people)")
    ana.say("olá inspircd")

    bruno.wait_for("<Ana> olá ngircd")
    carla.wait_for("<Ana> olá inspircd")
    assert "olá inspircd" not in bruno.text()
    carla.say("Ana: hi")
    go(ana, 5, "inspircd")
    ana.wait_for("<Carla> Ana: hi")


def test_one_that_goes_leaves_the_others_and_gets_what_was_typed_when_it_is_back(ana, others):
    go(ana, 3, "ngircd")
    go(ana, 5, "inspircd")
    others["ngircd"].crash()
    ana.wait_for("The connection is lost")
    ana.say("still here")
    ana.wait_for(lambda text: text.count("<Ana> still here") == 1)
    ana.keys("M-3")
    ana.wait_for("#lobby on ngircd")
    ana.say("for later")
    ana.wait_for("waiting for the connection")

    others["ngircd"].open()
    ana.wait_for(" online")
    ana.wait_for(lambda text: "waiting for the connection" not in text)
    assert ana.text().count("<Ana> for later") == 1


@pytest.mark.parametrize("name", ["ngircd", "inspircd"])
def test_scripts_speak_there_too(others, name):
    bruno = others[name].client("Bruno")
    bruno.wait_for("(1 person)")
    where = ["--host", "localhost", "--port", str(others[name].port), "--no-tls"]
    done = subprocess.run(
        [program("chat-client"), "send", "#lobby", "--name", "bot", *where],
        input=b"um\ndois\n",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    bruno.wait_for(lambda text: text.count("<bot> um") == text.count(" dois") == 1)

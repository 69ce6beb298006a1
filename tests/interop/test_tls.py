"""TLS on the one port: irssi, weechat, openssl and our client, beside one who does without, in one room."""

from __future__ import annotations

import re
import subprocess

import pytest
from interop.house import WIDE
from interop.screens import program

pytestmark = pytest.mark.timeout(300)

_KEY = re.compile(r"The key for TLS is ([0-9a-f-]{39})")


def key_of(house):
    """The key that the server shows on its terminal."""
    return _KEY.search(house.screen.text())[1]


@pytest.fixture
def plain(house):
    """Somebody without encryption, in #sala."""
    screen = house.client("Paula", "--room", "#sala", "--no-tls")
    screen.wait_for("online · not encrypted")
    return screen


def test_our_client_shows_the_key_that_the_server_shows(house, plain):
    ana = house.client("Ana", "--room", "#sala")
    seen = ana.wait_for("online · encrypted")

    shown = key_of(house)
    assert shown in " ".join(seen.split())
    plain.wait_for("Ana joined")
    ana.say("olá, com chave")
    plain.wait_for("<Ana> olá, com chave")


def test_irssi(house, plain):
    home = house.terminals.home / "irssi-tls"
    irssi = house.terminals.open("irssi", ["irssi", "--home", home, "--noconnect", "-n", "Iris"], WIDE)
    irssi.wait_for("[(status)]")
    irssi.say(f"/connect -tls -notls_verify localhost {house.port}")
    irssi.wait_for("Mode change [+i]")
    irssi.say("/join #sala")
    plain.wait_for("Iris joined")

    plain.say("/whois Iris")
    plain.wait_for("What Iris says and hears is encrypted")
    irssi.say("olá, cifrado")
    plain.wait_for("<Iris> olá, cifrado")


def test_weechat(house, plain):
    weechat = house.weechat("Wanda", "#sala")
    for command in (
        f"/server add cifrado localhost/{house.port} -nicks=Wilma -autojoin=#sala",
        # Called "ssl" before version 4.0.
        "/set irc.server.cifrado.ssl on",
        "/set irc.server.cifrado.ssl_verify off",
        "/set irc.server.cifrado.tls on",
        "/set irc.server.cifrado.tls_verify off",
        "/connect cifrado",
    ):
        weechat.say(command)
    plain.wait_for("Wilma joined")

    plain.say("/whois Wilma")
    plain.wait_for("What Wilma says and hears is encrypted")
    weechat.say("/quit")


def test_openssl_sees_the_same_key(house):
    script = (
        f"openssl s_client -connect localhost:{house.port} </dev/null 2>/dev/null"
        " | openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -r"
    )
    said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60, check=True)

    assert said.stdout.startswith(key_of(house).replace("-", ""))


def test_after_a_restart_our_client_comes_back_with_tls(house):
    ana = house.client("Ana", "--room", "#sala")
    ana.wait_for("online · encrypted")
    ana.type("meio dit")
    house.crash()
    ana.wait_for("offline, trying again")

    house.open()

    ana.wait_for("online · encrypted")
    assert "meio dit" in ana.text()


def test_a_changed_key_is_refused_before_the_screen_opens(house):
    ana = house.client("Ana", "--room", "#sala")
    ana.say("/quit")
    ana.wait_until_it_ended()
    old = key_of(house)
    house.shut()
    (house.data / "tls.pem").unlink()
    house.open()

    again = house.terminals.open(
        "Ana2",
        [program("chat-client"), "--port", str(house.port), "--name", "Ana"],
        WIDE,
    )

    again.wait_for("type its first four characters")
    again.keys("Enter")
    assert again.wait_until_it_ended() == 1
    said = again.text()
    assert f"Known: {old}" in said
    assert f"--tls-fingerprint {key_of(house)}" in said

    once_more = house.terminals.open(
        "Ana3",
        [program("chat-client"), "--port", str(house.port), "--name", "Ana"],
        WIDE,
    )
    once_more.wait_for("type its first four characters")
    once_more.type(key_of(house)[:4])
    once_more.keys("Enter")
    once_more.wait_for("online · encrypted")

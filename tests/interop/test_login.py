"""irssi and weechat log in to their accounts, by each mechanism that they know, and others see it."""

from __future__ import annotations

import pytest
from interop.house import Login
from system.talker import Talker

pytestmark = pytest.mark.timeout(300)

PASSWORD = "coração-de-melão"


@pytest.fixture
def ana(house):
    """Somebody who sees which account everybody has; the account of Wanda is there."""
    wanda = Talker(("127.0.0.1", house.port), "Wanda")
    wanda.say(f"REGISTER * * {PASSWORD}")
    wanda.waits_for("REGISTER SUCCESS Wanda")
    wanda.say("QUIT")
    wanda.hears_until_the_end()
    wanda.socket.close()
    ana = Talker(("127.0.0.1", house.port), "ana", "account-tag extended-join")
    ana.join("#sala")
    yield ana
    ana.socket.close()


@pytest.mark.parametrize(
    ("program", "mechanism"), [("irssi", "PLAIN"), ("weechat", "PLAIN"), ("weechat", "SCRAM-SHA-256")]
)
def test_logging_in(house, ana, program, mechanism):
    screen = getattr(house, program)("Wanda", "#sala", login=Login("Wanda", PASSWORD, mechanism))

    assert " JOIN #sala Wanda :" in ana.waits_for("Wanda!")
    screen.say("sou eu mesma")
    assert ana.waits_for("sou eu mesma").startswith("@account=Wanda ")


def test_a_wrong_password_is_told(house, ana):
    login = Login("Wanda", "outra", "PLAIN")
    home = house.terminals.home
    screen = house.terminals.open(
        "wanda",
        [
            *("weechat", "-d", home / "wanda"),
            *("-r", f"/server add chat localhost/{house.port} -notls -ssl=off"),
            *("-r", "/set irc.server.chat.ssl off"),
            *("-r", "/set irc.server.chat.nicks Wanda"),
            *("-r", f"/set irc.server.chat.sasl_username {login.account}"),
            *("-r", f"/set irc.server.chat.sasl_password {login.password}"),
            *("-r", "/set irc.look.server_buffer independent"),
            *("-r", "/connect chat"),
        ],
        (150, 40),
    )
    screen.wait_for("The name or the password is wrong")

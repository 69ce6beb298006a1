"""Who could do what from where, as the doctor tells it."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from server.examination.findings import FIX, LOOK, OK, told, worse

from chatapp.commands.passwords import write_verifier
from chatapp.core.settings import AccountSettings, OperatorSettings, ServerSettings, Settings, UdpSettings
from chatapp.core.settings import WebSocketSettings as WebSocket
from chatapp.server.examination.access import accounts, operators, ways_in
from chatapp.server.proofs import new_verifier
from chatapp.server.settings import Config, ListenerSettings, MetricsSettings


def config(*listeners, server=None, **rules):
    return Config(
        Settings(server=server or ServerSettings(), **rules), listeners=listeners or (ListenerSettings(),)
    )


PUBLIC = ServerSettings(public=True, password="x")


@pytest.mark.parametrize(
    ("listener", "server", "text"),
    [
        (
            ListenerSettings(),
            ServerSettings(),
            "port 12345 of all addresses, from private networks: IRC, plain text (nc), browsers; "
            "with and without TLS.",
        ),
        (
            ListenerSettings(host="127.0.0.1", port=1, protocols=("irc",), tls=False),
            PUBLIC,
            "127.0.0.1 port 1, from this machine: IRC; nothing encrypted.",
        ),
        (
            ListenerSettings(host="::1", protocols=("irc",), udp_port=9),
            PUBLIC,
            "::1 port 12345, from this machine: IRC; with and without TLS; datagrams at 9.",
        ),
        (
            ListenerSettings(host="chat.example", protocols=("plain",)),
            PUBLIC,
            "chat.example port 12345, from the whole internet: plain text (nc); with and without TLS.",
        ),
        (
            ListenerSettings(path="/run/x.sock", protocols=("irc",)),
            PUBLIC,
            "/run/x.sock: IRC; whoever on this machine may write to it.",
        ),
    ],
)
def test_a_way_in(listener, server, text):
    assert told(ways_in(config(listener, server=server)))[0] == (OK, text)


def test_a_public_port_without_tls_is_worth_a_look():
    (found,) = worse(ways_in(config(ListenerSettings(tls=False), server=PUBLIC)))

    assert found[0] is LOOK
    assert found[2] == "set tls = true, unless a proxy before it speaks TLS"


@pytest.mark.parametrize(("public", "mark"), [(False, OK), (True, LOOK)])
def test_no_password_matters_on_the_internet(public, mark):
    found = told(ways_in(config(server=ServerSettings(public=public))))

    assert (mark, "There is no password: whoever reaches the port can come in.") in found


def test_a_password_is_told_of_and_not_told():
    found = told(ways_in(config(server=ServerSettings(password="sesame"))))

    assert (OK, "Whoever comes in has to give the password of the server.") in found
    assert "sesame" not in str(found)


def test_where_metrics_are():
    found = told(ways_in(replace(config(), metrics=MetricsSettings(port=9464))))

    assert (OK, "127.0.0.1 port 9464, from this machine: metrics.") in found


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0", "10.0.0.0/7"])
def test_a_network_too_wide_to_be_a_proxy(network):
    server = ServerSettings(trusted_proxies=("10.0.0.1", network))

    assert worse(ways_in(config(server=server))) == [
        (
            FIX,
            f"Whoever connects from {network} may pretend to be anybody.",
            "name only the addresses of your proxies in trusted_proxies",
        )
    ]


def test_what_else_others_could_use():
    listener = ListenerSettings(udp_port=9)
    found = config(listener, websocket=WebSocket(origins=("*",)), udp=UdpSettings(bare_programs="public"))

    assert [remedy for _mark, _text, remedy in worse(ways_in(found))] == [
        "name the page of your client in [websocket] origins instead of *",
        "set [udp] bare_programs to private",
    ]
    without_udp = replace(found, listeners=(ListenerSettings(),))
    assert len(worse(ways_in(without_udp))) == 1


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            AccountSettings(),
            [(OK, "Guests talk without an account; everybody may register, 30 an hour from one address.")],
        ),
        (
            AccountSettings(registration=False, registration_throttle=0),
            [(OK, "Guests talk without an account; only you make any (chat-server account).")],
        ),
        (
            AccountSettings(registration_throttle=0, login_throttle=0),
            [
                (LOOK, "Guests talk without an account; everybody may register as many names as they like."),
                (LOOK, "Passwords may be guessed as fast as one likes."),
            ],
        ),
    ],
)
def test_accounts(settings, expected):
    assert told(accounts(Settings(accounts=settings))) == expected


@pytest.mark.parametrize(
    ("public", "has_owner", "expected"),
    [
        (False, None, (OK, "At the console, and by the owner code.")),
        (False, False, (OK, "At the console, and by the owner code, which nobody has used yet.")),
        (True, True, (OK, "Somebody has used an owner code; there is no [[operator]].")),
        (True, False, (LOOK, "Nobody could send a nuisance away while nobody sits at the console.")),
    ],
)
def test_who_rules_where_no_operator_is_named(public, has_owner, expected):
    found = operators(config(server=ServerSettings(public=public)), None, has_owner)

    assert told(found) == [expected]


def test_operators_and_their_passwords():
    hashed = write_verifier(new_verifier("long enough", "minimum"))
    named = tuple(
        OperatorSettings(name, password)
        for name, password in (("ana", hashed), ("bob", "long enough"), ("eve", "short"))
    )
    found = operators(config(operators=named), None, None)

    assert told(found) == [
        (OK, "By OPER: ana, bob, eve."),
        (LOOK, "The password of the operator bob stands in the settings as it is."),
        (FIX, "The password of the operator eve is short, and stands in the settings as it is."),
    ]
    assert found[1].remedy == "write what chat-server operator-password makes of it"
    assert found[2].remedy == "take a longer one, and write what chat-server operator-password makes of it"


@pytest.mark.skipif(sys.platform == "win32", reason="rights of Unix")
@pytest.mark.parametrize(
    ("mode", "password", "is_found"),
    [(0o644, "x", True), (0o640, "x", False), (0o600, "x", False), (0o644, "", False)],
)
def test_a_file_with_passwords_that_others_may_read(tmp_path, mode, password, is_found):
    file = tmp_path / "chat.toml"
    file.touch()
    file.chmod(mode)
    found = worse(operators(config(server=ServerSettings(password=password)), file, None))

    text = f"Others on this machine can read the passwords in {file}."
    remedy = f"chown it to the user whom the server runs as, then chmod 600 {file}"
    assert found == ([(FIX, text, remedy)] if is_found else [])


def test_a_file_that_is_gone_is_no_secret(tmp_path):
    assert worse(operators(config(server=PUBLIC), tmp_path / "none", True)) == []

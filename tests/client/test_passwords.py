"""Passwords that nothing else tells are asked for at the terminal, and nowhere else."""

from __future__ import annotations

import pytest

from chatapp.client import passwords
from chatapp.client.config import Launch
from chatapp.client.passwords import ask_passwords, lacks_password
from chatapp.client.settings import ServerEntry

HOME = ServerEntry(name="home\x1b[2J", account="ana")
GUEST = ServerEntry(host="other")


@pytest.fixture
def asked(monkeypatch):
    asked = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    def answer(question):
        asked.append(question)
        return "s3gredo"

    monkeypatch.setattr(passwords.getpass, "getpass", answer)
    return asked


@pytest.mark.parametrize(
    ("server", "lacks"),
    [
        (HOME, True),
        (GUEST, False),
        (ServerEntry(account="ana", account_password="x"), False),
        (ServerEntry(account="ana", certificate="ana.pem"), False),
        (ServerEntry(account="ana", sasl="off"), False),
    ],
)
def test_where_one_is_missing(server, lacks):
    assert lacks_password(server) is lacks


def test_it_is_asked_for_once_a_server(asked):
    launch = ask_passwords(Launch((HOME, GUEST)))
    assert [server.account_password for server in launch.servers] == ["s3gredo", ""]
    assert len(asked) == 1
    assert asked[0].startswith("Password of ana at home")
    assert "\x1b" not in asked[0]


def test_who_closes_the_input_goes_there_as_a_guest(asked, monkeypatch):
    def closed(_question):
        raise EOFError

    monkeypatch.setattr(passwords.getpass, "getpass", closed)
    assert ask_passwords(Launch((HOME,))).server == HOME


def test_nobody_is_asked_where_nobody_sits(asked, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert ask_passwords(Launch((HOME,))).server == HOME
    assert asked == []

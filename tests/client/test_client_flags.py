"""The flags of chat-client that go together, and those that do not."""

from __future__ import annotations

import pytest

from chatapp import cli
from chatapp.client import app


@pytest.fixture
def started(monkeypatch):
    """The settings of every client that was started."""
    started = []
    monkeypatch.setattr(app, "run", lambda settings: started.append(settings) or 0)
    return started


def test_a_password_stays_on_this_machine_over_udp(started):
    assert cli.client(["--udp", "--password", "secret"]) == 0

    assert [(each.host, each.udp, each.password) for each in started] == [("localhost", True, "secret")]


def test_a_password_does_not_leave_this_machine_over_udp_unasked(started, capsys):
    with pytest.raises(SystemExit):
        cli.client(["--udp", "--password", "secret", "--host", "chat.example"])

    assert "others could read the password" in capsys.readouterr().err
    assert cli.client(["--udp", "--password", "secret", "--host", "chat.example", "--no-tls"]) == 0
    assert [each.host for each in started] == ["chat.example"]

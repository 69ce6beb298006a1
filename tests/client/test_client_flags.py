"""The flags of chat-client that go together, and those that do not."""

from __future__ import annotations

import pytest

from chatapp import cli
from chatapp.client import app, command_line
from chatapp.client.saved import Loaded
from chatapp.client.settings import Settings


@pytest.fixture
def started(monkeypatch):
    """What every client that was started was told; nobody has a client.toml."""
    started = []
    monkeypatch.setattr(command_line, "settings", lambda: Loaded(Settings()))
    monkeypatch.setattr(app, "run", lambda launch: started.append(launch) or 0)
    return started


def test_a_password_stays_on_this_machine_over_udp(started):
    assert cli.client(["--udp", "--password", "secret"]) == 0

    assert [(each.server.host, each.server.udp, each.server.password) for each in started] == [
        ("localhost", True, "secret")
    ]


def test_a_password_does_not_leave_this_machine_over_udp_unasked(started, capsys):
    with pytest.raises(SystemExit):
        cli.client(["--udp", "--password", "secret", "--host", "chat.example"])

    assert "others could read the password" in capsys.readouterr().err
    assert cli.client(["--udp", "--password", "secret", "--host", "chat.example", "--no-tls"]) == 0
    assert [each.server.host for each in started] == ["chat.example"]


def test_a_verb_behind_the_flags_is_told_where_it_stands(started, capsys):
    with pytest.raises(SystemExit):
        cli.client(["--name", "Ana", "send", "#ops", "done"])

    assert "send stands before all flags: chat-client send ..." in capsys.readouterr().err
    assert started == []

"""What the flags come to together with client.toml: which servers, as whom, in which rooms."""

from __future__ import annotations

import pytest

from chatapp.client import command_line
from chatapp.client.saved import Loaded
from chatapp.client.settings import ServerEntry, Settings

HOME = ServerEntry(name="home", host="chat.example", rooms=("#tea",), nick="Ana")
WORK = ServerEntry(name="work", host="work.example", port=6697, tls="required", account="ana")
AWAY = ServerEntry(name="away", host="away.example", connect=False)
BOTH = Settings(name="Maria", servers=(HOME, WORK, AWAY))


def launch(*args, settings=None):
    verb, flags = command_line.split(list(args))
    given = command_line.parser(verb, "0").parse_args(flags)
    return command_line.launch_of(given, Loaded(settings or Settings()))


def test_without_anything_it_is_this_machine_and_the_lobby():
    server = launch("--name", "Ana").server
    assert (server.host, server.port, server.rooms, server.nick) == ("localhost", 12345, ("#lobby",), "Ana")


def test_the_servers_of_the_settings_are_gone_to_but_for_those_that_wait():
    servers = launch(settings=BOTH).servers
    assert [server.label for server in servers] == ["home", "work"]
    assert [server.nick for server in servers] == ["Ana", "Maria"]
    assert [server.rooms for server in servers] == [("#tea",), ()]


@pytest.mark.parametrize("host", ["work", "work.example"])
def test_a_flag_names_one_of_them(host):
    (server,) = launch("--host", host, settings=BOTH).servers
    assert (server.name, server.port, server.tls, server.account) == ("work", 6697, "required", "ana")


def test_one_that_waits_can_be_named():
    assert launch("--host", "away", settings=BOTH).server.host == "away.example"


def test_another_server_has_nothing_of_theirs():
    (server,) = launch("--host", "other.example", settings=BOTH).servers
    assert server == ServerEntry(host="other.example", nick="Maria", rooms=("#lobby",))


@pytest.mark.parametrize("flags", [("--port", "7000"), ("--udp",)])
def test_a_port_without_a_host_is_this_machine(flags):
    (server,) = launch(*flags, settings=BOTH).servers
    assert server.host == "localhost"
    assert server.port == (7000 if "7000" in flags else 5002)


def test_flags_are_over_the_settings_and_about_the_first_server():
    home, work = launch("--room", "ops", "--no-tls", "--name", "Bo", settings=BOTH).servers
    assert (home.rooms, home.tls, home.nick) == (("#ops",), "off", "Bo")
    assert (work.rooms, work.tls, work.nick) == ((), "required", "Bo")


def test_the_password_of_an_account_may_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("CHATAPP_ACCOUNT_PASSWORD", "s3gredo")
    home, work = launch("--account", "ana", settings=BOTH).servers
    assert (home.account, home.account_password) == ("ana", "s3gredo")
    assert work.account_password == ""


def test_who_names_an_account_alone_is_called_like_it():
    assert launch("--account", "Ana").server.nick == "Ana"
    assert launch("--account", "Ana", "--name", "Bo").server.nick == "Bo"
    assert launch("--account", "Ana", settings=Settings(name="Maria")).server.nick == "Maria"


def test_a_name_that_cannot_be_a_nick_becomes_one_and_is_remembered():
    found = launch("--name", "Ana Maria")
    assert (found.asked_name, found.server.nick) == ("Ana Maria", "Ana_Maria")


def test_the_settings_may_ask_for_plain_lines():
    assert not launch().linear
    assert launch("--linear").linear
    assert launch(settings=Settings(linear=True)).linear


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["send", "#ops", "x"], ("send", ["#ops", "x"])),
        (["--name", "send"], ("", ["--name", "send"])),
        ([], ("", [])),
    ],
)
def test_the_first_word_may_be_a_verb(args, expected):
    assert command_line.split(args) == expected

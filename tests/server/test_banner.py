"""What a start says on a terminal: the exact line to join with, and only lines that work."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

import pytest

from chatapp import __version__
from chatapp.server.banner import UdpAddress, banner, dangers, lan_address, places

ALL = [("0.0.0.0", 12345), ("::", 12345)]
DATA = Path("/var/lib/chatapp")


def test_on_all_addresses():
    assert banner(ALL, DATA, "#lobby", "192.168.0.7", ["It rains."]).split("\n") == [
        f"chatapp {__version__} is listening on port 12345 of all addresses",
        "",
        "Join from this machine:",
        "    chat-client --host localhost --port 12345 --name Ana",
        "",
        "Join from another machine on the network:",
        "    chat-client --host 192.168.0.7 --port 12345 --name Ana",
        "",
        "With any IRC client: server 192.168.0.7, port 12345, room #lobby",
        "",
        f"The data is in {DATA}",
        "Take care: It rains.",
        "",
        "Ctrl-C stops the server.",
        "",
    ]


def test_without_a_network():
    text = banner(ALL, DATA, "#lobby", "", [])

    assert "another machine" not in text
    assert "With any IRC client: server localhost, port 12345, room #lobby" in text


def test_at_one_address_of_the_network_that_address_is_named_everywhere():
    text = banner([("192.168.0.7", 6667)], DATA, "#lobby", "10.0.0.1", [])

    assert text.count("    chat-client --host 192.168.0.7 --port 6667 --name Ana") == 2
    assert "localhost" not in text
    assert "10.0.0.1" not in text


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_at_loopback_nobody_else_is_invited(host):
    text = banner([(host, 6667)], DATA, "#lobby", "10.0.0.1", [])

    assert f"    chat-client --host {host} --port 6667 --name Ana" in text
    assert "another machine" not in text


def test_at_an_address_that_holds_for_one_interface():
    assert "--host fe80::1%eth0 --port 1" in banner([("fe80::1%eth0", 1)], DATA, "", "", [])


def test_at_a_unix_socket():
    text = banner([Path("/run/chat server.sock")], DATA, "#lobby", "192.168.0.7", [])

    assert "    chat-client --host '/run/chat server.sock' --name Ana" in text
    assert "IRC client" not in text
    assert "another machine" not in text
    assert "None" not in text


def test_a_unix_socket_beside_a_port_does_not_hide_it():
    text = banner([Path("/run/chat.sock"), ("127.0.0.1", 1), *ALL], DATA, "#lobby", "192.168.0.7", [])

    assert "listening on /run/chat.sock, 127.0.0.1 port 1, port 12345 of all addresses" in text
    assert "--host 192.168.0.7 --port 12345" in text


def test_with_nothing_kept_and_no_room():
    text = banner(ALL, None, "", "", [])

    assert "Nothing is kept\n" in text
    assert "room" not in text


def test_the_keys_that_callers_see_are_shown():
    lines = banner(ALL, DATA, "#lobby", "", [], keys=["aaaa-bbbb", "cccc-dddd"]).split("\n")

    assert "The key for TLS is aaaa-bbbb" in lines
    assert "The key for TLS is cccc-dddd" in lines


def test_places_are_named_once():
    assert places(ALL) == "port 12345 of all addresses"


def test_where_datagrams_come_in_is_told_and_joined_by_nobody_by_default():
    addresses = [("127.0.0.1", 1), UdpAddress("0.0.0.0", 5002), UdpAddress("::", 5002)]
    assert places(addresses) == "127.0.0.1 port 1, port 5002 of all addresses for UDP"
    assert "    chat-client --host 127.0.0.1 --port 1 --name Ana" in banner(addresses, DATA, "", "", [])


@pytest.mark.parametrize(
    ("password", "public", "encrypts", "words"),
    [
        ("", False, False, ["Nothing is encrypted", "password"]),
        ("x", False, False, ["Nothing is encrypted"]),
        ("x", True, False, ["Nothing is encrypted", "internet"]),
        ("x", True, True, ["without TLS", "internet"]),
    ],
)
def test_what_is_not_protected(password, public, encrypts, words):
    texts = dangers(password, public, encrypts)

    assert len(texts) == len(words)
    assert all(word in text for word, text in zip(words, texts, strict=True))


class NoNetwork:
    def __init__(self, *args):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *about):
        pass

    def connect(self, address):
        raise OSError("Network is unreachable")


class OnlyLoopback(NoNetwork):
    def connect(self, address):
        pass

    def getsockname(self):
        return ("127.0.0.1", 1)


@pytest.mark.parametrize("fake", [NoNetwork, OnlyLoopback])
def test_a_machine_without_a_network_has_no_address_for_others(fake, monkeypatch):
    monkeypatch.setattr(socket, "socket", fake)

    assert lan_address() == ""


def test_the_address_for_others_is_one_or_none():
    found = lan_address()

    assert found == "" or not ipaddress.ip_address(found).is_loopback

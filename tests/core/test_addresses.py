"""However an address is written, it is the same address everywhere."""

from __future__ import annotations

import pytest

from chatapp.core.addresses import household, is_local, is_within, neighbours, parse_address, parse_network


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::FFFF:c000:207", "192.0.2.7"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_an_address_is_read_in_every_way_of_writing_it(text, address):
    assert str(parse_address(text)) == address


@pytest.mark.parametrize("text", ["", "localhost", "192.0.2", "192.0.2.7/32", "::g", "/run/chat.sock"])
def test_what_is_none_is_none(text):
    assert parse_address(text) is None


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("192.0.2.7/24", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.7/120", "192.0.2.0/24"),
        ("::/0", "::/0"),
        ("2001:db8::1/64", "2001:db8::/64"),
        ("ana", "None"),
    ],
)
def test_a_network_is_read_likewise(text, network):
    assert str(parse_network(text)) == network


@pytest.mark.parametrize("address", ["192.0.2.7", "::ffff:192.0.2.7"])
@pytest.mark.parametrize("network", ["192.0.2.0/24", "::ffff:192.0.2.0/120"])
def test_both_ways_of_writing_an_address_are_within_both_of_a_network(address, network):
    found = parse_network(network)
    assert found is not None
    assert is_within(address, found)
    assert not is_within("198.51.100.1", found)
    assert not is_within("localhost", found)


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("192.0.2.7", False),
        ("::ffff:192.0.2.7", False),
        ("2001:db8::1", False),
    ],
)
def test_what_is_this_machine_s_own(address, local):
    assert is_local(address) is local


def test_a_household_is_a_64_or_an_address():
    assert household("2001:db8::1") == household("2001:db8::ffff:1") != household("2001:db8:0:1::1")
    assert household("::ffff:192.0.2.7") == household("192.0.2.7") == "192.0.2.7"
    assert household("localhost") == "localhost"


def test_neighbours_are_those_of_one_network():
    assert neighbours("192.0.2.7", 24) == neighbours("::ffff:192.0.2.200", 24) == "192.0.2.0/24"
    assert neighbours("2001:db8::1", 24) == "2001:db8::/64"

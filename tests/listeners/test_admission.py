"""Who may connect at all: limits for each network, and the public internet only if it is let in."""

from __future__ import annotations

import pytest

from chatapp.core.settings import LimitSettings
from chatapp.listeners.admission import Admission, network_of


def gate(public=True, **limits):
    return Admission(LimitSettings(**limits), public)


@pytest.mark.parametrize(
    ("address", "network", "is_private"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("172.16.0.1", "172.16.0.1", True),
        ("172.32.0.1", "172.32.0.1", False),
        ("192.168.7.8", "192.168.7.8", True),
        ("169.254.1.1", "169.254.1.1", True),
        ("100.64.0.1", "100.64.0.1", True),
        ("8.8.8.8", "8.8.8.8", False),
        ("::1", "::/64", True),
        ("fe80::1%eth0", "fe80::/64", True),
        ("fd00:1:2:3::4", "fd00:1:2:3::/64", True),
        ("2a00:1450:4001:80b::200e", "2a00:1450:4001:80b::/64", False),
        ("::ffff:8.8.8.8", "8.8.8.8", False),
        ("::ffff:127.0.0.1", "127.0.0.1", True),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:0:4136:e378::/64", False),
        ("localhost", "localhost", True),
    ],
)
def test_whose_connections_count_together(address, network, is_private):
    assert network_of(address) == (network, is_private)


def test_one_more_than_the_limit_is_told_why():
    admission = gate(connections_per_ip=2)

    assert [admission.enter("8.8.8.8") for _ in range(3)] == [
        "",
        "",
        "There are 2 connections from your address already",
    ]
    assert admission.enter("8.8.4.4") == ""
    assert admission.total == 3


def test_who_leaves_makes_room():
    admission = gate(connections_per_ip=1)
    admission.enter("8.8.8.8")

    admission.leave("8.8.8.8")

    assert admission.enter("8.8.8.8") == ""


def test_a_household_counts_as_one_and_its_neighbour_does_not():
    admission = gate(connections_per_ip=1)

    assert admission.enter("2a00:1450:4001:80b::1") == ""
    assert admission.enter("2a00:1450:4001:80b:ffff::2") != ""
    assert admission.enter("2a00:1450:4001:80c::1") == ""


def test_ipv4_in_the_clothes_of_ipv6_is_the_same_address():
    admission = gate(connections_per_ip=1)

    assert admission.enter("8.8.8.8") == ""
    assert admission.enter("::ffff:8.8.8.8") != ""


def test_a_classroom_behind_one_address_has_a_limit_of_its_own():
    admission = gate(connections_per_ip=1, connections_per_private_ip=3)

    assert [bool(admission.enter("192.168.0.9")) for _ in range(4)] == [False, False, False, True]


def test_no_limit():
    admission = gate(connections_per_ip=0, connections_per_private_ip=0, connection_rate_per_ip=0)

    assert {admission.enter(address) for address in ("8.8.8.8", "10.0.0.1") for _ in range(1000)} == {""}


def test_the_public_stays_outside_unless_it_is_let_in():
    admission = gate(public=False)

    assert "--public" in admission.enter("8.8.8.8")
    assert "--public" in admission.enter("::ffff:8.8.8.8")
    assert "--public" in admission.enter("2a00:1450:4001:80b::200e")
    assert admission.enter("192.168.0.9") == ""
    assert admission.total == 1


def test_the_last_to_leave_is_told_of():
    told = []
    admission = Admission(LimitSettings(), False, lambda: told.append(admission.total))
    admission.enter("10.0.0.1")
    admission.enter("10.0.0.2")

    admission.leave("10.0.0.1")
    assert told == []
    admission.leave("10.0.0.2")
    assert told == [0]


def test_who_comes_and_goes_too_often_waits_for_the_next_minute():
    now = [120.0]
    admission = Admission(LimitSettings(connection_rate_per_ip=3), public=True, clock=lambda: now[0])

    def visit(address):
        reason = admission.enter(address)
        if not reason:
            admission.leave(address)
        return reason

    assert [visit("8.8.8.8") for _ in range(4)] == [
        *[""] * 3,
        "Your address connects too often; try again in a minute",
    ]
    assert visit("8.8.4.4") == ""
    now[0] = 180.0
    assert visit("8.8.8.8") == ""


def test_private_addresses_and_the_limit_0_come_as_often_as_they_like():
    strict = gate(connection_rate_per_ip=1)
    assert {strict.enter("192.168.0.9") for _ in range(20)} == {""}
    free = gate(connection_rate_per_ip=0, connections_per_ip=0)
    assert {free.enter("8.8.8.8") for _ in range(100)} == {""}

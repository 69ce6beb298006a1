"""What stands for an address: no address, the same each time, and neighbours have half of it alike."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.core.cloak import cloak


def digest(text, secret="ours "):
    return hashlib.sha256((secret + text).encode()).digest()


@given(st.ip_addresses())
def test_it_looks_like_a_host_and_tells_nothing(address):
    host = cloak(str(address), digest)
    assert re.fullmatch(r"[a-z2-7]{10}\.[a-z2-7]{10}\.cloak", host)
    assert host == cloak(str(address), digest)
    assert host != cloak(str(address), lambda text: digest(text, "theirs "))


@pytest.mark.parametrize(
    ("one", "other", "are_neighbours"),
    [
        ("10.0.0.1", "10.0.0.200", True),
        ("10.0.0.1", "10.0.1.1", False),
        ("2001:db8::1", "2001:db8::2:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.2", True),
        ("::ffff:10.0.0.1", "10.0.0.2", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("localhost", "127.0.0.1", False),
    ],
)
def test_neighbours_have_the_second_half_alike(one, other, are_neighbours):
    here, there = cloak(one, digest).split("."), cloak(other, digest).split(".")
    assert here[0] != there[0]
    assert (here[1] == there[1]) is are_neighbours


def test_one_address_has_one_cloak_however_it_is_written():
    assert cloak("::ffff:10.0.0.1", digest) == cloak("10.0.0.1", digest)

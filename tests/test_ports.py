"""Ports that are given to servers of tests: free, and each to one alone."""

from __future__ import annotations

import socket

import ports
import pytest

KINDS = [socket.SOCK_STREAM, socket.SOCK_DGRAM]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_given_the_same(kind):
    assert len({ports.free_port(kind) for _ in range(50)}) == 50


@pytest.mark.parametrize("kind", KINDS)
def test_one_that_is_taken_is_passed_over(kind, monkeypatch):
    first = ports.free_port(kind)
    monkeypatch.setattr(ports, "_numbers", iter([first - ports._FIRST, first - ports._FIRST + 1]))
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", first))
        assert ports.free_port(kind) == first + 1


def test_no_port_is_left(monkeypatch):
    monkeypatch.setattr(ports, "_numbers", iter([]))
    with pytest.raises(OSError, match="none of the ports"):
        ports.free_port()


def test_processes_of_one_run_have_ports_of_their_own(monkeypatch):
    found = set()
    for worker in range(4):
        monkeypatch.setattr(ports, "_worker", worker)
        found.add((ports.free_port() - ports._FIRST) // ports._EACH)
    assert found == {0, 1, 2, 3}

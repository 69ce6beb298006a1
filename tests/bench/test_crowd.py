"""Idle connections and storms of joins."""

from __future__ import annotations

import json
import os
from itertools import pairwise
from types import SimpleNamespace

import pytest
from bench.fake_relay import serving
from hypothesis import given
from hypothesis import strategies as st

from chatapp.bench.crowd import Guest
from chatapp.bench.main import main

HEARD = (
    b":me!u@h JOIN #r\r\n"
    b":srv 353 me = #r :@one two\r\n"
    b":srv 353 me = #r :me\r\n"
    b":srv 366 me #r :End of /NAMES list\r\n"
    b":four!u@h JOIN #r\r\n"
    b":five!u@h JOIN #r\r\n"
)


@given(st.lists(st.integers(0, len(HEARD)), max_size=10))
def test_a_guest_counts_everyone_once_however_the_network_cuts(places):
    guest = Guest(SimpleNamespace())
    for start, end in pairwise([0, *sorted(places), len(HEARD)]):
        guest.hear(HEARD[start:end])

    assert guest.seen == 5


@pytest.mark.slow
def test_a_storm_of_joins_ends_when_all_have_seen_all(capsys):
    with serving() as relay:
        code = main(["join", "--port", str(relay.port), "--members", "30", "--json"])

    figures = json.loads(capsys.readouterr().out)
    assert (code, figures["faults"]) == (0, [])
    assert figures["seconds_until_all_have_seen_all"] > 0


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="the system does not tell")  # noqa: PTH110
def test_idle_connections_are_weighed(capsys):
    with serving() as relay:
        words = f"idle --port {relay.port} --connections 40 --pid {os.getpid()} --json"
        code = main(words.split())

    figures = json.loads(capsys.readouterr().out)
    assert code == 0
    assert figures["connections"] == 40
    assert figures["server_resident_MiB_after"] > 1


@pytest.mark.slow
def test_a_server_that_lets_people_in_together_is_not_waited_for_one_by_one(capsys):
    with serving(welcome_at=40) as relay:
        code = main(["join", "--port", str(relay.port), "--members", "40", "--json"])

    assert code == 0, capsys.readouterr().err


def test_idle_needs_a_process_to_look_at(capsys):
    assert main(["idle"]) == 2
    assert "--pid" in capsys.readouterr().err


@pytest.mark.slow
def test_the_generator_against_its_own_relay(capsys):
    words = "selftest --members 6 --senders 2 --messages 500 --caps echo-message --json"
    code = main(words.split())

    figures = json.loads(capsys.readouterr().out)
    assert (code, figures["faults"]) == (0, [])
    assert figures["deliveries"] == 3000

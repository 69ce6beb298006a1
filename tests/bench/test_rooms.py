"""Many rooms at once: who is in which, who speaks, and that a fault in any of them is noticed."""

from __future__ import annotations

import json

import pytest
from bench.fake_relay import serving
from hypothesis import given
from hypothesis import strategies as st

from chatapp.bench.main import main
from chatapp.bench.plan import Plan

MESSAGES = 200


def plan(**more: int) -> Plan:
    return Plan(("127.0.0.1", 1), "#r", "b", **more)


def run(capsys, relay, *more: str) -> tuple[int, dict]:
    """Run ``chat-bench rooms`` with 5 rooms of 4, one of whom speaks."""
    words = f"rooms --port {relay.port} --rooms 5 --members 4 --messages {MESSAGES} --patience 60 --json"
    code = main([*words.split(), *more])
    out, err = capsys.readouterr()
    assert out, err
    return code, json.loads(out)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
def test_every_member_belongs_to_one_worker_and_rooms_stay_together(rooms, members, workers):
    workers = min(workers, rooms if rooms > 1 else members)
    whole = plan(rooms=rooms, members=members, senders=1, workers=workers)
    shares = [whole.members_of(worker) for worker in range(workers)]

    assert sorted(number for share in shares for number in share) == list(range(rooms * members))
    if rooms > 1:
        homes = [{whole.room_of(number) for number in share} for share in shares]
        assert sum(len(there) for there in homes) == rooms


def test_senders_are_numbered_through_all_rooms():
    whole = plan(rooms=3, members=4, senders=2)

    assert [whole.sender_of(member) for member in range(12)] == [
        *(0, 1, None, None),
        *(2, 3, None, None),
        *(4, 5, None, None),
    ]
    assert list(whole.senders_of(2)) == [4, 5]


def test_a_member_should_hear_its_own_room_and_itself_only_with_echo():
    whole = plan(rooms=2, members=3, senders=2)
    sent = {0: 10, 1: 20, 2: 30, 3: 40}

    assert whole.heard_by(0, sent, echo=False) == {1: 20}
    assert whole.heard_by(0, sent, echo=True) == {0: 10, 1: 20}
    assert whole.heard_by(5, sent, echo=False) == {2: 30, 3: 40}


@pytest.mark.parametrize(
    "words",
    [
        {"rooms": 0},
        {"rooms": 5001, "members": 2, "senders": 2},
        {"rooms": 2, "workers": 3},
        {"rooms": 2000, "members": 100, "senders": 1},
    ],
)
def test_impossible_rooms_are_told(words):
    with pytest.raises(ValueError, match=r"at (least|most)"):
        plan(**words)


@pytest.mark.slow
@pytest.mark.parametrize("caps", ["", "echo-message"])
def test_a_good_server_passes(capsys, caps):
    with serving() as relay:
        code, figures = run(capsys, relay, "--caps", caps)

    assert (code, figures["faults"]) == (0, [])
    assert figures["rooms"] == 5
    assert figures["messages"] == MESSAGES
    assert figures["deliveries"] == MESSAGES * (4 if caps else 3)


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "noticed"), [("lose", "lost"), ("double", "doubled")])
@pytest.mark.parametrize("victim", [5, 18])
def test_a_fault_in_one_room_is_noticed(capsys, victim, fault, noticed):
    with serving(victim=victim, **{fault: 30}) as relay:
        code, figures = run(capsys, relay, "--patience", "1")

    assert code == 1
    assert {name: figures[name] for name in ("lost", "doubled") if figures[name]} == {noticed: 1}


@pytest.mark.slow
def test_rooms_in_which_all_speak_need_no_echo(capsys):
    with serving() as relay:
        code, figures = run(capsys, relay, "--members", "2", "--senders", "2")

    assert (code, figures["faults"]) == (0, [])
    assert figures["deliveries"] == MESSAGES


@pytest.mark.slow
def test_workers_share_the_rooms(capsys):
    with serving() as relay:
        code, figures = run(capsys, relay, "--workers", "2")

    assert (code, figures["faults"]) == (0, [])
    assert figures["deliveries"] == MESSAGES * 3


@pytest.mark.slow
def test_the_generator_against_a_relay_with_many_rooms(capsys):
    words = "selftest --rooms 3 --members 4 --senders 1 --messages 300 --json"
    code = main(words.split())

    figures = json.loads(capsys.readouterr().out)
    assert (code, figures["faults"]) == (0, [])
    assert figures["deliveries"] == 900

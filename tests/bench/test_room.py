"""The generator notices whatever a server does wrong, and nothing where it does nothing wrong."""

from __future__ import annotations

import json
from itertools import count

import pytest
from bench.fake_relay import serving

from chatapp.bench.main import main

FIRST, UNSAMPLED, LAST = 2, 4, 9
MESSAGES = 200
#: Where something is lost one waits in vain for it: not for long, yet longer than any machine is busy.
BRIEFLY = ("--patience", "1")


def run(capsys, relay, *more: str) -> tuple[int, dict]:
    """Run ``chat-bench room`` with 10 members, 2 of whom speak."""
    words = f"room --port {relay.port} --members 10 --senders 2 --messages {MESSAGES} --patience 60 --json"
    code = main([*words.split(), *more])
    out, err = capsys.readouterr()
    assert out, err
    return code, json.loads(out)


def faults_of(figures: dict) -> dict:
    return {name: figures[name] for name in ("lost", "doubled", "out_of_order") if figures[name]}


@pytest.mark.slow
@pytest.mark.parametrize("caps", ["", "echo-message"])
def test_a_good_server_passes(capsys, caps):
    with serving() as relay:
        code, figures = run(capsys, relay, "--caps", caps)

    assert (code, faults_of(figures)) == (0, {})
    assert figures["messages"] == MESSAGES
    assert figures["deliveries"] == MESSAGES * (10 if caps else 9)
    assert figures["latency_samples"] == 3 * MESSAGES
    assert figures["capabilities"] == (caps or "none")
    assert figures["members_compared_byte_by_byte"] == (7 if caps else 5)


@pytest.mark.slow
@pytest.mark.parametrize("caps", ["", "echo-message"])
@pytest.mark.parametrize("victim", [FIRST, UNSAMPLED])
@pytest.mark.parametrize(
    ("fault", "noticed"), [("lose", "lost"), ("double", "doubled"), ("swap", "out_of_order")]
)
def test_one_wrong_message_is_noticed_whoever_it_was_for(capsys, caps, victim, fault, noticed):
    with serving(victim=victim, **{fault: 77}) as relay:
        code, figures = run(capsys, relay, "--caps", caps, *BRIEFLY)

    assert (code, faults_of(figures)) == (1, {noticed: 1})


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "noticed"), [("lose", "lost"), ("double", "doubled")])
def test_the_very_last_message_counts(capsys, fault, noticed):
    with serving(victim=LAST, **{fault: MESSAGES}) as relay:
        code, figures = run(capsys, relay, *BRIEFLY)

    assert (code, faults_of(figures)) == (1, {noticed: 1})


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "noticed"), [("lose", "lost"), ("double", "doubled")])
def test_a_speaker_who_is_only_counted_is_judged_too(capsys, fault, noticed):
    with serving(victim=0, **{fault: 20}) as relay:
        code, figures = run(capsys, relay, *BRIEFLY)

    assert (code, faults_of(figures)) == (1, {noticed: 1})
    assert figures["members_counted"] == 2


@pytest.mark.slow
@pytest.mark.parametrize("victim", [0, LAST])
def test_a_ping_in_between_is_answered_and_is_no_fault(capsys, victim):
    with serving(victim=victim, ping_before=50) as relay:
        code, figures = run(capsys, relay, "--caps", "echo-message")

    assert (code, faults_of(figures)) == (0, {})
    assert relay.pongs == [":are-you-there"]


@pytest.mark.slow
def test_refused_capabilities_are_told(capsys):
    with serving(echo=False) as relay:
        code, figures = run(capsys, relay, "--caps", "echo-message")

    assert code == 0
    assert figures["capabilities_refused"] == "echo-message"


@pytest.mark.slow
def test_a_steady_pace_is_kept(capsys):
    with serving() as relay:
        words = f"rate --port {relay.port} --members 10 --senders 2 --rate 500 --seconds 0.4 --json"
        code = main(words.split())

    figures = json.loads(capsys.readouterr().out)
    assert code == 0
    assert figures["messages"] == 200
    assert figures["latency_p50_ms"] <= figures["latency_p99_ms"] <= figures["latency_max_ms"]


@pytest.mark.slow
def test_time_in_which_we_were_not_let_run_is_no_silence_of_the_server(capsys, monkeypatch):
    monkeypatch.setattr("chatapp.bench.worker.clock", count(0, 10_000_000).__next__)
    with serving() as relay:
        code, figures = run(capsys, relay, *BRIEFLY)

    assert (code, faults_of(figures)) == (0, {})
    assert figures["messages"] == MESSAGES


@pytest.mark.slow
def test_two_workers_share_the_members(capsys):
    with serving() as relay:
        code, figures = run(capsys, relay, "--workers", "2")

    assert (code, faults_of(figures)) == (0, {})
    assert figures["deliveries"] == MESSAGES * 9


@pytest.mark.slow
def test_two_workers_notice_a_loss(capsys):
    with serving(victim=UNSAMPLED, lose=150) as relay:
        code, figures = run(capsys, relay, "--workers", "2", *BRIEFLY)

    assert (code, faults_of(figures)) == (1, {"lost": 1})


@pytest.mark.slow
@pytest.mark.parametrize("caps", ["", "echo-message"])
def test_more_than_the_network_takes_at_once_is_not_lost(capsys, caps):
    with serving() as relay:
        words = f"room --port {relay.port} --members 3 --senders 1 --messages 9000 --window 9000"
        code = main([*words.split(), "--text-bytes", "1000", "--caps", caps, "--json"])

    figures = json.loads(capsys.readouterr().out)
    assert (code, faults_of(figures)) == (0, {})
    assert figures["deliveries"] == 9000 * (3 if caps else 2)


@pytest.mark.slow
def test_a_run_that_cannot_be_done_says_why(capsys):
    with serving(hang_up_after=20, victim=LAST) as relay:
        words = f"room --port {relay.port} --members 10 --senders 2 --messages {MESSAGES}"
        code = main(words.split())

    assert code == 2
    assert "closed the connection" in capsys.readouterr().err


def test_a_refusal_is_told(capsys):
    with serving(refuse="465") as relay:
        code = main(["room", "--port", str(relay.port), "--members", "2", "--senders", "1"])

    assert code == 2
    assert "refuses" in capsys.readouterr().err


def test_no_server_is_told(capsys):
    with serving() as relay:
        port = relay.port
    code = main(["room", "--port", str(port)])

    assert code == 2
    assert f"no server at 127.0.0.1 port {port}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", ["--members 2 --senders 3", "--senders 0", "--text-bytes 5", "--workers 200"]
)
def test_an_impossible_plan_is_told(capsys, words):
    assert main(["room", *words.split()]) == 2
    assert "at least" in capsys.readouterr().err


@pytest.mark.slow
def test_bystanders_are_no_members(capsys):
    with serving() as relay:
        code, figures = run(capsys, relay, "--silent", "20", "--stalled", "2")

    assert (code, faults_of(figures)) == (0, {})
    assert figures["deliveries"] == MESSAGES * 9
    assert (figures["silent_connections"], figures["stalled_members"]) == (20, 2)

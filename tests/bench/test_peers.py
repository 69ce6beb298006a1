"""The servers to compare with: what is written for them, how they are started, and that they are ended."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pytest

from chatapp.bench import compare as comparing
from chatapp.bench.caller import BenchError
from chatapp.bench.main import main
from chatapp.bench.peers.chatapp_server import OURS
from chatapp.bench.peers.inspircd import INSPIRCD
from chatapp.bench.peers.nats_server import NATS_SERVER
from chatapp.bench.peers.ngircd import NGIRCD
from chatapp.bench.peers.peer import Peer
from chatapp.bench.peers.table import PEERS
from chatapp.bench.progress import Progress
from chatapp.bench.report import Report
from chatapp.bench.rows import LOADS, Load

SMALL = Load("small", "room", {"members": 4, "senders": 2, "window": 2})


def short_lived(name: str = "short") -> Peer:
    """A server that ends at once, with a last word."""
    words = ("-c", "import sys; sys.exit('no such option')")
    return Peer(name, sys.executable, words, "none")


def written(peer: Peer) -> str:
    (text,) = peer.files(4711).values()
    return text


def test_ours_comes_first_and_names_are_unique():
    assert PEERS[0] is OURS
    assert len({peer.name for peer in PEERS}) == len(PEERS)


@pytest.mark.parametrize("peer", PEERS[1:])
def test_settings_are_for_this_machine_and_port_alone(peer):
    text = written(peer)

    assert "127.0.0.1" in text
    assert "4711" in text
    assert "0.0.0.0" not in text


def test_every_limit_is_lifted():
    assert {"MaxConnections = 0", "MaxConnectionsIP = 0", "MaxPenaltyTime = 0"} <= set(
        written(NGIRCD).splitlines()
    )
    for words in ('fakelag="no"', 'hardsendq="1G"', 'localmax="100000"', 'somaxconn="4096"', 'useident="no"'):
        assert words in written(INSPIRCD)
    assert "max_pending: 1GB" in written(NATS_SERVER)
    assert OURS.environment["CHATAPP_LIMITS__FLOOD_PROTECTION"] == "false"
    assert OURS.environment["CHATAPP_HISTORY__SYNCHRONOUS"] == "full"


def test_a_command_has_its_places_filled_in_and_its_files_written(tmp_path):
    def files(port: int) -> dict[str, str]:
        return {"its.conf": f"port {port}"}

    peer = Peer("x", sys.executable, ("--config", "{folder}/its.conf", "{port}", "{data}"), "", files=files)

    assert peer.command(7, tmp_path)[1:] == ["--config", f"{tmp_path}/its.conf", "7", f"{tmp_path}/data"]
    assert (tmp_path / "its.conf").read_text() == "port 7"


def test_a_missing_server_is_left_out_and_its_installation_told(monkeypatch):
    missing = Peer("missing", "no-such-program-here", (), "apt install missing")
    monkeypatch.setattr(comparing, "measure", lambda *_: pytest.fail("nothing is to be measured"))
    found = comparing.compare([missing], [], 1, 1)

    assert found.rivals == []
    assert "missing is not installed" in found.notes[0]
    assert "apt install missing" in found.notes[0]


def test_who_is_first_changes_from_round_to_round():
    orders = [[p.name for _, p in comparing._in_turns([SMALL], PEERS, number)] for number in range(2)]

    assert orders == [
        ["chatapp", "inspircd", "ngircd", "nats-server"],
        ["inspircd", "ngircd", "nats-server", "chatapp"],
    ]


def test_what_does_not_apply_is_not_measured():
    there = {(load.name, peer.name) for load, peer in comparing._in_turns(LOADS, PEERS, 0)}

    assert ("join-1000", "ngircd") in there
    assert ("join-1000", "nats-server") not in there
    assert [name for load, name in there if load == "idle-tls-2000"] == ["chatapp"]


@pytest.mark.slow
def test_a_server_that_does_not_start_is_noted_and_the_rest_goes_on(tmp_path):
    found = comparing.compare([short_lived(), OURS], [SMALL], 1, 0.1, tmp_path)

    assert "short could not be measured" in found.notes[0]
    assert "no such option" in found.notes[0]
    assert [len(found.reports["small"][name]) for name in ("chatapp",)] == [1]
    assert found.faults == []
    assert list(tmp_path.iterdir()) == []


def commands():
    """How every process of this machine was started."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):  # it has ended meanwhile
                yield (folder / "cmdline").read_text("utf-8", "replace")


class Interrupting(Progress):
    """Ctrl-C once the server is up."""

    def begin(self, doing: str, seconds: float = 0) -> None:
        if doing == "connecting":
            raise KeyboardInterrupt


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the system does not tell")
def test_what_was_started_is_ended_when_somebody_stops_it(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        comparing.measure(OURS, SMALL, 0.1, tmp_path, Interrupting())

    assert not [command for command in commands() if str(tmp_path) in command]


@pytest.mark.slow
def test_another_server_hears_everything_too(tmp_path):
    """The one that comes with the package's own tools; for the rest see tests/interop."""
    report = comparing.measure(NATS_SERVER, SMALL, 0.2, tmp_path)

    assert report.faults == []
    assert report.figures["deliveries"] == 3 * report.figures["messages"]
    assert report.figures["server resident MiB"] > 0


def test_that_ours_could_not_be_measured_is_a_fault_and_the_rest_goes_on(monkeypatch):
    def measure(peer, load, *_):
        if peer is OURS and load is LOADS[0]:
            raise BenchError("it fell")
        return Report(load.name, {"deliveries/s": 1.0})

    monkeypatch.setattr(comparing, "measure", measure)
    found = comparing.compare([OURS], LOADS[:2], 1, 1)

    assert found.faults == ["room-100: chatapp could not be measured: it fell"]
    assert list(found.reports) == [LOADS[1].name]


def test_who_stops_it_gets_what_there_is(monkeypatch):
    told = []

    def measure(peer, load, *_):
        told.append(load.name)
        if len(told) == 3:
            raise KeyboardInterrupt
        return Report(load.name, {"deliveries/s": 1.0})

    monkeypatch.setattr(comparing, "measure", measure)
    found = comparing.compare([OURS], LOADS, 5, 1)

    assert list(found.reports) == [LOADS[0].name, LOADS[1].name]
    assert found.was_stopped
    assert found.notes == ["stopped in round 1 of 5"]


def test_without_our_own_server_there_is_nothing_to_compare(monkeypatch):
    monkeypatch.setattr(comparing, "OURS", Peer("chatapp", "no-such-program-here", (), "pip install chatapp"))
    with pytest.raises(BenchError, match="pip install chatapp"):
        comparing.compare(PEERS, [], 1, 1)


@pytest.mark.parametrize("option", ["--rows", "--peers"])
def test_an_unknown_name_is_told_with_those_there_are(capsys, option):
    assert main(["compare", option, "nothing"]) == 2

    told = capsys.readouterr().err
    assert "there is no nothing" in told
    assert ("room-100" if option == "--rows" else "ngircd") in told

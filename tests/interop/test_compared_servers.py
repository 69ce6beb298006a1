"""The servers that ours is compared with and that are no Python packages: each hears everything."""

from __future__ import annotations

import pytest

from chatapp.bench import compare as comparing
from chatapp.bench.peers.inspircd import INSPIRCD
from chatapp.bench.peers.ngircd import NGIRCD
from chatapp.bench.rows import Load

SMALL = Load("small", "room", {"members": 4, "senders": 2, "window": 2})


@pytest.mark.parametrize("peer", [NGIRCD, INSPIRCD], ids=lambda peer: peer.name)
def test_they_hear_everything_too(tmp_path, peer):
    report = comparing.measure(peer, SMALL, 0.2, tmp_path)

    assert report.faults == []
    assert report.figures["deliveries"] == 3 * report.figures["messages"]
    assert report.figures["server resident MiB"] > 0

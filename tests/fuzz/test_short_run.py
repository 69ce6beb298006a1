"""A short hunt of each target, the same each time; ``python tests/fuzz/run.py`` goes on for longer."""

from __future__ import annotations

import pytest
from fuzz.run import Hunt
from fuzz.targets import TARGETS

#: Those that take a house or a screen for each input have fewer; in all it is some seconds.
INPUTS = {
    "port": 60,
    "irc": 60,
    "websocket": 60,
    "plain": 60,
    "udp": 60,
    "client": 12,
    "screen": 6,
    "books": 2,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_does_harm(name, tmp_path, capsys):
    hunt = Hunt(TARGETS[name], seed=7, folder=tmp_path)
    for _ in range(INPUTS.get(name, 300)):
        hunt.step()
    assert hunt.score.failures == [], capsys.readouterr().out

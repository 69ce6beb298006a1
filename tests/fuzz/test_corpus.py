"""Every input of the corpus does no harm, however the network cuts it; some of them once did."""

from __future__ import annotations

import pytest
from fuzz.target import CORPUS
from fuzz.targets import TARGETS

INPUTS = sorted(CORPUS.glob("*/*.bin"))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
@pytest.mark.parametrize("manner", [b"", b"0", b"7"], ids=["as kept", "whole", "in pieces"])
def test_what_is_kept_does_no_harm(path, manner):
    data = path.read_bytes()
    TARGETS[path.parent.name].run(manner + data[1:] if manner else data)


def test_every_target_has_a_corpus():
    assert {path.parent.name for path in INPUTS} == set(TARGETS)

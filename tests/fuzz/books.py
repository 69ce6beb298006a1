"""Bytes as the seed of people who do everything at once: see `fuzz.test_whole_books`."""

from __future__ import annotations

import hashlib

from fuzz.target import Target
from fuzz.test_whole_books import WholeBooks
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

_SETTINGS = settings(
    max_examples=5,
    stateful_step_count=60,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


def books(data: bytes) -> None:
    """Five stories, which the bytes decide by chance."""

    class Story(WholeBooks):
        """`WholeBooks` with a seed of its own."""

    Story._hypothesis_internal_use_seed = int.from_bytes(hashlib.sha256(data).digest()[:8], "big")
    run_state_machine_as_test(Story, settings=_SETTINGS)


TARGETS = (Target("books", books, (b"a", b"b", b"c", b"1", b"2")),)

"""kill -9 among reactions, deletions, topics, accounts and several lines: what was told holds."""

from __future__ import annotations

import asyncio
import random

import pytest
from system.crash_people import KINDS, cut, judge, kill, play, stop
from system.server_process import ServerProcess

pytestmark = pytest.mark.slow

ROUNDS = 4


@pytest.mark.parametrize(("seed", "end"), [(1, kill), (2, kill), (3, stop), (4, cut)])
def test_what_was_told_holds_after_each_of_many_ends(tmp_path, seed, end):
    dice = random.Random(seed)

    async def story(server):
        told = []
        for number in range(ROUNDS):
            told.append(await play(server, f"#r{number}", dice, end))
            for people in told:
                await judge(server, people)
        return told

    with ServerProcess(tmp_path, ACCOUNTS__PASSWORD_HASH_COST="minimum") as server:
        told = asyncio.run(story(server))
    kinds = {kind for people in told for person in people for _msgid, kind, _text in person.heard}
    assert kinds == KINDS
    assert any(person.account and person.markers for people in told for person in people)

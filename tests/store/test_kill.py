"""What was acknowledged survives kill -9, once and in order."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys

import pytest

from chatapp.core.ports import Span
from chatapp.store.open import open_store

#: Four speakers at once; each prints what was acknowledged, and never more.
WRITER = """
import asyncio, itertools, os, sys
from pathlib import Path
from chatapp.core.message import Message
from chatapp.core.ports import Changes, Kept
from chatapp.store.open import open_store

async def speak(store, stamps, size):
    while True:
        tick = list(itertools.islice(stamps, size))
        await store.history.keep(Changes([Kept("#tea", Message(at, "PRIVMSG", f"line {at}")) for at in tick]))
        os.write(1, f"{tick[0]} {tick[-1]}\\n".encode())

async def empty_log(store):
    while True:
        await store._database.empty_log()
        await asyncio.sleep(0)

async def main():
    store = await open_store(Path(sys.argv[1]), "full")
    stamps = itertools.count(await store.last_stamp() + 1)
    speakers = [speak(store, stamps, size) for size in (1, 7, 40, 300)]
    await asyncio.gather(*speakers, *[empty_log(store)] * (sys.argv[2] == "checkpoints"))

asyncio.run(main())
"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("among", ["messages", "checkpoints"])
def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path, seed, among):
    dice = random.Random(seed)
    acknowledged = set()
    for _ in range(2):  # the second life writes on what the first left behind
        acknowledged |= kill_after(tmp_path, dice.randint(1, 400), among)

    found = asyncio.run(read_all(tmp_path))
    stamps = [message.stamp for message in found]
    assert acknowledged <= set(stamps)
    assert stamps == sorted(set(stamps))
    assert all(message.body == f"line {message.stamp}" for message in found)


def kill_after(path, count, among):
    """Kill a process once it has acknowledged ``count`` ticks; gives the stamps of all it acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), among], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with child:
        lines = [child.stdout.readline() for _ in range(count)]
        child.kill()
        lines += child.stdout.readlines()
        errors = child.stderr.read()
    assert b"Traceback" not in errors, errors.decode()
    spans = [tuple(map(int, line.split())) for line in lines if line.endswith(b"\n")]
    assert len(spans) >= count
    return {stamp for first, last in spans for stamp in range(first, last + 1)}


async def read_all(path):
    store = await open_store(path)
    try:
        return await store.history.read(Span("#tea", limit=10**9))
    finally:
        await store.close()

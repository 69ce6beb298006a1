"""Lines of the input on their way to a loop that may end before them."""

from __future__ import annotations

import asyncio
import gc
import io

from chatapp.client.typed_lines import read_lines


def lines_of(data):
    async def run():
        lines = read_lines(io.BytesIO(data))
        found = []
        while (line := await lines.get()) is not None:
            found.append(line)
        return found

    return asyncio.run(run())


def test_every_line_comes_in_order_and_the_last_needs_no_end():
    assert lines_of("olá\r\n\nb".encode()) == ["olá", "", "b"]
    assert lines_of(b"") == []
    assert lines_of(b"line\n" * 100) == ["line"] * 100


def test_whoever_writes_more_than_is_taken_waits():
    async def run():
        lines = read_lines(io.BytesIO(b"line\n" * 100))
        await asyncio.sleep(0.05)
        return lines.qsize()

    assert asyncio.run(run()) <= 16


def test_a_loop_that_ends_before_the_lines_leaves_nothing_behind():
    async def run(count):
        lines = read_lines(io.BytesIO(b"line\n" * 100))
        for _ in range(count):
            await lines.get()

    for count in range(20):
        asyncio.run(run(count))
    gc.collect()  # A coroutine that nobody ran would be told here.

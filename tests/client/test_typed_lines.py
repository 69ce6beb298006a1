"""Lines of the input on their way to a loop that may end before them."""

from __future__ import annotations

import asyncio
import gc
import io

import noticing

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


class Writer:
    """Whoever writes 100 lines, each when it is asked for."""

    def __init__(self):
        self.asked = 0

    def read(self, _size):
        self.asked += 1
        return b"line\n" if self.asked <= 100 else b""


def test_whoever_writes_more_than_is_taken_waits():
    async def run():
        writer = Writer()
        lines = read_lines(writer)
        for taken in range(100):
            waiting = min(16, 101 - taken)  # the end is one, too
            await noticing.until(lambda: lines.qsize() >= waiting)  # noqa: B023
            assert lines.qsize() == waiting
            assert writer.asked <= taken + 17
            assert await lines.get() == "line"
        assert await lines.get() is None

    noticing.run(run())


def test_a_loop_that_ends_before_the_lines_leaves_nothing_behind():
    async def run(count):
        lines = read_lines(io.BytesIO(b"line\n" * 100))
        for _ in range(count):
            await lines.get()

    for count in range(20):
        asyncio.run(run(count))
    gc.collect()  # A coroutine that nobody ran would be told here.

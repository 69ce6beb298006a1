"""A terminal that is written to without waiting: all of it arrives, in order (Unix only)."""

from __future__ import annotations

import asyncio
import fcntl
import io
import os
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("a pipe cannot be waited for here", allow_module_level=True)

from chatapp.client.screen.paper import OwnDescriptor, PatientThread, open_paper

MUCH = 300_000


class Pipe:
    """Stands in for a terminal; what arrives is read from ``reading``."""

    encoding = "utf-8"

    def __init__(self):
        self.reading, self.writing = os.pipe()

    def fileno(self):
        return self.writing

    def read(self, size):
        data = b""
        while len(data) < size:
            data += os.read(self.reading, size - len(data))
        return data


def own_descriptor(pipe):
    descriptor = os.open(f"/dev/fd/{pipe.writing}", os.O_WRONLY | os.O_NONBLOCK)
    return OwnDescriptor(pipe, descriptor)


@pytest.fixture
def pipe():
    pipe = Pipe()
    yield pipe
    os.close(pipe.reading)
    os.close(pipe.writing)


@pytest.fixture(params=[own_descriptor, PatientThread])
def make(request):
    return request.param


def test_all_arrives_in_order_however_late_it_is_read(pipe, make):
    texts = [f"picture {number} ção\n" * 200 for number in range(100)]
    whole = "".join(texts).encode()

    async def write():
        paper = make(pipe)
        drained = asyncio.Event()
        paper.on_drained = drained.set
        for text in texts:
            assert paper.write(text) == len(text)
            paper.flush()
        assert paper.is_draining
        assert await asyncio.to_thread(pipe.read, len(whole)) == whole
        await drained.wait()
        assert not paper.is_draining
        paper.close()

    asyncio.run(write())


def test_the_end_is_not_waited_for_for_ever(pipe, make, monkeypatch):
    monkeypatch.setattr("chatapp.client.screen.paper.FAREWELL", 0.01)

    async def write():
        paper = make(pipe)
        paper.write("x" * MUCH)
        paper.settle(0.01)
        assert paper.is_draining
        paper.close()
        return paper

    paper = asyncio.run(write())
    if isinstance(paper, PatientThread):
        assert pipe.read(MUCH) == b"x" * MUCH
        paper._thread.join()


def test_before_we_are_stopped_all_is_written(pipe, make):
    async def write():
        paper = make(pipe)
        paper.write("x" * MUCH)
        reading = asyncio.get_running_loop().run_in_executor(None, pipe.read, MUCH)
        await asyncio.sleep(0)
        paper.settle(20.0)
        assert not paper.is_draining
        assert len(await reading) == MUCH
        paper.write("y")
        paper.settle()
        assert pipe.read(1) == b"y"
        paper.close()

    asyncio.run(write())


def test_a_terminal_that_is_gone_is_no_mistake(pipe, make):
    async def write():
        paper = make(pipe)
        os.close(pipe.reading)
        paper.write("hello")
        paper.settle()
        paper.write("again")
        paper.close()

    asyncio.run(write())
    pipe.reading = os.dup(pipe.writing)


def test_what_cannot_be_written_in_its_encoding_becomes_a_mark(pipe, make):
    pipe.encoding = "ascii"

    async def write():
        paper = make(pipe)
        paper.write("ção\ud800")
        paper.close()

    asyncio.run(write())
    assert pipe.read(4) == b"??o?"


def test_without_a_loop_it_is_waited_for(pipe):
    paper = own_descriptor(pipe)
    paper.write("hello")
    assert not paper.is_draining
    paper.close()
    assert pipe.read(5) == b"hello"


def test_where_the_loop_cannot_watch_the_terminal_we_look_ourselves(pipe, monkeypatch):
    async def write():
        def refuse(*_about):
            raise OSError

        monkeypatch.setattr(asyncio.get_running_loop(), "add_writer", refuse, raising=False)
        paper = own_descriptor(pipe)
        drained = asyncio.Event()
        paper.on_drained = drained.set
        paper.write("x" * MUCH)
        assert len(await asyncio.to_thread(pipe.read, MUCH)) == MUCH
        await drained.wait()
        paper.close()

    asyncio.run(write())


def test_nobody_else_can_make_it_block(pipe, make):
    async def write():
        paper = make(pipe)
        output = paper.output()
        with pytest.raises(io.UnsupportedOperation):
            output.fileno()
        output.write("hello")
        output.flush()
        paper.settle()
        paper.close()

    was_blocking = os.get_blocking(pipe.writing)
    asyncio.run(write())
    assert pipe.read(5) == b"hello"
    assert os.get_blocking(pipe.writing) == was_blocking


def test_a_terminal_is_opened_once_more_and_stays_as_it_is(monkeypatch):
    master, slave = os.openpty()
    with os.fdopen(slave, "w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        paper = open_paper()
        assert isinstance(paper, OwnDescriptor)
        assert not fcntl.fcntl(slave, fcntl.F_GETFL) & os.O_NONBLOCK
        assert paper.output().get_size().rows == 24
        paper.write("hello")
        paper.close()
        assert os.read(master, 5) == b"hello"
    os.close(master)


def test_where_it_cannot_be_opened_a_thread_writes(pipe, monkeypatch):
    with os.fdopen(os.dup(pipe.writing), "w") as no_terminal:
        monkeypatch.setattr(sys, "stdout", no_terminal)
        paper = open_paper()
        assert isinstance(paper, PatientThread)
        paper.close()

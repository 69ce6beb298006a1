"""A terminal that is written to by a thread: all of it, in order, and nobody waits for it (Unix only)."""

from __future__ import annotations

import os
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("a pipe cannot be waited for here", allow_module_level=True)

from chatapp.client.screen.paper import BEHIND_BYTES, PatientTerminal


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


@pytest.fixture
def pipe():
    pipe = Pipe()
    yield pipe
    os.close(pipe.reading)
    os.close(pipe.writing)


@pytest.mark.parametrize("blocks", [True, False])
def test_all_arrives_in_order_however_late_it_is_read(pipe, blocks):
    os.set_blocking(pipe.writing, blocks)
    terminal = PatientTerminal(pipe)
    texts = [f"picture {number} ção\n" * 200 for number in range(100)]
    for text in texts:
        assert terminal.write(text) == len(text)
        terminal.flush()

    assert terminal.is_behind
    whole = "".join(texts).encode()
    assert pipe.read(len(whole)) == whole
    terminal.close()
    assert not terminal.is_behind


def test_the_end_is_not_waited_for_for_ever(pipe, monkeypatch):
    monkeypatch.setattr("chatapp.client.screen.paper.FAREWELL", 0.01)
    terminal = PatientTerminal(pipe)
    terminal.write("x" * BEHIND_BYTES * 3)

    terminal.close()

    assert terminal.is_behind
    assert len(pipe.read(BEHIND_BYTES * 3)) == BEHIND_BYTES * 3
    terminal._thread.join()


def test_a_terminal_that_is_gone_is_no_mistake(pipe):
    os.close(pipe.reading)
    terminal = PatientTerminal(pipe)
    terminal.write("hello")

    terminal.close()

    assert not terminal._thread.is_alive()
    pipe.reading = os.dup(pipe.writing)


def test_what_cannot_be_written_in_its_encoding_becomes_a_mark(pipe):
    pipe.encoding = "ascii"
    terminal = PatientTerminal(pipe)
    terminal.write("ção")
    terminal.close()

    assert pipe.read(3) == b"??o"


def test_prompt_toolkit_takes_it_for_a_terminal(pipe):
    terminal = PatientTerminal(pipe)
    output = terminal.output()
    output.write("hello")
    output.flush()
    terminal.close()

    assert output.fileno() == pipe.fileno()
    assert pipe.read(5) == b"hello"

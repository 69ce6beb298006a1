"""The line that tells how far a run is."""

from __future__ import annotations

import io
import threading

from chatapp.bench.progress import Progress, draw


class Terminal(io.StringIO):
    def __init__(self) -> None:
        super().__init__()
        self.was_written = threading.Event()

    def write(self, text: str) -> int:
        self.was_written.set()
        return super().write(text)

    def isatty(self) -> bool:
        return True


def test_a_known_duration_has_a_bar():
    assert draw("2/5", "speaking", 1.5, 3, 80) == "2/5 · speaking  [##########----------] 2/3 s"
    assert draw("", "speaking", 9, 3, 80) == "speaking  [####################] 3/3 s"


def test_an_unknown_duration_has_seconds_once_there_are_any():
    assert draw("", "joining", 0.5, 0, 80) == "joining"
    assert draw("", "joining", 12, 0, 80) == "joining  12 s"


def test_it_stays_one_line():
    assert draw("room-100", "speaking", 1, 3, 12) == "room-100 · "


def test_the_line_is_gone_at_the_end():
    terminal = Terminal()
    with Progress(terminal, 0.001) as progress:
        progress.begin("joining")
        assert terminal.was_written.wait(60)

    assert terminal.getvalue() == "\rjoining\x1b[K\r\x1b[K"


def test_where_nothing_was_shown_nothing_is_taken_away():
    terminal = Terminal()
    with Progress(terminal, 60):
        pass

    assert terminal.getvalue() == ""


def test_where_there_is_no_terminal_nothing_is_written():
    pipe = io.StringIO()
    with Progress(pipe) as progress:
        progress.begin("speaking", 3)

    assert pipe.getvalue() == ""

"""The line that tells how far a run is."""

from __future__ import annotations

import io

from chatapp.bench.progress import Progress, draw


class Terminal(io.StringIO):
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
    with Progress(terminal) as progress:
        progress.begin("speaking", 3)

    assert terminal.getvalue().endswith("\r\x1b[K")
    assert "\n" not in terminal.getvalue()


def test_where_there_is_no_terminal_nothing_is_written():
    pipe = io.StringIO()
    with Progress(pipe) as progress:
        progress.begin("speaking", 3)

    assert pipe.getvalue() == ""

"""Text for people, on a terminal and elsewhere."""

from __future__ import annotations

import io

import pytest

from chatapp.server.fitting import fitted

PATH = "/var/lib/" + "long-name-" * 6
TEXT = f"""Take care: others on the network can read what they read.

    chat-client --host localhost --port 12345 --name Ana
The data is in {PATH}, which nobody else may read"""


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")


def test_on_a_terminal_rows_end_between_words_and_what_is_copied_stays_whole():
    assert fitted(TEXT, Terminal()).split("\n") == [
        "Take care: others on the network can",
        "read what they read.",
        "",
        "    chat-client --host localhost --port 12345 --name Ana",
        "The data is in",
        f"{PATH},",
        "which nobody else may read",
    ]


def test_elsewhere_it_is_as_it_is():
    assert fitted(TEXT, io.StringIO()) == TEXT

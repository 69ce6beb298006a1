"""Measure a server with a long history: to listening, a page of it from anywhere, and what a search takes.

``python tests/bench/history.py --help``. The messages are put into the database before the server opens it;
then one client asks, one question after the other. Unix only.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.terminal_report import percentile
from ports import free_port

_ROOM = "#long"
#: Microseconds between two messages.
_APART = 900_000
_WORDS_OF_A_MESSAGE, _VOCABULARY = 8, 20_000
_LIMITS = {"CHATAPP_LIMITS__FLOOD_PROTECTION": "false", "PYTHONDONTWRITEBYTECODE": ""}


class Talk:
    """Messages from many people; a few words are in nearly every one, most are rare."""

    def __init__(self, count: int) -> None:
        self._dice = random.Random(1)
        letters = "abcdefghijklmnopqrstuvwxyz"
        lengths = [self._dice.randint(3, 9) for _ in range(_VOCABULARY)]
        self.words = ["".join(self._dice.choices(letters, k=length)) for length in lengths]
        self.count = count
        self._first = int(time.time() * 1e6) - count * _APART

    def rows(self, conversation: int) -> Iterator[tuple[int, int, str]]:
        """As the database keeps them."""
        for number in range(self.count):
            places = (int(self._dice.paretovariate(0.6)) for _ in range(_WORDS_OF_A_MESSAGE))
            text = " ".join(self.words[place % _VOCABULARY] for place in places)
            body = f":n{number % 100}!u@127.0.0.1 PRIVMSG {_ROOM} :{text}"
            yield conversation, self._first + number * _APART, body

    def moment(self) -> str:
        """Some moment of it, as CHATHISTORY wants it."""
        stamp = self._first + self._dice.randrange(self.count) * _APART
        return datetime.fromtimestamp(stamp / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def word(self, first: int, end: int) -> str:
        """One of the words that stand there in the order of how common they are."""
        return self.words[self._dice.randrange(first, end)]


@contextmanager
def served(folder: str) -> Iterator[tuple[int, float]]:
    """A server over the data in ``folder``: its port, and the seconds from its command to listening."""
    port = free_port()
    where = ["--host", "127.0.0.1", "--port", str(port), "--data-dir", folder, "--no-console"]
    command = [sys.executable, "-m", "chatapp", "server", *where]
    began = time.monotonic()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, env={**os.environ, **_LIMITS}, stdin=quiet, stdout=quiet, stderr=quiet
    )
    try:
        while not _is_listening(port):
            with suppress(subprocess.TimeoutExpired):
                raise ChildProcessError(f"the server has ended: {process.wait(0.002)}")
        yield port, time.monotonic() - began
    finally:
        process.terminate()
        process.wait()


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Asker:
    """A client in the room, who asks and waits for the answer."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._lines = self._socket.makefile("rb")
        self.ask("CAP REQ :batch message-tags server-time draft/chathistory", "NICK me", "USER me 0 * me")
        self.ask("CAP END", f"JOIN {_ROOM}")

    def ask(self, *questions: str) -> tuple[float, int]:
        """Ask; how many seconds the answer took, and how many lines it has."""
        began = time.perf_counter()
        self._socket.sendall("".join(f"{line}\r\n" for line in (*questions, "PING end")).encode())
        lines = 0
        while True:
            line = self._lines.readline()
            if not line:
                raise ConnectionError("the server has ended it")
            if line.startswith(b"PING "):
                self._socket.sendall(b"PONG" + line[4:])
                continue
            if b" PONG " in line and line.rstrip().endswith(b":end"):
                return time.perf_counter() - began, lines
            lines += 1

    def close(self) -> None:
        """Leave."""
        self._lines.close()
        self._socket.close()


def main() -> int:
    """Measure, and print a table; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--messages", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--questions", type=int, default=200, metavar="N", help="of each kind")
    args = parser.parse_args()
    talk = Talk(args.messages)
    with tempfile.TemporaryDirectory() as folder:
        with served(folder) as (_port, seconds):
            print(f"from the command to listening, nothing there yet: {seconds:.2f} s")
        _fill(Path(folder) / "chat.db", talk)
        with served(folder) as (_port, seconds):
            print(f"the same with {talk.count:,} messages: {seconds:.2f} s")
        with served(folder) as (port, _seconds), closing(Asker(port)) as asker:
            _measure(asker, talk, args.questions)
    return 0


def _fill(database: Path, talk: Talk) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        given = connection.execute("INSERT INTO conversation (key) VALUES (?)", (_ROOM,)).lastrowid
        assert given is not None
        connection.executemany("INSERT INTO message VALUES (?, ?, 0, 'PRIVMSG', ?, '', '')", talk.rows(given))


def _measure(asker: Asker, talk: Talk, count: int) -> None:
    print("\n| question | p50 | p99 | max (ms) | lines |\n| --- | --- | --- | --- | --- |")

    def row(name: str, question: Callable[[], str], count: int = count) -> None:
        answers = [asker.ask(question()) for _ in range(count)]
        times = [1000 * seconds for seconds, _lines in answers]
        lines = sum(lines for _seconds, lines in answers) / count
        shares = " | ".join(f"{percentile(times, share):.1f}" for share in (0.5, 0.99, 1.0))
        print(f"| {name} | {shares} | {lines:.0f} |", flush=True)

    def search(first: int, end: int) -> str:
        return f"SEARCH in={_ROOM};text={talk.word(first, end)};limit=50"

    before = f"CHATHISTORY BEFORE {_ROOM} timestamp={{}} 50"
    row("CHATHISTORY LATEST, 50", lambda: f"CHATHISTORY LATEST {_ROOM} * 50")
    row("CHATHISTORY BEFORE, 50, anywhere", lambda: before.format(talk.moment()))
    row("SEARCH, the first in the room: a common word", lambda: search(1, 2), 1)
    nobody_said = f"SEARCH in={_ROOM};text=neverneversaid;limit=50"
    row("SEARCH, the first for what nobody said, so that all is entered", lambda: nobody_said, 1)
    row("SEARCH, a rare word", lambda: search(5_000, _VOCABULARY))
    row("SEARCH, one of the five commonest", lambda: search(1, 6))
    row("SEARCH, by a person, no words", lambda: f"SEARCH in={_ROOM};from=n42;limit=50")


if __name__ == "__main__":
    sys.exit(main())

"""A clock that is set back and ahead while people talk: does the order hold, and is anybody put out for it?

``python tests/bench/soak_clock.py``. Needs Debian's package faketime, which lies to the server about the time
of day and not about the time that passes. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.soak_guests import Books
from bench.soak_house import House, house
from bench.soak_members import Member, history_of, in_the_lobby, talk, tell

from chatapp.core.stamp import parse_msgid
from chatapp.irc.line import Line

_MEMBERS = 10
_LIMITS = {"CHATAPP_LIMITS__PING_INTERVAL": "3", "CHATAPP_LIMITS__PING_TIMEOUT": "3"}
_LIBRARY = "libfaketimeMT.so.1"


class Watcher(Member):
    """Notes ids and times too, and how often it was asked for a sign of life."""

    def __init__(self, books: Books, nick: str) -> None:
        super().__init__(books, nick)
        self.marks: list[tuple[int, str]] = []
        self.pings = 0

    def _hear(self, line: Line) -> None:
        if line.command == "PRIVMSG":
            self.marks.append((parse_msgid(line.tags["msgid"]), line.tags["time"]))
        self.pings += line.command == "PING"
        super()._hear(line)


async def soak(
    server: House, set_clock: Callable[[str], object], args: argparse.Namespace
) -> dict[str, object]:
    """Talk while the clock is set to each of the shifts; what was found."""
    books, said = Books(), 0
    members = [Watcher(books, f"m{number}") for number in range(_MEMBERS)]
    seen = []
    async with in_the_lobby(members, server.port):
        for shift in args.shifts:
            set_clock(shift)
            said = await talk(members, said, args.seconds, args.rate, "bom dia")
            await members[0].is_answered()
            seen.append(f"{shift}: {members[0].marks[-1][1]}")
        for member in members:
            await member.is_answered()
        history = await history_of(server.port)
    for member in members:
        if not len(member.heard) == len(history) == said or member.heard != history:
            books.fault(f"{member.nick} heard {len(member.heard)} of {said}, the history has {len(history)}")
        if any(earlier[0] >= later[0] or earlier[1] > later[1] for earlier, later in pairwise(member.marks)):
            books.fault(f"{member.nick} heard ids or times that do not rise")
    return {
        "said, kept, heard by all": said,
        "last time told at each shift": seen,
        "signs of life asked for": sum(member.pings for member in members),
        "faults": books.faults,
    }


def main(words: list[str] | None = None) -> int:
    """Soak, and print what was found; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shifts", nargs="+", default=["+0", "-1h", "+0", "+1d", "+0", "-1h", "+30d"])
    parser.add_argument("--seconds", type=float, default=8, help="that each shift lasts")
    parser.add_argument("--rate", type=int, default=200, help="messages a second")
    args = parser.parse_args(words)
    library = next(Path("/usr/lib").glob(f"*/faketime/{_LIBRARY}"), None)
    if library is None:
        print("there is no libfaketime here: apt-get install faketime", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="soak-clock-") as folder:
        clock = Path(folder) / "clock"
        clock.write_text("+0\n")
        lies = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"}
        lies |= {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
        with house(Path(folder), **lies, **_LIMITS) as server:
            found = asyncio.run(soak(server, lambda shift: clock.write_text(f"{shift}\n"), args))
    return tell(found)


if __name__ == "__main__":
    sys.exit(main())

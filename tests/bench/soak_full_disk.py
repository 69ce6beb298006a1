"""A disk that is filled to the last byte while people talk, and emptied again, some times: what is lost?

``python tests/bench/soak_full_disk.py``. The disk is one of 100 MB in memory, which only root can make.
Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.soak_guests import Books
from bench.soak_house import House, house
from bench.soak_members import Member, history_of, in_the_lobby, talk, tell

_MEMBERS, _MEGABYTES = 10, 100


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of `_MEGABYTES` at ``folder``."""
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_MEGABYTES}m", "soak", os.fspath(folder)], check=True
    )
    try:
        yield
    finally:
        subprocess.run(["umount", os.fspath(folder)], check=True)


def fill(place: Path) -> None:
    """Leave no byte free."""
    with suppress(OSError), place.open("ab", buffering=0) as file:
        while True:
            file.write(bytes(4096))


async def soak(server: House, room: Callable[[bool], object], args: argparse.Namespace) -> dict[str, object]:
    """Talk while the disk is full and empty by turns; what was found."""
    books, said = Books(), 0
    members = [Member(books, f"m{number}") for number in range(_MEMBERS)]
    async with in_the_lobby(members, server.port):
        for turn in range(2 * args.times + 1):
            room(turn % 2 == 0)
            said = await talk(members, said, args.seconds, args.rate, "x" * 300)
        for member in members:
            await member.is_answered()
        history = await history_of(server.port)
    for member in members:
        if member.heard != history:
            books.fault(f"{member.nick} heard {len(member.heard)}, the history has {len(history)}")
    if len(set(history)) != len(history):
        books.fault("something is in the history twice")
    told = sum((member.told for member in members), Counter[str]())
    refused = sum(count for words, count in told.items() if words.startswith("404"))
    if len(history) + refused != said:
        books.fault(f"{said} said, {len(history)} kept, {refused} refused")
    return {
        "times": args.times,
        "said": said,
        "kept, heard by all": len(history),
        "told": dict(told),
        "in the log": server.log()[2:],
        "faults": books.faults,
    }


def main(words: list[str] | None = None) -> int:
    """Soak, and print what was found; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10, help="so often the disk is filled")
    parser.add_argument("--seconds", type=float, default=4, help="that it stays full, and then empty")
    parser.add_argument("--rate", type=int, default=200, help="messages a second")
    args = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="soak-full-") as name, small_disk(folder := Path(name)):
        ballast = folder / "ballast"

        def room(is_there: bool) -> None:
            if is_there:
                ballast.unlink(missing_ok=True)
            else:
                fill(ballast)

        with house(folder) as server:
            found = asyncio.run(soak(server, room, args))
    return tell(found)


if __name__ == "__main__":
    sys.exit(main())

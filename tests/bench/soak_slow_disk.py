"""A disk that becomes slow, and fast again: how late is what is said, who is put out for it, what is told?

``python tests/bench/soak_slow_disk.py``. A thread of the server sleeps before each commit, as it would for
a busy disk. Who is silent for 6 seconds is asked for a sign of life and has 6 more: less than the disk takes.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.soak_guests import LOBBY, Books, Guest
from bench.soak_house import House, house
from bench.soak_members import in_the_lobby, tell
from bench.soak_ways import Gone, Tcp
from bench.terminal_report import percentile

from chatapp.irc.line import Line

_MEMBERS, _SPEAKERS = 30, 5
_LIMITS = {"CHATAPP_LIMITS__PING_INTERVAL": "6", "CHATAPP_LIMITS__PING_TIMEOUT": "6"}
_SAID_AT = re.compile(r"at (\d+)$")


class Listener(Guest):
    """Notes how late everything comes, and what the server itself says."""

    def __init__(self, books: Books, nick: str) -> None:
        super().__init__(books, Tcp(), nick, random.Random(nick))
        self.late: list[float] = []
        self.notices: list[str] = []

    def _hear(self, line: Line) -> None:
        super()._hear(line)
        if line.command == "PRIVMSG" and (found := _SAID_AT.search(line.param(1))):
            self.late.append(time.monotonic() - int(found[1]) / 1e6)
        elif line.command == "NOTICE" and "disk" in line.param(1):
            self.notices.append(line.param(1))
        elif line.command == "ERROR":
            self._books.fault(f"{self.nick} was put out: {line.param(0)}")


BeSlow = Callable[[float], object]


async def soak(server: House, be_slow: BeSlow, args: argparse.Namespace) -> dict[str, object]:
    """Talk while the disk is as slow as each delay for so long; what was found."""
    books, sent = Books(), [0] * _SPEAKERS
    members = [Listener(books, f"m{number}") for number in range(_MEMBERS)]
    phases = []
    async with in_the_lobby(members, server.port):
        for delay in args.delays:
            be_slow(delay)
            phases.append({"seconds a commit": delay, **await phase(server, members, sent, args)})
        be_slow(0)
        for member in members:
            with suppress(Gone):
                await member.is_answered()
    if any(member.ear.heard != sum(sent) for member in members):
        books.fault(f"of {sum(sent)} messages were heard {sorted({member.ear.heard for member in members})}")
    notices = [notice for member in members for notice in member.notices]
    return {
        "said": sum(sent),
        "phases": phases,
        "told to each": {words: notices.count(words) / _MEMBERS for words in sorted(set(notices))},
        "in the log": [line for line in server.log() if "disk" in line],
        "faults": books.faults,
    }


async def phase(
    server: House, members: Sequence[Listener], sent: list[int], args: argparse.Namespace
) -> dict[str, object]:
    """Talk for so long; how late it came, and the most memory that the server had."""
    until, most = time.monotonic() + args.seconds, 0
    while time.monotonic() < until:
        for number in range(_SPEAKERS):
            sent[number] += 1
            now = int(time.monotonic() * 1e6)
            members[number].way.say(f"PRIVMSG {LOBBY} :n{number}.{sent[number]} bom dia at {now}")
        most = max(most, server.sample().resident)
        await asyncio.sleep(_SPEAKERS / args.rate)
    late = sorted(moment for member in members for moment in member.late)
    for member in members:
        member.late.clear()
    return {
        "deliveries": len(late),
        "late ms p50": round(1000 * percentile(late, 0.5), 1) if late else None,
        "late ms p99": round(1000 * percentile(late, 0.99), 1) if late else None,
        "MiB": round(most / 2**20, 1),
    }


def main(words: list[str] | None = None) -> int:
    """Soak, and print what was found; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delays", type=float, nargs="+", default=[0, 0.05, 0.5, 3, 15, 0])
    parser.add_argument("--seconds", type=float, default=20, help="for each of the delays")
    parser.add_argument("--rate", type=int, default=100, help="messages a second")
    args = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="soak-slow-") as folder:
        slow = Path(folder) / "slow"
        with house(Path(folder), SOAK_SLOW=str(slow), **_LIMITS) as server:
            found = asyncio.run(soak(server, lambda delay: slow.write_text(f"{delay}"), args))
    return tell(found)


if __name__ == "__main__":
    sys.exit(main())

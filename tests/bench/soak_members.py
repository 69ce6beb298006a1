"""Who stays in the lobby of a soak and remembers all that is said there, and what the history has of it."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bench.soak_guests import LOBBY, Books, Guest
from bench.soak_ways import Tcp

from chatapp.irc.line import Line, parse_line

_SPEAKERS = 4


class Member(Guest):
    """Remembers all that is said, and what it is told of the disk."""

    def __init__(self, books: Books, nick: str) -> None:
        super().__init__(books, Tcp(), nick, random.Random(nick))
        self.heard: list[str] = []
        self.told: Counter[str] = Counter()

    def _hear(self, line: Line) -> None:
        match line.command:
            case "PRIVMSG":
                self.heard.append(line.param(1))
            case "NOTICE" | "404" if "disk" in line.params[-1]:
                self.told[f"{line.command} {line.params[-1]}"] += 1
            case "ERROR":
                self._books.fault(f"{self.nick} was put out: {line.param(0)}")
            case _:
                super()._hear(line)


@asynccontextmanager
async def in_the_lobby(members: Sequence[Guest], port: int) -> AsyncIterator[None]:
    """Have ``members`` come in, and at the end let go of them."""
    try:
        for member in members:
            await member.come_in(port)
            member.join(LOBBY)
            await member.is_answered()
        yield
        for member in members:
            await member.way.close()
    finally:
        for member in members:
            await member.end()


async def talk(members: Sequence[Guest], said: int, seconds: float, rate: float, words: str) -> int:
    """Have the first of ``members`` say ``words`` for so long, ``rate`` times a second in all.

    Each message begins with a number, those after ``said``; gives back the last one.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        said += 1
        members[said % _SPEAKERS].way.say(f"PRIVMSG {LOBBY} :{said} {words}")
        await asyncio.sleep(1 / rate)
    return said


async def history_of(port: int) -> list[str]:
    """All that was said in the lobby, page by page."""
    way, pages = Tcp(), [["anything"]]
    await way.open(port)
    way.say("CAP REQ :batch message-tags draft/chathistory", "NICK reader", "USER r 0 * :r", "CAP END")
    way.say(f"JOIN {LOBBY}", f"CHATHISTORY LATEST {LOBBY} * 1000", "PING page")
    while pages[-1]:
        page, first = [], ""
        while (line := parse_line(await way.line())).command != "PONG":
            if line.command == "PRIVMSG" and "batch" in line.tags:
                first = first or line.tags["msgid"]
                page.append(line.param(1))
        pages.append(page)
        way.say(f"CHATHISTORY BEFORE {LOBBY} msgid={first or 1} 1000", "PING page")
    await way.close()
    return [text for page in pages[:0:-1] for text in page]


def tell(found: dict[str, object]) -> int:
    """Print what a soak has ``found``; the exit code."""
    print(json.dumps(found, indent=2, ensure_ascii=False))
    return 1 if found["faults"] else 0

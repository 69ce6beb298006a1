"""A soak: people come and go by every way in while some stay, talk and count; what is left of them?

``python tests/bench/soak.py --minutes 30``. The server's memory is looked at all the time; files, tasks,
timers, threads and objects when nobody is there, before and after. Exit code 1 if anything was lost, doubled
or left. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.soak_guests import LOBBY, Books, Ear, Guest, stall, visit
from bench.soak_house import House, Sample, house, slope
from bench.soak_members import history_of, tell
from bench.soak_ways import PROSE, Tcp, Tls, Udp, Web

from chatapp.server.proofs import THREADS

_SPEAKERS, _STALLED = 4, 3
#: Visits at the same time at most: where the machine has no time for more, fewer come.
_AT_ONCE = 100
#: Seconds between two looks at the server, and after which all that anybody left must be gone.
_BETWEEN, _REST = 5.0, 120.0
#: Threads that start when they are needed and stay: those that hash passwords, and the loop's own, of which
#: there is one job at a time (what is free is given back). So many may there be, however long it soaks.
_POOLS = {"passwords": THREADS, "asyncio": 1, "uvloop": 1}
#: Objects of one kind that may be more at the end: what the server remembers of the last ones.
_SLACK = 20
#: MiB an hour that the memory may grow by.
_GROWTH = 24.0


class Soak:
    """One run against ``house``."""

    def __init__(self, house: House, args: argparse.Namespace) -> None:
        self.books = Books()
        self.samples: list[Sample] = []
        self.sent = [0] * _SPEAKERS
        self._house = house
        self._args = args
        self._dice = random.Random(args.seed)
        self._ports = (house.port, house.udp_port)

    async def run(self) -> dict[str, object]:
        """Warm up, look, soak, look again; what was found."""
        await self._party(self._args.warm_up * 60)
        before = await self._when_all_are_gone()
        self.samples.clear()
        await self._party(self._args.minutes * 60)
        after = await self._when_all_are_gone(before)
        await self._check_history()
        return self._report(before, after)

    async def _party(self, seconds: float) -> None:
        """Speakers, listeners, visits and stalled readers, for so long."""
        port = self._house.port
        staying = [Guest(self.books, Tcp(), f"speaker{n}", self._dice) for n in range(_SPEAKERS)]
        staying += [
            Guest(self.books, way, f"by{type(way).__name__}", self._dice) for way in (Tcp(), Tls(), Web())
        ]
        for guest in staying:
            await guest.come_in(port)
            guest.join(LOBBY)
            await guest.is_answered()
        others = [self._listen_by_nc(), self._listen_by_udp(), self._look(seconds), self._visits(seconds)]
        others += [self._stall() for _ in range(_STALLED)]
        tasks = [asyncio.create_task(other) for other in others]
        await asyncio.gather(*(self._speak(n, staying[n], seconds) for n in range(_SPEAKERS)), tasks[3])
        for guest in staying:
            await guest.is_answered()
        await asyncio.sleep(1)
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                self.books.fault(f"a listener has ended: {outcome!r}")
        counts = {guest.ear.heard for guest in staying}
        if counts != {max(counts)} or (seconds > 0 and not max(counts)):
            self.books.fault(f"who was there from the beginning heard {sorted(counts)} messages")
        for guest in staying:
            await guest.way.close()
            await guest.end()

    async def _speak(self, number: int, guest: Guest, seconds: float) -> None:
        began, said = time.monotonic(), 0
        while (passed := time.monotonic() - began) < seconds:
            due = int(passed * self._args.rate / _SPEAKERS)
            texts = range(self.sent[number] + 1, self.sent[number] + due - said + 1)
            guest.way.say(*(f"PRIVMSG {LOBBY} :n{number}.{each} bom dia a todos" for each in texts))
            self.sent[number] += due - said
            said = due
            await asyncio.sleep(0.02)

    async def _listen_by_nc(self) -> None:
        ear, nc = Ear(self.books), Tcp()
        await nc.open(self._house.port)
        nc.say("byNc")
        try:
            while True:
                if said := PROSE.fullmatch(await nc.line()):
                    ear.hear(said[2], "byNc")
        finally:
            await nc.close()

    async def _listen_by_udp(self) -> None:
        ear, client = Ear(self.books), Udp("byUdp", LOBBY)
        await client.open(self._house.udp_port)
        try:
            while True:
                await asyncio.sleep(0.5)
                for text in client.heard():
                    ear.hear(text, "byUdp")
        finally:
            await client.close()

    async def _stall(self) -> None:
        while True:
            with suppress(OSError):
                await stall(self.books, self._house.port, self._dice)

    async def _visits(self, seconds: float) -> None:
        began, made = time.monotonic(), 0
        under_way: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as visits:
            while (passed := time.monotonic() - began) < seconds:
                while made < passed * self._args.churn:
                    made += 1
                    if len(under_way) < _AT_ONCE:
                        under_way.add(task := visits.create_task(visit(self.books, self._ports, self._dice)))
                        task.add_done_callback(under_way.discard)
                    else:
                        self.books.counts["visits left out, as so many were there"] += 1
                await asyncio.sleep(0.02)

    async def _look(self, seconds: float) -> None:
        while True:
            self.samples.append(sample := self._house.sample())
            if len(self.samples) % 12 == 1:
                words = f"{sample.at:6.0f} s  {sample.resident / 2**20:6.1f} MiB  {sample.files:4} files"
                done = f"  {self.books.counts['heard']:,} heard  {self.books.counts['faults']} faults"
                print(words + done, file=sys.stderr, flush=True)
            if len(self.samples) % 60 == 1:
                print(_in_short(await asyncio.to_thread(self._house.inventory)), file=sys.stderr, flush=True)
            await asyncio.sleep(_BETWEEN)

    async def _when_all_are_gone(self, before: dict[str, object] | None = None) -> dict[str, object]:
        """What is in the server when nobody is; it may take a while, at most until it is as ``before``."""
        until = time.monotonic() + (_REST if before else _REST / 4)
        await asyncio.sleep(10)
        while True:
            found = await asyncio.to_thread(self._house.inventory)
            found["files"] = self._house.sample().files
            found["resident"] = self._house.sample().resident
            if time.monotonic() > until or (before is not None and not left_over(before, found)):
                return found
            await asyncio.sleep(5)

    async def _check_history(self) -> None:
        """All that the speakers said is in the history, once and in order."""
        ear = Ear(self.books)
        for text in await history_of(self._house.port):
            ear.hear(text, "the history")
        if ear.heard != sum(self.sent):
            self.books.fault(f"of {sum(self.sent)} messages the history has {ear.heard}")
        self.books.counts["in the history"] = ear.heard

    def _report(self, before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
        late = self.samples[len(self.samples) // 3 :]
        growth = slope(late) / 2**20
        log = [line for line in self._house.log() if "error" in line or "Traceback" in line]
        faults = [
            *self.books.faults,
            *left_over(before, after),
            *(f"in the log: {line}" for line in log[:20]),
        ]
        if growth > _GROWTH and self._args.minutes >= 10:
            faults.append(f"the memory grows by {growth:.1f} MiB an hour")
        seconds = self.samples[-1].at - self.samples[0].at
        return {
            "minutes": seconds / 60,
            "said": sum(self.sent),
            **dict(sorted(self.books.counts.items())),
            "MiB at first, a third, two thirds, the end": [
                round(self.samples[at].resident / 2**20, 1)
                for at in (0, len(self.samples) // 3, 2 * len(self.samples) // 3, -1)
            ],
            "MiB an hour, last two thirds": round(growth, 2),
            "share of a processor": round((self.samples[-1].cpu - self.samples[0].cpu) / seconds, 2),
            "empty, before": _in_short(before),
            "empty, after": _in_short(after),
            "faults": faults,
        }


def _in_short(found: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in found.items() if name != "kinds"}


def left_over(before: dict[str, object], after: dict[str, object]) -> list[str]:
    """What there is more of in ``after``, or more than there may be."""
    found = [
        f"{after[name]} {name} at the end, {before[name]} before"
        for name in ("files", "tasks", "threads", "timers")
        if int(str(after[name])) > int(str(before[name]))
    ]
    kinds, then, pools = after["kinds"], before["kinds"], after["pools"]
    assert isinstance(kinds, dict)
    assert isinstance(then, dict)
    assert isinstance(pools, dict)
    for pool, number in pools.items():
        if number > _POOLS[pool]:
            found.append(f"{number} threads of {pool} at the end, {_POOLS[pool]} at most")
    for kind, number in kinds.items():
        if number > then.get(kind, 0) + _SLACK:
            found.append(f"{number} {kind} at the end, {then.get(kind, 0)} before")
    return found


def main(words: list[str] | None = None) -> int:
    """Soak, and print what was found; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--warm-up", type=float, default=2, help="minutes before the first look")
    parser.add_argument("--rate", type=float, default=200, help="messages a second in the lobby")
    parser.add_argument("--churn", type=float, default=50, help="visits a second")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, house(Path(folder)) as server:
        found = asyncio.run(Soak(server, args).run())
    return tell(found)


if __name__ == "__main__":
    sys.exit(main())

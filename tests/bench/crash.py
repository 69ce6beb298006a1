"""End the server, or the programs of those who use it, many times while people do all that it keeps.

``python tests/bench/crash.py --rounds 100 --end kill``. What anybody was told in a round is checked after it,
and once more after the last one. Stops at the first thing that does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from system import crash_people
from system.server_process import ServerProcess

ENDS = {"kill": crash_people.kill, "stop": crash_people.stop, "cut": crash_people.cut}


async def rounds(server: ServerProcess, count: int, end: str, dice: random.Random) -> Counter[str]:
    """Play and judge so often; how many things of each kind somebody was told."""
    told: set[tuple[str, str]] = set()
    everyone = []
    for number in range(1, count + 1):
        people = await crash_people.play(server, f"#r{number}", dice, ENDS[end])
        await crash_people.judge(server, people)
        everyone.append(people)
        told.update((kind, msgid) for person in people for msgid, kind, _text in person.heard)
        if number % 10 == 0:
            print(f"{number} rounds, {len(told):,} things told", file=sys.stderr, flush=True)
    for people in everyone:
        await crash_people.judge(server, people)
    found = Counter(kind for kind, _msgid in told)
    found["accounts"] = sum(bool(person.account) for people in everyone for person in people)
    found["read marks"] = sum(bool(person.markers) for people in everyone for person in people)
    return found


def main(words: list[str] | None = None) -> int:
    """Play, and print what was checked; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--end", choices=ENDS, default="kill", help="what ends a round")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(words)
    dice = random.Random(args.seed)
    with (
        tempfile.TemporaryDirectory(prefix="crash-") as folder,
        ServerProcess(Path(folder), ACCOUNTS__PASSWORD_HASH_COST="minimum") as server,
    ):
        found = asyncio.run(rounds(server, args.rounds, args.end, dice))
        log = server.log()
    assert "Traceback" not in log, log
    print(json.dumps({"rounds": args.rounds, "end": args.end, "told and there": dict(sorted(found.items()))}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What others notice when somebody floods: ``python tests/bench/abuse.py [--seconds 4] [--only NAME ...]``.

A server of its own, on this machine, with everything on. Two people talk in a room, one message after the
other with a pause between, and note how long each is on its way; meanwhile another process attacks. Whoever
attacks "from the internet" comes by the PROXY protocol from such addresses, so that all limits hold; "from
the network" nothing is throttled. "Work" is what the server's main thread did between saying and hearing:
where the machine is busy with other things that tells more than the time.
"""

from __future__ import annotations

import argparse
import multiprocessing
import selectors
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, cast

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.attacks import ATTACKS, Attack, Field
from system.server_process import ServerProcess
from system.talker import Talker

from chatapp.bench.probe import cpu_seconds, resident_bytes

RATE = 100
ROOMS, PEOPLE, MESSAGES = 500, 500, 1000


def furnish(address: tuple[str, int]) -> list[Talker]:
    """Rooms, people in a large one, and a past, so that questions are dear."""
    people = [Talker(address, f"p{number}") for number in range(PEOPLE)]
    for number, person in enumerate(people):
        person.say("JOIN #big", f"JOIN #room{number}", f"TOPIC #room{number} :about {number}", "PING in")
    for person in people:
        person.waits_for("PONG")
    for at in range(0, MESSAGES, 100):
        people[0].say(*(f"PRIVMSG #big :message {at + one} about tea" for one in range(100)), "PING said")
        people[0].waits_for("PONG")
    return people


class Trip(NamedTuple):
    """One message, from saying to hearing: milliseconds, and those that the server worked meanwhile."""

    took: float
    work: float


def worked(pid: int) -> float:
    """Milliseconds of the processor that the main thread of ``pid`` has had."""
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e6


def trips(address: tuple[str, int], pid: int, seconds: float) -> list[Trip]:
    """How long messages are on their way, at most `RATE` a second; one that never comes is an error."""
    with Talker(address, "ana") as ana, Talker(address, "bob") as bob:
        ana.join("#quiet")
        bob.join("#quiet")
        ana.waits_for("JOIN")
        pause, found, end = threading.Event(), [], time.perf_counter() + seconds
        while time.perf_counter() < end or len(found) < 20:
            pause.wait(1 / RATE)
            began, before = time.perf_counter(), worked(pid)
            ana.say(f"PRIVMSG #quiet :{len(found)}")
            bob.waits_for(f"#quiet :{len(found)}")
            found.append(Trip((time.perf_counter() - began) * 1000, worked(pid) - before))
        return found


def under(field: Field, pid: int, attack: Attack | None, seconds: float) -> tuple[list[Trip], int]:
    """The trips while ``attack`` goes on, and how often it did what it does."""
    if attack is None:
        return trips(field.address, pid, seconds), 0
    context = multiprocessing.get_context("fork")
    begun, count, stop = context.Event(), context.Value("q", 0), context.Event()
    attacker = context.Process(target=attack.run, args=(field, begun, count, stop), daemon=True)
    attacker.start()
    begun.wait(60)
    try:
        return trips(field.address, pid, seconds), count.value
    finally:
        stop.set()
        attacker.join(20)
        attacker.kill()


def listen(people: Sequence[Talker]) -> None:
    """Read all that ``people`` are told, and throw it away."""
    with selectors.DefaultSelector() as selector:
        for person in people:
            selector.register(person.socket, selectors.EVENT_READ)
        while True:
            for key, _events in selector.select():
                if not cast(socket.socket, key.fileobj).recv(1 << 18):
                    selector.unregister(key.fileobj)


def figures(found: Sequence[float]) -> str:
    """The median, the 99th of a hundred, and the worst."""
    return f"{statistics.median(found):>8.2f}{statistics.quantiles(found, n=100)[98]:>8.2f}{max(found):>9.2f}"


def main() -> int:
    parser = argparse.ArgumentParser(description="What others notice when somebody floods.")
    parser.add_argument("--seconds", type=float, default=4)
    names = [attack.name for attack in ATTACKS]
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help="may come again")
    options = parser.parse_args()
    chosen = [attack for attack in ATTACKS if not options.only or attack.name in options.only]
    settings = {
        "SERVER__PUBLIC": "true",
        "SERVER__TRUSTED_PROXIES": "127.0.0.1",
        "LISTENER__PROXY_PROTOCOL": "optional",
        "LIMITS__FLOOD_PROTECTION": "true",
    }
    heads = f"{'p50':>8}{'p99':>8}{'most':>9}"
    print(f"{'':<34}{'':>9}{'time on its way, ms':>25}{'work of the server, ms':>25}")
    print(f"{'attack':<34}{'times':>9}{heads}{heads}{'CPU s':>7}{'MiB':>6}")
    with tempfile.TemporaryDirectory() as folder, ServerProcess(Path(folder), **settings) as server:
        people = furnish(server.address)
        listener = multiprocessing.get_context("fork").Process(target=listen, args=(people,), daemon=True)
        listener.start()
        field = Field(server.address)
        for attack in [None, *chosen, None]:
            before = cpu_seconds(server.pid)
            found, times = under(field, server.pid, attack, options.seconds)
            used, memory = cpu_seconds(server.pid) - before, resident_bytes(server.pid) >> 20
            name = attack.name if attack else "nobody"
            print(
                f"{name:<34}{times:>9,}{figures([trip.took for trip in found])}"
                f"{figures([trip.work for trip in found])}{used:>7.2f}{memory:>6}",
                flush=True,
            )
        listener.kill()
        if "Traceback" in server.log():
            print(server.log()[-3000:])
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

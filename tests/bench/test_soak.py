"""What the soak would find: a message that is lost or doubled, something that is left, memory that grows."""

from __future__ import annotations

import pytest
from bench.soak import left_over
from bench.soak_guests import Books, Ear
from bench.soak_house import Sample, slope

from chatapp.server.proofs import THREADS

MIB = 2**20


def faults(*heard):
    books = Books()
    ear = Ear(books)
    for text in heard:
        ear.hear(text, "ana")
    return books.faults


def test_all_in_order_from_whatever_came_first():
    assert faults("n1.7 bom dia", "n2.3 bom dia", "words of others", "n1.8", "n2.4", "n1.9") == []


@pytest.mark.parametrize("second", ["n1.9", "n1.7", "n1.6"])
def test_lost_doubled_or_late(second):
    (words,) = faults("n1.7", second)
    assert words == f"ana heard {second[3:]} of speaker 1 where 8 was next"


def inventory(files=20, tasks=5, threads=4, timers=3, pools=(), **kinds):
    counts = {"files": files, "tasks": tasks, "threads": threads, "timers": timers}
    return {**counts, "pools": dict(pools), "kinds": kinds}


def test_nothing_is_left():
    assert left_over(inventory(Session=1), inventory(Session=1)) == []
    assert left_over(inventory(files=21, Session=3), inventory(tasks=4)) == []


@pytest.mark.parametrize("name", ["files", "tasks", "threads", "timers"])
def test_one_more_is_left(name):
    (words,) = left_over(inventory(), inventory(**{name: 100}))
    assert words.startswith(f"100 {name} at the end, ")


def test_a_pool_may_grow_to_its_bound():
    assert left_over(inventory(), inventory(pools={"passwords": THREADS, "uvloop": 1})) == []


@pytest.mark.parametrize(("pool", "most"), [("passwords", THREADS), ("asyncio", 1), ("uvloop", 1)])
def test_a_pool_has_grown_beyond_its_bound(pool, most):
    full, more = inventory(pools={pool: most}), inventory(pools={pool: most + 1})
    assert left_over(full, more) == [f"{most + 1} threads of {pool} at the end, {most} at most"]


def test_objects_are_left():
    assert left_over(inventory(Session=1), inventory(Session=22)) == ["22 Session at the end, 1 before"]


@pytest.mark.parametrize("rate", [0, 10, -5])
def test_the_slope_of_the_memory_is_in_bytes_an_hour(rate):
    samples = [Sample(at, 50 * MIB + rate * MIB * at // 3600, 20, 0.0) for at in range(0, 1800, 5)]
    assert slope(samples) / MIB == pytest.approx(rate, abs=0.01)

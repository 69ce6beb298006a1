"""Who must wait before they do it again."""

from __future__ import annotations

from chatapp.core.pauses import Pauses


def test_one_waits_for_the_rest_of_the_pause():
    pauses = Pauses()
    assert pauses.left("ana", 100, 30) == 0

    pauses.note("ana", 100, 30)

    assert [pauses.left("ana", now, 30) for now in (100, 110, 129, 130)] == [30, 20, 1, 0]
    assert pauses.left("bob", 110, 30) == 0
    pauses.clear()
    assert pauses.left("ana", 100, 30) == 0


def test_whose_pause_is_over_is_forgotten():
    pauses = Pauses()
    for second in range(100):
        pauses.note(f"p{second}", second, 10)

    assert len(pauses) == 10
    assert pauses.left("p99", 100, 10) == 9


def test_only_so_many_are_remembered_and_the_latest_are():
    pauses = Pauses(most=3)
    for number in range(5):
        pauses.note(f"p{number}", 0, 10)
    pauses.note("p2", 1, 10)
    pauses.note("p9", 1, 10)

    assert len(pauses) == 3
    assert [pauses.left(name, 1, 10) for name in ("p3", "p4", "p2", "p9")] == [0, 9, 10, 10]

"""Who must wait before they do it again."""

from __future__ import annotations

from chatapp.core.cooldown import Cooldown


def test_one_waits_for_the_rest_of_the_pause():
    cooldown = Cooldown()
    assert cooldown.left("ana", 100, 30) == 0

    cooldown.note("ana", 100, 30)

    assert [cooldown.left("ana", now, 30) for now in (100, 110, 129, 130)] == [30, 20, 1, 0]
    assert cooldown.left("bob", 110, 30) == 0
    cooldown.clear()
    assert cooldown.left("ana", 100, 30) == 0


def test_whose_pause_is_over_is_forgotten():
    cooldown = Cooldown()
    for second in range(100):
        cooldown.note(f"p{second}", second, 10)

    assert len(cooldown) == 10
    assert cooldown.left("p99", 100, 10) == 9


def test_only_so_many_are_remembered_and_the_latest_are():
    cooldown = Cooldown(most=3)
    for number in range(5):
        cooldown.note(f"p{number}", 0, 10)
    cooldown.note("p2", 1, 10)
    cooldown.note("p9", 1, 10)

    assert len(cooldown) == 3
    assert [cooldown.left(name, 1, 10) for name in ("p3", "p4", "p2", "p9")] == [0, 9, 10, 10]

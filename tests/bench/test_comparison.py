"""Medians, ratios and verdicts of the table of peers, and how they are shown."""

from __future__ import annotations

import json

import pytest

from chatapp.bench.comparison import Cell, Comparison, cell_of, goal_in_words, judge, shown
from chatapp.bench.report import Report
from chatapp.bench.rows import LOADS, ROWS, Goal, Row

SPEED, P99 = "deliveries/s", "latency p99 ms"


def cell(median: float) -> Cell:
    return Cell(median, median, median)


def verdict(goal: Goal | None, better: str, mine: float, **rivals: float) -> tuple:
    row = Row("room-100", SPEED, better, goal)
    cells = {"ours": cell(mine), **{name: cell(value) for name, value in rivals.items()}}
    judged = judge(row, cells, "ours", list(rivals))
    return judged.best, judged.ratio, judged.is_reached


def test_the_best_of_the_others_decides():
    assert verdict(Goal(ratio=2), "more", 200, a=50, b=100) == ("b", 2, True)
    assert verdict(Goal(ratio=2), "more", 199, a=50, b=100) == ("b", 1.99, False)


def test_where_less_is_better_the_least_is_the_best():
    assert verdict(Goal(ratio=1.2), "less", 120, a=100, b=500) == ("a", 1.2, True)
    assert verdict(Goal(ratio=1.2), "less", 121, a=100, b=500) == ("a", 1.21, False)


@pytest.mark.parametrize(
    ("mine", "best", "reached"), [(2.9, 1.0, True), (3.1, 2.9, False), (2.9, 0.8, False), (2.9, 40.0, True)]
)
def test_a_limit_and_a_distance_must_both_hold(mine, best, reached):
    assert verdict(Goal(limit=3, beyond=2), "less", mine, a=best)[2] is reached


def test_without_a_rival_only_a_limit_can_be_judged():
    assert verdict(Goal(limit=6), "less", 5) == (None, None, True)
    assert verdict(Goal(limit=6), "less", 7) == (None, None, False)
    assert verdict(Goal(ratio=2), "more", 5) == (None, None, None)
    assert verdict(Goal(limit=3, beyond=2), "less", 1) == (None, None, None)


def test_without_a_goal_there_is_no_verdict():
    assert verdict(None, "more", 5, a=1) == ("a", 5, None)


def test_a_cell_is_the_median_of_the_rounds():
    reports = [Report("room", {SPEED: value, P99: None}) for value in (3.0, 1.0, 10.0)]

    assert cell_of(reports, SPEED) == Cell(3.0, 1.0, 10.0)
    assert cell_of(reports, P99) is None
    assert cell_of([], SPEED) is None


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (2_884_000, "2.88 M"),
        (20_600_000, "20.6 M"),
        (115_432, "115 k"),
        (999, "999"),
        (999_800, "1 M"),
        (999_400, "999 k"),
        (0.3149, "0.315"),
    ],
)
def test_figures_have_three_digits(figure, words):
    assert shown(figure) == words


@pytest.mark.parametrize(
    ("goal", "better", "words"),
    [
        (Goal(ratio=5), "more", "≥ 5×"),
        (Goal(ratio=1.2), "less", "≤ 1.2×"),
        (Goal(limit=3, beyond=2), "less", "≤ 3, ≤ the best + 2"),
        (None, "less", ""),
    ],
)
def test_a_goal_in_words(goal, better, words):
    assert goal_in_words(Row("room-100", SPEED, better, goal)) == words


def found(**speeds: list[float]) -> Comparison:
    """A comparison of ``room-100`` with these deliveries/s in each round."""
    reports = {
        name: [Report("room-100", {SPEED: value}) for value in values] for name, values in speeds.items()
    }
    rivals = [name for name in speeds if name != "ours"]
    return Comparison("ours", rivals, reports={"room-100": reports}, machine={"system": "Linux"})


def test_the_table_has_a_row_with_spread_ratio_and_verdict():
    table = found(ours=[600_000, 500_000, 700_000], a=[100_000], b=[50_000]).as_table(ROWS)

    assert table.splitlines() == [
        "- system: Linux",
        "",
        "| what | ours | a | b | ratio | goal | verdict |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| room of 100, 10 senders, 4 in flight each: deliveries/s | 600 k (500 k–700 k) | **100 k** | 50 k "
        "| 6.00 | ≥ 5× | reached |",
    ]


def test_who_has_less_to_do_is_shown_and_not_compared_with():
    comparison = found(ours=[100], a=[10], b=[1000])
    comparison.lighter.add(("room-100", "b"))
    (judged,) = comparison.judged(ROWS)

    assert (judged.best, judged.ratio) == ("a", 10)
    assert "1 k" in comparison.as_table(ROWS)


def test_faults_of_ours_are_told_below():
    comparison = found(ours=[1], a=[1])
    comparison.reports["room-100"]["ours"][0].faults.append("3 messages were lost")
    comparison.reports["room-100"]["a"][0].faults.append("4 messages were lost")

    assert comparison.faults == ["room-100: 3 messages were lost"]
    assert comparison.as_table(ROWS).endswith("- FAULT: room-100: 3 messages were lost")


def test_a_note_is_told_once():
    comparison = found(ours=[1])
    for _ in range(5):
        comparison.note("no b here")

    assert comparison.as_table(ROWS).count("no b here") == 1


def test_the_file_has_rows_and_every_round():
    told = json.loads(found(ours=[600, 500], a=[100]).as_json(ROWS))
    (row,) = told["rows"]

    assert row["servers"]["ours"] == {"median": 550, "least": 500, "greatest": 600}
    assert (row["best"], row["ratio"], row["goal"], row["reached"]) == ("a", 5.5, "≥ 5×", True)
    assert [figures[SPEED] for figures in told["rounds"]["room-100"]["ours"]] == [600, 500]


def test_every_row_has_a_load_and_a_title():
    names = {load.name for load in LOADS}

    assert {row.load for row in ROWS} == names
    assert len({row.title for row in ROWS}) == len(ROWS)

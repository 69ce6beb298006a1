"""Figures as a person and as a program reads them."""

from __future__ import annotations

import json
from array import array

from chatapp.bench.report import Report, median_of, percentiles


def test_percentiles_are_of_all_members_together():
    figures = percentiles(
        [array("q", range(1000, 500_000, 1000)), array("q", range(500_000, 1_000_001, 1000))]
    )

    assert figures == {
        "latency p50 ms": 500.0,
        "latency p99 ms": 990.0,
        "latency p99.9 ms": 999.0,
        "latency max ms": 1000.0,
        "latency samples": 1000,
    }


def test_without_delays_there_are_no_percentiles():
    assert percentiles([]) == {}


def test_a_table_leaves_out_what_is_unknown():
    report = Report(
        "room", {"deliveries/s": 1234567.8, "server cpu s/million": None, "lost": 0, "share": 0.25}
    )

    assert report.as_table().splitlines() == [
        "room",
        "  deliveries/s  1,234,568",
        "  lost                  0",
        "  share              0.25",
    ]


def test_json_is_one_line_with_plain_names():
    report = Report("room", {"deliveries/s": 1.5, "latency p50 ms": None}, ["3 messages were lost"])

    assert json.loads(report.as_json()) == {
        "scenario": "room",
        "passed": False,
        "faults": ["3 messages were lost"],
        "deliveries_per_s": 1.5,
        "latency_p50_ms": None,
    }
    assert "FAULT: 3 messages were lost" in report.as_table()


def test_several_runs_are_told_by_median_and_spread():
    runs = [
        Report("room", {"members": 10, "seconds": seconds, "capabilities": "none"})
        for seconds in (3.0, 1.0, 2.0)
    ]
    runs[1].faults.append("1 messages were lost")
    report = median_of(runs)

    assert report.figures == {"members": 10, "seconds": 2.0, "capabilities": "none"}
    assert report.spread == {"seconds": (1.0, 3.0)}
    assert report.faults == ["run 2: 1 messages were lost"]
    assert "2.00  (1.00 to 3.00)" in report.as_table()
    assert json.loads(report.as_json())["seconds_greatest"] == 3.0


def test_what_only_some_runs_know_has_no_spread():
    report = median_of(
        [Report("room", {"server cpu share": None}), Report("room", {"server cpu share": 0.5})]
    )

    assert report.figures == {"server cpu share": None}
    assert report.spread == {}

"""The terminal harness's figures: several runs put together, as a table in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from bench.terminal_scenarios import Outcome

_HEAD = (
    "program",
    "scenario",
    "key to screen p50",
    "p99",
    "max (ms)",
    "never shown",
    "input row wrong / torn / samples",
    "message lag p50 / p99 (ms)",
    "CPU",
    "MB",
    "s",
)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of ``values`` that ``share`` of them (0 to 1) do not exceed; ``nan`` of none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def table(outcomes: Sequence[Outcome]) -> str:
    """A row for each scenario and program, in the order in which they first appear.

    Delays are pooled over the runs for the percentiles; in brackets is the least and greatest of the runs'
    own. CPU, memory and seconds are medians with the same brackets.
    """
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault((outcome.scenario, outcome.program), []).append(outcome)
    scenarios = list(dict.fromkeys(scenario for scenario, _program in groups))
    ordered = sorted(groups, key=lambda key: scenarios.index(key[0]))
    rows = [_row(groups[key]) for key in ordered]
    lines = [_HEAD, ["---"] * len(_HEAD), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def summary(outcomes: Sequence[Outcome]) -> str:
    """A row for each program: the 99th percentile from key to screen in each flood, and the rest in short."""
    programs = list(dict.fromkeys(outcome.program for outcome in outcomes))
    floods = list(dict.fromkeys(outcome.scenario for outcome in outcomes if outcome.cpu is not None))
    head = ["key to screen, p99 (ms)", *floods, "input row wrong", "CPU at 1,000/s", *_ENDS]
    rows = []
    for program in programs:
        mine = [outcome for outcome in outcomes if outcome.program == program]
        delays = [
            [delay for outcome in mine if outcome.scenario == flood for delay in outcome.delays]
            for flood in floods
        ]
        wrong, samples = sum(outcome.wrong for outcome in mine), sum(outcome.samples for outcome in mine)
        busy = [100 * one.cpu for one in mine if one.scenario == "1,000/s" and one.cpu is not None]
        rows.append(
            [
                program,
                *(_ms(percentile(one, 0.99)) for one in delays),
                f"{wrong} of {samples:,}",
                f"{median(busy):.0f} %" if busy else "",
                *(_end(mine, scenario) for scenario in _ENDS.values()),
            ]
        )
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *rows])


#: The last columns, and the scenarios that they are of.
_ENDS = {"20,000 at once (s)": "burst", "100,000 held (MB)": "held", "start (s)": "start"}


def _end(outcomes: Sequence[Outcome], scenario: str) -> str:
    mine = [outcome for outcome in outcomes if scenario in outcome.scenario]
    if scenario == "held":
        held = [run.resident / 1e6 for run in mine if run.resident is not None]
        return f"{median(held):.0f}" if held else ""
    seconds = [run.seconds for run in mine if run.seconds is not None]
    return f"{median(seconds):.2f}" if seconds else ""


def _row(runs: list[Outcome]) -> list[str]:
    first = runs[0]
    delays = [delay for run in runs for delay in run.delays]
    lags = [lag for run in runs for lag in run.lags]
    failures = [run.failure for run in runs if run.failure]
    p99s = [percentile(run.delays, 0.99) for run in runs if run.delays]
    samples = sum(run.samples for run in runs)
    return [
        first.program,
        first.scenario + (f" ({len(failures)} of {len(runs)} failed)" if failures else ""),
        _ms(percentile(delays, 0.5)),
        _ms(percentile(delays, 0.99)) + (f" ({_ms(min(p99s))} to {_ms(max(p99s))})" if len(p99s) > 1 else ""),
        _ms(max(delays, default=float("nan"))),
        str(sum(run.never_shown for run in runs)),
        f"{sum(r.wrong for r in runs)} / {sum(r.torn for r in runs)} / {samples:,}" if samples else "",
        f"{_ms(percentile(lags, 0.5))} / {_ms(percentile(lags, 0.99))}" if lags else "",
        _spread([run.cpu * 100 for run in runs if run.cpu is not None], "{:.0f} %"),
        _spread([run.resident / 1e6 for run in runs if run.resident is not None], "{:.0f}"),
        _spread([run.seconds for run in runs if run.seconds is not None], "{:.2f}"),
    ]


def _ms(seconds: float) -> str:
    if seconds != seconds:
        return ""
    return f"{seconds * 1000:.1f}" if seconds < 0.1 else f"{seconds * 1000:,.0f}"


def _spread(values: Sequence[float], form: str) -> str:
    if not values:
        return ""
    middle = form.format(median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({form.format(min(values))} to {form.format(max(values))})"

"""What a scenario found out: rows for a person, JSON for a program, and whether the server passed."""

from __future__ import annotations

import json
import math
import statistics
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Figures = dict[str, float | int | str | None]


@dataclass(slots=True)
class Report:
    """The figures of one scenario in the order to show them. ``faults`` are sentences; none means passed.

    A figure is a number with its unit in the name (``latency p99 ms``), a word, or ``None`` if unknown. Where
    it is the median of several runs, ``spread`` has the least and the greatest.
    """

    scenario: str
    figures: Figures = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    spread: dict[str, tuple[float, float]] = field(default_factory=dict)

    def as_json(self) -> str:
        """One line of JSON."""
        figures = dict(self.figures)
        for name, (least, greatest) in self.spread.items():
            figures |= {f"{name} least": least, f"{name} greatest": greatest}
        keys = {name.replace(" ", "_").replace("/", "_per_"): figure for name, figure in figures.items()}
        return json.dumps(
            {"scenario": self.scenario, "passed": not self.faults, "faults": self.faults, **keys}
        )

    def as_table(self) -> str:
        """A small table, a figure a line."""
        rows = [(name, _shown(figure)) for name, figure in self.figures.items() if figure is not None]
        width = max((len(name) for name, _ in rows), default=0)
        end = max((len(figure) for _, figure in rows), default=0)
        lines = [self.scenario]
        for name, figure in rows:
            span = "  ({} to {})".format(*map(_shown, self.spread[name])) if name in self.spread else ""
            lines.append(f"  {name:<{width}}  {figure:>{end}}{span}")
        lines += [f"  FAULT: {fault}" for fault in self.faults]
        return "\n".join(lines)


def median_of(reports: Sequence[Report]) -> Report:
    """One report of several runs of a scenario: medians and spread; the faults of all."""
    together = Report(reports[0].scenario, dict(reports[0].figures))
    for name, first in reports[0].figures.items():
        values = [value for report in reports if isinstance(value := report.figures.get(name), (int, float))]
        if len(values) > 1 and isinstance(first, (int, float)):
            together.figures[name] = statistics.median_low(values)
            if min(values) < max(values):
                together.spread[name] = (min(values), max(values))
    for number, report in enumerate(reports, 1):
        together.faults += [f"run {number}: {fault}" for fault in report.faults]
    return together


def percentiles(delays: Iterable[array[int]]) -> Figures:
    """The figures of ``delays`` (microseconds) in milliseconds; none when there are no delays."""
    together = sorted(delay for some in delays for delay in some)
    if not together:
        return {}
    shares = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999}
    figures: Figures = {f"latency {name} ms": _at(together, share) / 1000 for name, share in shares.items()}
    figures["latency max ms"] = together[-1] / 1000
    figures["latency samples"] = len(together)
    return figures


def _at(ordered: list[int], share: float) -> int:
    """The nearest-rank percentile."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _shown(figure: float | int | str) -> str:
    if isinstance(figure, str):
        return figure
    if isinstance(figure, int) or abs(figure) >= 1000:
        return f"{figure:,.0f}"
    return f"{figure:.3g}" if abs(figure) < 1 else f"{figure:.2f}"

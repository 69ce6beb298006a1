"""What a scenario found out: rows for a person, JSON for a program, and whether the server passed."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

Figures = dict[str, float | int | str | None]


@dataclass(slots=True)
class Report:
    """The figures of one scenario in the order to show them. ``faults`` are sentences; none means passed.

    A figure is a number with its unit in the name (``latency p99 ms``), a word, or ``None`` if unknown.
    """

    scenario: str
    figures: Figures = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        """One line of JSON."""
        keys = {name.replace(" ", "_").replace("/", "_per_"): figure for name, figure in self.figures.items()}
        return json.dumps(
            {"scenario": self.scenario, "passed": not self.faults, "faults": self.faults, **keys}
        )

    def as_table(self) -> str:
        """A small table, a figure a line."""
        rows = [(name, _shown(figure)) for name, figure in self.figures.items() if figure is not None]
        width = max((len(name) for name, _ in rows), default=0)
        end = max((len(figure) for _, figure in rows), default=0)
        lines = [self.scenario, *(f"  {name:<{width}}  {figure:>{end}}" for name, figure in rows)]
        lines += [f"  FAULT: {fault}" for fault in self.faults]
        return "\n".join(lines)


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

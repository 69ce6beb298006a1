"""The table of peers as figures: medians, the ratio of ours to the best, and whether a goal is reached."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from gettext import gettext as _

from chatapp.bench.report import Report
from chatapp.bench.rows import Goal, Row


@dataclass(frozen=True, slots=True)
class Cell:
    """One server's figure in one row, of all rounds."""

    median: float
    least: float
    greatest: float


def cell_of(reports: Iterable[Report], figure: str) -> Cell | None:
    """The cell of ``figure``; ``None`` where no report has it."""
    values = [value for r in reports if isinstance(value := r.figures.get(figure), (int, float))]
    return Cell(statistics.median(values), min(values), max(values)) if values else None


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with every server's cell; ``is_reached`` is ``None`` if there is nothing to reach."""

    row: Row
    cells: Mapping[str, Cell | None]
    best: str | None
    ratio: float | None
    is_reached: bool | None


def judge(row: Row, cells: Mapping[str, Cell | None], ours: str, rivals: Sequence[str]) -> Judged:
    """Compare ``ours`` with the best of ``rivals``."""
    there = {name: cell.median for name in rivals if (cell := cells.get(name))}
    best = (max if row.better == "more" else min)(there, key=there.__getitem__) if there else None
    mine = cells.get(ours)
    top = there[best] if best is not None else None
    ratio = mine.median / top if mine and top else None
    is_reached = _is_reached(row, mine.median, top) if mine and row.goal else None
    return Judged(row, cells, best, ratio, is_reached)


def _is_reached(row: Row, mine: float, best: float | None) -> bool | None:
    goal = row.goal or Goal()
    if best is None and (goal.ratio is not None or goal.beyond is not None):
        return None
    checks = [mine <= goal.limit] if goal.limit is not None else []
    if best is not None and goal.beyond is not None:
        checks.append(mine <= best + goal.beyond)
    if best is not None and goal.ratio is not None:
        checks.append(mine >= goal.ratio * best if row.better == "more" else mine <= goal.ratio * best)
    return all(checks)


@dataclass(slots=True)
class Comparison:
    """All that a comparison has found. ``reports`` has those of each load by server, a report a round."""

    ours: str
    rivals: Sequence[str]
    others: Sequence[str] = ()
    #: Who has less to do than a load asks for, as ``(load, server)``: shown and not compared with.
    lighter: set[tuple[str, str]] = field(default_factory=set)
    versions: Mapping[str, str] = field(default_factory=dict)
    machine: Mapping[str, str] = field(default_factory=dict)
    reports: dict[str, dict[str, list[Report]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    #: Where ours could not be measured.
    failures: list[str] = field(default_factory=list)
    was_stopped: bool = False

    @property
    def names(self) -> list[str]:
        """Every server, ours first."""
        return [self.ours, *self.rivals, *self.others]

    @property
    def faults(self) -> list[str]:
        """What ours did that must not happen."""
        return self.failures + [
            f"{load}: {fault}"
            for load, servers in self.reports.items()
            for report in servers.get(self.ours, ())
            for fault in report.faults
        ]

    def note(self, words: str) -> None:
        """Remember something that a reader must know, once."""
        if words not in self.notes:
            self.notes.append(words)

    def judged(self, rows: Iterable[Row]) -> list[Judged]:
        """Those of ``rows`` that were measured."""
        found = []
        for row in rows:
            if servers := self.reports.get(row.load):
                cells = {name: cell_of(servers.get(name, ()), row.figure) for name in self.names}
                rivals = [name for name in self.rivals if (row.load, name) not in self.lighter]
                if any(cells.values()):
                    found.append(judge(row, cells, self.ours, rivals))
        return found

    def as_table(self, rows: Iterable[Row]) -> str:
        """A table in Markdown, with the machine, the versions and the notes."""
        head = [_("what"), *self.names, _("ratio"), _("goal"), _("verdict")]
        lines = [f"- {name}: {words}" for name, words in {**self.machine, **self.versions}.items() if words]
        lines += ["", f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
        lines += [_line_of(judged, self.names) for judged in self.judged(rows)]
        notes = [*self.notes, *(_("FAULT: {fault}").format(fault=fault) for fault in self.faults)]
        return "\n".join([*lines, *([""] if notes else []), *(f"- {note}" for note in notes)])

    def as_json(self, rows: Iterable[Row]) -> str:
        """Everything: each row, and the figures of every round."""
        judged = [
            {
                "load": one.row.load,
                "figure": one.row.figure,
                "servers": {
                    name: {"median": cell.median, "least": cell.least, "greatest": cell.greatest}
                    for name, cell in one.cells.items()
                    if cell
                },
                "best": one.best,
                "ratio": one.ratio,
                "goal": goal_in_words(one.row),
                "reached": one.is_reached,
            }
            for one in self.judged(rows)
        ]
        rounds = {
            load: {name: [report.figures for report in found] for name, found in servers.items()}
            for load, servers in self.reports.items()
        }
        whole = {
            "machine": dict(self.machine),
            "versions": dict(self.versions),
            "rows": judged,
            "notes": self.notes,
            "faults": self.faults,
            "rounds": rounds,
        }
        return json.dumps(whole, indent=1, ensure_ascii=False)


def _line_of(judged: Judged, names: Sequence[str]) -> str:
    cells = [_shown_cell(judged.cells.get(name), is_best=name == judged.best) for name in names]
    verdicts = {True: _("reached"), False: _("falls short"), None: ""}
    ratio = f"{judged.ratio:.2f}" if judged.ratio is not None else ""
    words = [judged.row.title, *cells, ratio, goal_in_words(judged.row), verdicts[judged.is_reached]]
    return f"| {' | '.join(words)} |"


def goal_in_words(row: Row) -> str:
    """The goal as it stands in the table; empty where there is none."""
    goal = row.goal or Goal()
    words = []
    if goal.limit is not None:
        words.append(f"≤ {goal.limit:g}")
    if goal.beyond is not None:
        words.append(_("≤ the best + {beyond:g}").format(beyond=goal.beyond))
    if goal.ratio is not None:
        words.append(f"{'≥' if row.better == 'more' else '≤'} {goal.ratio:g}×")
    return ", ".join(words)


def _shown_cell(cell: Cell | None, *, is_best: bool) -> str:
    if cell is None:
        return ""
    median = f"**{shown(cell.median)}**" if is_best else shown(cell.median)
    if cell.least == cell.greatest:
        return median
    return f"{median} ({shown(cell.least)}–{shown(cell.greatest)})"


def shown(figure: float) -> str:
    """A figure in three digits: ``2.88 M``, ``115 k``, ``0.52``."""
    for size, letter in ((1e6, " M"), (1e3, " k")):
        # What would be rounded to a thousand has the next letter.
        if abs(figure) >= 0.9995 * size:
            return f"{figure / size:.3g}{letter}"
    return f"{figure:.3g}"

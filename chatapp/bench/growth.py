"""`chat-bench growth`: our server with ten times as many members, or rooms, at every step."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from gettext import gettext as _
from pathlib import Path
from typing import Literal

from chatapp.bench.caller import BenchError
from chatapp.bench.compare import measure
from chatapp.bench.comparison import shown
from chatapp.bench.graph import Curve, Panel, draw
from chatapp.bench.machine import machine_of
from chatapp.bench.peers.chatapp_server import OURS
from chatapp.bench.probe import NoSuchFigure
from chatapp.bench.progress import SILENT, Progress
from chatapp.bench.report import Figures, Report, median_of
from chatapp.bench.rows import Load

Series = Literal["room", "rooms"]
COUNTS = (10, 100, 1_000, 10_000)
#: At a steady pace so many messages a second, and no more deliveries than this.
_PACE, _MOST_DELIVERIES = 2_000, 200_000
_MOST_SENDERS = 10
_NO_CAPS: tuple[str, ...] = ()


def loads_of(series: Series, count: int) -> tuple[Load, Load]:
    """What is put on the server at one step: at full speed, and at a steady pace for the latency.

    ``room`` is one room of ``count`` members; ``rooms`` are ``count`` rooms with one member each, who hears
    the echo of what it says: as many rooms as there are connections.
    """
    if series == "room":
        crowd = {"members": count, "senders": min(_MOST_SENDERS, count)}
        pace, caps = min(_PACE, _MOST_DELIVERIES // count), _NO_CAPS
    else:
        crowd = {"rooms": count, "members": 1, "senders": 1}
        pace, caps = _PACE, ("echo-message",)
    name = f"{series}-{count}"
    return (
        Load(f"{name}-speed", "room", {**crowd, "window": 4}, caps),
        Load(f"{name}-pace", "room", {**crowd, "rate": pace}, caps),
    )


@dataclass(slots=True)
class Growth:
    """What was found: the figures of each load of `loads_of`, by its name."""

    machine: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Figures] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def points(self, series: Series, figure: str, speed: Literal["speed", "pace"]) -> list[tuple[int, float]]:
        """A curve: each count, and ``figure`` at it, where there is one above 0: the scale has no other."""
        found = [(count, self.figures.get(f"{series}-{count}-{speed}", {}).get(figure)) for count in COUNTS]
        return [(count, float(y)) for count, y in found if isinstance(y, (int, float)) and y > 0]

    def as_picture(self) -> str:
        """The curves as SVG."""
        names: tuple[tuple[Series, str], ...] = (
            ("room", _("members in one room")),
            ("rooms", _("rooms, one member in each")),
        )

        def panel(title: str, figure: str, speed: Literal["speed", "pace"]) -> Panel:
            return Panel(title, [Curve(name, self.points(series, figure, speed)) for series, name in names])

        panels = [
            panel(_("deliveries/s"), "deliveries/s", "speed"),
            panel(_("CPU seconds per million"), "server cpu s/million", "speed"),
            panel(_("p99 in ms, at a steady pace"), "latency p99 ms", "pace"),
        ]
        return draw(panels, _("How the server grows with members and rooms"))

    def as_json(self) -> str:
        """Everything, for `from_json`."""
        parts = {"machine": self.machine, "figures": self.figures, "notes": self.notes, "faults": self.faults}
        return json.dumps(parts, indent=1, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Growth:
        """Read what `as_json` wrote.

        Raises:
            ValueError: It is something else.
        """
        try:
            return cls(**json.loads(text))
        except TypeError as error:
            raise ValueError(_("this is not a file of chat-bench growth")) from error

    def as_table(self) -> str:
        """A table in Markdown."""
        head = (_("what"), _("deliveries/s"), _("CPU seconds per million"), _("p99 in ms"))
        lines = [f"- {name}: {words}" for name, words in self.machine.items()]
        lines += ["", f"| {' | '.join(head)} |", "| --- | --- | --- | --- |"]
        for series, count in _steps():
            speed, pace = (self.figures.get(load.name, {}) for load in loads_of(series, count))
            shares = (
                speed.get("deliveries/s"),
                speed.get("server cpu s/million"),
                pace.get("latency p99 ms"),
            )
            cells = [shown(value) if isinstance(value, (int, float)) else "" for value in shares]
            if any(cells):
                lines.append(f"| {_title(series, count)} | {' | '.join(cells)} |")
        return "\n".join([*lines, *(f"- {note}" for note in (*self.notes, *self.faults))])


def _title(series: Series, count: int) -> str:
    words = _("one room of {count}") if series == "room" else _("{count} rooms")
    return words.format(count=f"{count:,}")


def _steps() -> Iterator[tuple[Series, int]]:
    kinds: tuple[Series, Series] = ("room", "rooms")
    for series in kinds:
        for count in COUNTS:
            yield series, count


def measure_growth(
    rounds: int,
    seconds: float,
    most: int = COUNTS[-1],
    folder: Path | None = None,
    progress: Progress = SILENT,
) -> Growth:
    """Measure every step up to ``most``, ``rounds`` times, for medians; a step that fails is noted."""
    found = Growth()
    with tempfile.TemporaryDirectory(prefix="chat-bench-", dir=folder) as scratch:
        found.machine = machine_of(Path(scratch))
    reports: dict[str, list[Report]] = {}
    for number in range(rounds):
        for series, count in _steps():
            for load in loads_of(series, count) if count <= most else ():
                progress.announce(f"{number + 1}/{rounds} · {load.name}")
                try:
                    reports.setdefault(load.name, []).append(measure(OURS, load, seconds, folder, progress))
                except (BenchError, NoSuchFigure, OSError, LookupError) as error:
                    words = _("{load}: {peer} could not be measured: {error}")
                    found.notes.append(words.format(load=load.name, peer=OURS.name, error=error))
    for name, several in reports.items():
        _take(found, name, several)
    return found


def _take(found: Growth, name: str, reports: Sequence[Report]) -> None:
    if reports:
        together = median_of(reports)
        found.figures[name] = together.figures
        found.faults += [f"{name}: {fault}" for fault in together.faults]

"""A graph of growth as SVG: curves over a logarithmic scale, to be read on light and on dark paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from chatapp.bench.comparison import shown

_WIDTH, _HEIGHT = 340, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 28, 44, 42
_LEGEND = 34
_RADIUS = 3.5

#: Two colours that are told apart by people who see few, on either paper; the second line is dashed besides.
_STYLE = """
  text { font: 12px system-ui, 'DejaVu Sans', sans-serif; fill: #24292f }
  .paper { fill: #ffffff }
  .title { font-weight: 600; font-size: 13px }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .a { stroke: #0b6bcb; fill: #0b6bcb } .b { stroke: #b3541e; fill: #b3541e }
  polyline { fill: none !important; stroke-width: 2 }
  polyline.b { stroke-dasharray: 6 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .paper { fill: #0d1117 } .grid { stroke: #30363d }
    .a { stroke: #6cb6ff; fill: #6cb6ff } .b { stroke: #f0a46c; fill: #f0a46c }
  }
"""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points ``(x, y)``, all above 0, under a name."""

    name: str
    points: Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Panel:
    """One graph: what stands above it, and its curves, at most two."""

    title: str
    curves: Sequence[Curve]


def decades(values: Sequence[float]) -> range:
    """The powers of ten from below the least of ``values`` to above the greatest."""
    least, greatest = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return range(least, max(greatest, least + 1) + 1)


def draw(panels: Sequence[Panel], about: str) -> str:
    """An SVG of ``panels``, side by side; ``about`` is what it shows, for those who hear it read."""
    width = _WIDTH * len(panels)
    height = _HEIGHT + _LEGEND
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(about)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{width}" height="{height}" rx="8"/>',
    ]
    for number, panel in enumerate(panels):
        parts += [f'<g transform="translate({number * _WIDTH} 0)">', *_panel(panel), "</g>"]
    names = list(dict.fromkeys(curve.name for panel in panels for curve in panel.curves))
    parts += _legend(names)
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel) -> list[str]:
    parts = [f'<text class="title" x="{_LEFT}" y="24">{escape(panel.title)}</text>']
    points = [point for curve in panel.curves for point in curve.points]
    if not points:
        return parts
    across = decades([x for x, _ in points])
    upward = decades([y for _, y in points])
    for power in upward:
        y = _place_y(10.0**power, upward)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{shown(10.0**power)}</text>')
    for power in across:
        x = _place_x(10.0**power, across)
        parts.append(
            f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{10**power:,}</text>'
        )
    for kind, curve in zip("ab", panel.curves, strict=False):
        places = [(_place_x(x, across), _place_y(y, upward), y) for x, y in curve.points]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
        parts.append(f'<polyline class="{kind}" points="{line}"/>')
        parts += [
            f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS}">'
            f"<title>{escape(curve.name)}: {shown(value)}</title></circle>"
            for x, y, value in places
        ]
    return parts


def _legend(names: Sequence[str]) -> list[str]:
    parts = []
    x, y = _LEFT, _HEIGHT + _LEGEND - 18
    for kind, name in zip("ab", names, strict=False):
        parts.append(f'<polyline class="{kind}" points="{x},{y} {x + 28},{y}"/>')
        parts.append(f'<text x="{x + 36}" y="{y + 4}">{escape(name)}</text>')
        x += 60 + 7 * len(name)
    return parts


def _place_x(value: float, scale: range) -> float:
    share = (math.log10(value) - scale[0]) / (scale[-1] - scale[0])
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _place_y(value: float, scale: range) -> float:
    share = (math.log10(value) - scale[0]) / (scale[-1] - scale[0])
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

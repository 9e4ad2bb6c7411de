"""The growth of generation and import with the number of variants, as an SVG plot."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup, escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 300, 60, 150, 16, 40
LINE = 15


def plot(growth: dict[str, Any]) -> Markup:
    """A line for each series over the number of variants; nothing where there are no figures.

    Args:
        growth: `variants`, a list of numbers, and `seconds`, a list of them for each name.

    Each line is drawn as multiples of its first figure: seconds and milliseconds fit one plot.
    """
    if "missing" in growth:
        return Markup()
    variants, seconds = growth["variants"], growth["seconds"]
    series = {name: [each / values[0] for each in values] for name, values in seconds.items()}
    step, most = _scale(max(value for values in series.values() for value in values))
    parts = [_axes(variants, step, most)]
    ends = _apart({name: _y(values[-1], most) for name, values in series.items()})
    for number, (name, values) in enumerate(series.items()):
        points = [
            (_x(count, variants), _y(value, most))
            for count, value in zip(variants, values, strict=True)
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in points)
        end_x = points[-1][0] + 10
        text = f'<text x="{end_x:.1f}" y="{ends[name] + 4:.1f}">{escape(name)}</text>'
        parts.append(f'<g class="series s{number}"><polyline points="{line}"/>{dots}{text}</g>')
    description = "; ".join(
        f"{name}: {', '.join(map(str, values))} s" for name, values in seconds.items()
    )
    title = "Growth with the number of variants"
    description = f"For {', '.join(map(str, variants))} variants. {description}"
    body = "".join(parts)
    return Markup(  # noqa: S704 - made of numbers and escaped names
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="growth-title"'
        f' aria-describedby="growth-told"><title id="growth-title">{escape(title)}</title>'
        f'<desc id="growth-told">{escape(description)}</desc>{body}</svg>'
    )


def _scale(most: float) -> tuple[float, float]:
    """A round step for the axis, and the multiple of it that everything fits under."""
    rough = most / 5
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * times for times in (1, 2, 5, 10) if unit * times >= rough)
    return step, step * math.ceil(most / step - 1e-9)


def _apart(heights: dict[str, float]) -> dict[str, float]:
    """The heights with room for a line of text between any two."""
    placed: dict[str, float] = {}
    lowest = math.inf
    for name, height in sorted(heights.items(), key=lambda each: -each[1]):
        lowest = min(height, lowest - LINE)
        placed[name] = lowest
    return placed


def _axes(variants: list[int], step: float, most: float) -> str:
    bottom = HEIGHT - BOTTOM
    lines = []
    for number in range(round(most / step) + 1):
        value = number * step
        y = _y(value, most)
        lines.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        lines.append(f'<text class="tick end" x="{LEFT - 8}" y="{y + 4}">{value:g} times</text>')
    for count in variants:
        x = _x(count, variants)
        lines.append(f'<text class="tick middle" x="{x}" y="{bottom + 20}">{count}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    lines.append(f'<text class="tick middle" x="{middle}" y="{HEIGHT - 4}">variants</text>')
    return "".join(lines)


def _x(count: float, variants: list[int]) -> float:
    return round(LEFT + (WIDTH - RIGHT - LEFT) * count / max(variants), 1)


def _y(value: float, most: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / most, 1)

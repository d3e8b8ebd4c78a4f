"""The geometry of the figures: from numbers to what SVG draws. No colour, no words, no rounding of what is shown.

Coordinates are text with one decimal, in the units of the figure's own view box; colours are classes of figures.css.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SPARK_WIDTH, SPARK_HEIGHT, SPARK_TOP, SPARK_FLOOR = 120, 28, 4, 26
MINI_WIDTH, MINI_HEIGHT, MINI_EDGE, MINI_TOP, MINI_FLOOR = 150, 54, 6, 5, 49
CHART_LEFT, CHART_TOP, NOTCH_STEP, LABEL_ROOM = 44, 12, 6, 22
LABEL_WIDTH = 46


@dataclass(frozen=True, slots=True)
class Spark:
    """A line of a few weeks, without axes. `area` is the same line closed to the floor."""

    line: str
    area: str


def spark(values: Sequence[float]) -> Spark | None:
    """The line through `values`, lowest at the floor, highest at the top. None for fewer than two values."""
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    step = SPARK_WIDTH / (len(values) - 1)
    span = (high - low) or 1
    points = [(i * step, SPARK_FLOOR - (v - low) / span * (SPARK_FLOOR - SPARK_TOP)) for i, v in enumerate(values)]
    line = "M" + "L".join(f"{_one(x)} {_one(y)}" for x, y in points)
    return Spark(line, f"{line}V{SPARK_HEIGHT}H0z")


@dataclass(frozen=True, slots=True)
class Mini:
    """A result over time beside its reference range: the band, the line, the last point."""

    band_y: str
    band_height: str
    points: str
    last_x: str
    last_y: str


def mini(values: Sequence[float], low: float | None, high: float | None) -> Mini | None:
    """The trend of `values` (oldest first) with the reference range `low` to `high`; either may be open (None)."""
    if not values:
        return None
    known = [*values, *(edge for edge in (low, high) if edge is not None)]
    bottom, top = min(known), max(known)
    span = (top - bottom) or 1

    def y(value: float) -> float:
        return MINI_FLOOR - (value - bottom) / span * (MINI_FLOOR - MINI_TOP)

    step = (MINI_WIDTH - 2 * MINI_EDGE) / max(len(values) - 1, 1)
    xs = [MINI_EDGE + i * step for i in range(len(values))] if len(values) > 1 else [MINI_WIDTH - MINI_EDGE]
    band_top = y(high) if high is not None else 0.0
    band_bottom = y(low) if low is not None else float(MINI_HEIGHT)
    has_band = low is not None or high is not None
    return Mini(
        band_y=_one(band_top),
        band_height=_one(max(band_bottom - band_top, 0) if has_band else 0),
        points=" ".join(f"{_one(x)},{_one(y(v))}" for x, v in zip(xs, values, strict=True)),
        last_x=_one(xs[-1]),
        last_y=_one(y(values[-1])),
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a bar chart: parts stacked from the line up, a count of notches below, a mark to compare with."""

    label: str = ""
    parts: tuple[tuple[str, float], ...] = ()
    below: int = 0
    mark: float | None = None
    is_to_come: bool = False


@dataclass(frozen=True, slots=True)
class Rect:
    tone: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Tick:
    value: int
    y: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart, ready to draw. `now_x` is where the present stands, if some columns are still to come."""

    width: int
    height: int
    base_y: str
    ticks: tuple[Tick, ...]
    rects: tuple[Rect, ...]
    marks: tuple[Rect, ...]
    labels: tuple[Label, ...]
    now_x: str | None


def bars(columns: Sequence[Column], *, width: int = 880, height: int = 190) -> Bars:
    """A bar chart of counts. The scale has whole numbers, begins at zero and ends at a round number.

    Where the columns are narrow, only every second (third …) has its label, the last always.
    """
    notches = max((column.below for column in columns), default=0)
    base = height - LABEL_ROOM - notches * NOTCH_STEP - (6 if notches else 0)
    highest = max((max(sum(v for _, v in c.parts), c.mark or 0) for c in columns), default=0)
    grid = _round_steps(highest)
    scale = (base - CHART_TOP) / (grid[-1] or 1)
    room = (width - CHART_LEFT) / max(len(columns), 1)
    every = max(math.ceil(LABEL_WIDTH / room), 1)
    rects, marks, labels = [], [], []
    for index, column in enumerate(columns):
        x = CHART_LEFT + index * room + room * 0.08
        rects += _stack(column, x, room * 0.84, base, scale)
        if column.mark is not None:
            marks.append(Rect("mark", _one(x - 2), _one(base - column.mark * scale), _one(room * 0.84 + 4), "2"))
        if column.label and index % every == len(columns[1:]) % every:
            labels.append(Label(column.label, _one(x + room * 0.42), str(height - 4)))
    coming = next((i for i, column in enumerate(columns) if column.is_to_come), None)
    return Bars(
        width=width,
        height=height,
        base_y=_one(base),
        ticks=tuple(Tick(value, _one(base - value * scale)) for value in grid),
        rects=tuple(rects),
        marks=tuple(marks),
        labels=tuple(labels),
        now_x=None if coming is None else _one(CHART_LEFT + coming * room),
    )


def _stack(column: Column, x: float, width: float, base: float, scale: float) -> list[Rect]:
    if column.is_to_come:
        return [Rect("rest", _one(x), _one(base - 2), _one(width), "2")]
    drawn, top = [], base
    for tone, value in column.parts:
        if value > 0:
            tall = max(value * scale, 1.4)
            top -= tall
            drawn.append(Rect(tone, _one(x), _one(top), _one(width), _one(tall)))
            top -= 1.5
    for notch in range(column.below):
        drawn.append(Rect("bad", _one(x), _one(base + 3 + notch * NOTCH_STEP), _one(width), "4.6"))
    return drawn


def share(value: float, start: float = 0, end: float = 100) -> str:
    """How far along `start`…`end` the value lies, in percent, kept inside 0…100: the width of a gauge."""
    return _one(min(max((value - start) / ((end - start) or 1), 0), 1) * 100)


def class_of(value: float | None, edges: Sequence[float]) -> int:
    """The class of `value` between ascending `edges`: 1 below the first, len+1 from the last on; 0 when unknown.

    Without edges every known value is in the middle class, 3.
    """
    if value is None:
        return 0
    return 1 + sum(value >= edge for edge in edges) if edges else 3


def _round_steps(highest: float) -> tuple[int, ...]:
    """Whole numbers from zero to at least `highest`: what is counted has no half."""
    if highest <= 1:
        return (0, 1)
    rough = highest / 3
    power = 10 ** math.floor(math.log10(rough))
    step = max(math.ceil(next(power * unit for unit in (1, 2, 2.5, 5, 10) if power * unit >= rough)), 1)
    return tuple(step * i for i in range(math.ceil(highest / step) + 1))


def _one(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")

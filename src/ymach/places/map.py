"""The map of the country as SVG parts: outlines of the provinces, islands, and the two special zones far at sea.

Projection: longitude times cos 16°, 52 units a degree, rounded to a tenth before the paths are written, so that
neighbours keep one border. Hoàng Sa (Đà Nẵng) and Trường Sa (Khánh Hòa) are always there, each in a frame of its own
scale: they are a part of the map, not an option. No Django here: a page only fills in colours and words.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

from ymach.base.text import Text

DATA = Path(__file__).parent / "data"

_UNITS = 52.0
_SQUEEZE = math.cos(math.radians(16))
_MARGIN = 8.0
_WIDTH = 520  # the mainland needs 384; the rest is sea with the two frames

# A ring of [longitude, latitude] pairs; points are in tenths of a unit.
Ring = Sequence[Sequence[float]]
Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Outline:
    """The area of a province: `path` is the `d` of one SVG path, (x, y) the middle of its largest part."""

    province_code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Island:
    """A special zone too small for an outline, or one island inside a frame: a circle in the colour of its province."""

    zone_code: str
    province_code: str
    name: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Frame:
    """A special zone far at sea: rectangle, islands, and two lines of words centred at (text_x, text_y)."""

    zone_code: str
    province_code: str
    name: Text
    belongs_to: Text
    x: float
    y: float
    width: float
    height: float
    islands: tuple[Island, ...]
    text_x: float
    text_y: float


@dataclass(frozen=True, slots=True)
class Label:
    """A word on the map. kind: “place” or “sea”; anchor: SVG's text-anchor."""

    kind: str
    text: Text
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class CountryMap:
    """Everything to draw. `view_box` is the SVG attribute; sizes are in its units."""

    width: int
    height: int
    outlines: tuple[Outline, ...]
    islands: tuple[Island, ...]
    frames: tuple[Frame, ...]
    labels: tuple[Label, ...]
    projection: Projection

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"


@dataclass(frozen=True, slots=True)
class Projection:
    """From degrees to the units of the drawing; `west` and `north` are the degrees at (left, top)."""

    west: float
    north: float
    left: float = _MARGIN
    top: float = _MARGIN
    units: float = _UNITS

    def tenths(self, longitude: float, latitude: float) -> Point:
        """The point in tenths of a unit, whole numbers: two provinces get the same ones for the same place."""
        x = self.left + (longitude - self.west) * _SQUEEZE * self.units
        y = self.top + (self.north - latitude) * self.units
        return round(x * 10), round(y * 10)

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        x, y = self.tenths(longitude, latitude)
        return x / 10, y / 10


@cache
def country_map() -> CountryMap:
    """The map, made once per process from the package's data."""
    features = orjson.loads((DATA / "provinces.geojson").read_bytes())["features"]
    rings = {feature["properties"]["code"]: _rings(feature["geometry"]) for feature in features}
    names = {feature["properties"]["code"]: feature["properties"]["name"] for feature in features}
    points = [point for group in rings.values() for ring in group for point in ring]
    projection = Projection(west=min(x for x, _ in points), north=max(y for _, y in points))
    lowest = max(projection.tenths(x, y)[1] for x, y in points) / 10
    frames = tuple(_frame(row) for row in _rows("map_insets.csv"))
    framed = {frame.zone_code for frame in frames}
    return CountryMap(
        width=_WIDTH,
        height=math.ceil(lowest + _MARGIN),
        outlines=tuple(_outline(code, names[code], group, projection) for code, group in sorted(rings.items())),
        islands=tuple(_islands(projection, lambda zone: zone not in framed)),
        frames=frames,
        labels=tuple(_label(row) for row in _rows("map_labels.csv")),
        projection=projection,
    )


def svg_path(rings: Sequence[Sequence[Point]]) -> str:
    """The `d` of a path through rings of points in tenths: absolute start, relative lines, no point twice in a row."""
    return "".join(_ring_path(ring) for ring in rings)


def _rings(geometry: dict[str, object]) -> list[Ring]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for part in parts for ring in part]  # type: ignore[attr-defined]


def _outline(code: str, name: str, rings: list[Ring], projection: Projection) -> Outline:
    drawn = [[projection.tenths(point[0], point[1]) for point in ring] for ring in rings]
    x, y = _middle(max(drawn, key=lambda ring: abs(_doubled_area(ring))))
    return Outline(code, name, svg_path(drawn), x, y)


def _ring_path(ring: Sequence[Point]) -> str:
    (x, y), steps = ring[0], []
    for next_x, next_y in ring[1:]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{_number(next_x - x)} {_number(next_y - y)}")
        x, y = next_x, next_y
    # A ring that shrinks to one point is drawn as nothing; islands of that size are points of their own.
    return f"M{_number(ring[0][0])} {_number(ring[0][1])}l{' '.join(steps)}z" if len(steps) > 2 else ""


def _number(tenths: int) -> str:
    whole, rest = divmod(abs(tenths), 10)
    text = f"{whole}.{rest}" if rest else str(whole)
    return f"-{text}" if tenths < 0 else text


def _doubled_area(ring: Sequence[Point]) -> int:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))


def _middle(ring: Sequence[Point]) -> tuple[float, float]:
    area = _doubled_area(ring)
    x = y = 0
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        x += (a[0] + b[0]) * cross
        y += (a[1] + b[1]) * cross
    return round(x / (3 * area) / 10, 1), round(y / (3 * area) / 10, 1)


def _frame(row: dict[str, str]) -> Frame:
    x, y, width, height = (float(row[name]) for name in ("x", "y", "width", "height"))
    words = 36  # room for two lines under the islands
    projection = Projection(
        west=float(row["longitude"]),
        north=float(row["latitude"]),
        left=x + width / 2,
        top=y + (height - words) / 2,
        units=float(row["scale"]),
    )
    return Frame(
        zone_code=row["zone_code"],
        province_code=row["province_code"],
        name=Text(row["name_vi"], row["name_en"]),
        belongs_to=Text(row["belongs_vi"], row["belongs_en"]),
        x=x,
        y=y,
        width=width,
        height=height,
        islands=tuple(_islands(projection, lambda zone: zone == row["zone_code"])),
        text_x=round(x + width / 2, 1),
        text_y=round(y + height - 27, 1),
    )


def _islands(projection: Projection, wanted: Callable[[str], bool]) -> Iterator[Island]:
    for row in _rows("map_islands.csv"):
        if wanted(row["zone_code"]):
            x, y = projection.point(float(row["longitude"]), float(row["latitude"]))
            yield Island(row["zone_code"], row["province_code"], row["name"], x, y, float(row["radius"]))


def _label(row: dict[str, str]) -> Label:
    return Label(row["kind"], Text(row["text_vi"], row["text_en"]), float(row["x"]), float(row["y"]), row["anchor"])


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)

"""Where an invented facility stands: a point of its province for each commune, and the facilities around it. Pure.

Outlines of communes are not held, so each commune gets a point inside its province, always the same; island communes
stand on their islands.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise
from random import Random

import orjson

from ymach.places.reading import DATA

Spot = tuple[Decimal, Decimal]
"""Latitude and longitude in degrees, six decimals."""

_SCATTER = 0.012  # about a kilometre
_ON_AN_ISLAND = 0.001
_Ring = Sequence[Sequence[float]]


def spot_in(province_code: str, commune_code: str, rng: Random) -> Spot:
    """A place in a commune."""
    islands = _islands().get(commune_code)
    longitude, latitude = rng.choice(islands) if islands else _middle(province_code, commune_code)
    scatter = _ON_AN_ISLAND if islands else _SCATTER
    return _degrees(latitude + rng.uniform(-scatter, scatter)), _degrees(longitude + rng.uniform(-scatter, scatter))


@cache
def _middle(province_code: str, commune_code: str) -> tuple[float, float]:
    ring = _outlines()[province_code]
    west, east = min(x for x, _ in ring), max(x for x, _ in ring)
    south, north = min(y for _, y in ring), max(y for _, y in ring)
    rng = Random(f"commune {commune_code}")  # noqa: S311 - not a secret
    while True:
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        if _is_inside(x, y, ring):
            return x, y


def _is_inside(x: float, y: float, ring: _Ring) -> bool:
    """Whether a ray to the east crosses the outline an odd number of times."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


@cache
def _outlines() -> dict[str, _Ring]:
    """The largest ring of each province, by code."""
    features = orjson.loads((DATA / "provinces.geojson").read_bytes())["features"]
    return {
        one["properties"]["code"]: max((polygon[0] for polygon in one["geometry"]["coordinates"]), key=_extent)
        for one in features
    }


def _extent(ring: _Ring) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)))


@cache
def _islands() -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    with (DATA / "map_islands.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["zone_code"], []).append((float(row["longitude"]), float(row["latitude"])))
    return found


def _degrees(value: float) -> Decimal:
    return Decimal(f"{value:.6f}")

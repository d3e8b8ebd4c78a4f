"""Where facilities stand and people were born: the present provinces with their communes, and the former provinces."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from ymach.places.reading import DATA


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, ward or special zone. full_name begins with its type: “Phường Cửa Nam”."""

    code: str
    name: str
    full_name: str


@dataclass(frozen=True, slots=True)
class Province:
    """A present province with its communes and the codes of the former provinces that went into it."""

    code: str
    name: str
    full_name: str
    communes: tuple[Commune, ...]
    former: tuple[str, ...]


@cache
def provinces() -> tuple[Province, ...]:
    """The 34 provinces, by code."""
    communes: dict[str, list[Commune]] = defaultdict(list)
    units = _rows("units.csv")
    for row in units:
        if row["level"] == "commune":
            communes[row["parent_code"]].append(Commune(row["code"], row["name_vi"], row["full_name_vi"]))
    former: dict[str, list[str]] = defaultdict(list)
    for row in _rows("province_successions.csv"):
        former[row["new_code"]].append(row["old_code"])
    return tuple(
        Province(code, row["name_vi"], row["full_name_vi"], tuple(communes[code]), tuple(former[code]))
        for row in units
        if row["level"] == "province" and (code := row["code"])
    )


@cache
def province(code: str) -> Province:
    """One province. Raises KeyError."""
    return {one.code: one for one in provinces()}[code]


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

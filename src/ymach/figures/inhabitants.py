"""How many people live in each province: the ground of every density."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ymach.base.errors import Misconfigured

SHIPPED = Path(__file__).parent / "data" / "inhabitants.csv"
PER = 10_000


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """People by province code, and where the numbers are from, as the file says it."""

    by_province: Mapping[str, int]
    source: str

    def density(self, province_code: str, amount: int) -> float | None:
        """`amount` per 10,000 people of the province; None where its inhabitants are not known."""
        people = self.by_province.get(province_code)
        return PER * amount / people if people else None


@cache
def inhabitants(file: Path | None = None) -> Inhabitants:
    """The numbers of `file` (columns province_code, inhabitants, source), or those that are shipped.

    The shipped numbers are approximations of 2025 for the 34 provinces of Resolution 202/2025/QH15, to be replaced by
    those of the National Statistics Office. Raises Misconfigured for a file that cannot be read.
    """
    path = file or SHIPPED
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        numbers = {row["province_code"]: int(row["inhabitants"]) for row in rows}
    except (OSError, KeyError, ValueError) as error:
        raise Misconfigured(why=f"YMACH_INHABITANTS: cannot read {path} ({error}).") from None
    return Inhabitants(numbers, "; ".join(sorted({row.get("source", "") for row in rows} - {""})))

"""Units in which oxygen is delivered, and conversion into normal cubic metres. Exact: factors are decimals of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from ymach.base.text import Text
from ymach.facilities.lists import read_toml

FILE = "oxygen.toml"
_LITRES_A_CUBIC_METRE = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Unit:
    """litres: of gas in one unit, exact."""

    code: str
    text: Text
    litres: Decimal


@cache
def units() -> Mapping[str, Unit]:
    """All units, by code."""
    rows = read_toml(FILE)["units"].items()
    return MappingProxyType(
        {code: Unit(code, Text(row["vi"], row["en"]), Decimal(row["litres"])) for code, row in rows}
    )


def normal_m3(quantity: Decimal, unit: str) -> Decimal:
    """The quantity in Nm³, exact: no rounding at quantities of up to 15 digits. Raises KeyError for an unknown unit."""
    return quantity * units()[unit].litres / _LITRES_A_CUBIC_METRE

"""When a prescription holds, who may dispense it, and how much. Plain functions over facts and data files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from ymach.base.clock import VIETNAM, start_of_day, vietnam_day
from ymach.base.periods import Period
from ymach.exchange.prescriptions import errors

EXPIRED = "expired"
ISSUED, PARTLY, DISPENSED = "issued", "partly-dispensed", "dispensed"
OPEN = frozenset({ISSUED, PARTLY})
"""States in which something may still be handed over."""

PLACES = 3
"""Decimals of a quantity, as in XML 130."""
_ZERO, _MOST = Decimal(0), Decimal(10) ** 9
_DEFAULT_DAYS = 5  # of a day before the first row of a kind


class Whose(StrEnum):
    """Which prescriptions a form of facility dispenses: any, its own, or none."""

    ANY = "any"
    OWN = "own"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Part:
    """So much of one line. number: of the line, from 1. batch: of the medicine, "" where it is not noted."""

    number: int
    quantity: Decimal
    batch: str = ""


def expires_at(kind: str, issued_at: datetime) -> datetime:
    """The moment from which a prescription holds no longer: the end of its last day in Viet Nam.

    The day it was written is not counted (Civil Code 91/2015/QH13 art. 147). Days by kind: `data/validity.csv`.
    """
    issued_on = vietnam_day(issued_at)
    after = issued_on + timedelta(days=days_valid(kind, issued_on) + 1)
    return start_of_day(after)


def days_valid(kind: str, on: date) -> int:
    """For how many days a prescription of a kind written on a day may be dispensed."""
    return next((days for period, days in _validity().get(kind, ()) if on in period), _DEFAULT_DAYS)


def last_day(expires: datetime) -> date:
    """The last day on which it may be dispensed."""
    return (expires - timedelta(microseconds=1)).astimezone(VIETNAM).date()


def state_at(state: str, expires: datetime, at: datetime) -> str:
    """The state as people see it at the moment `at`: what is open expires by itself."""
    return EXPIRED if state in OPEN and at >= expires else state


def whose(form: str) -> Whose:
    """What a form of facility may dispense; `data/dispensers.csv`."""
    return _dispensers().get(form, Whose.NONE)


def left(lines: Iterable[Mapping[str, Any]], given: Iterable[Part]) -> dict[int, Decimal]:
    """What is left of each line by its number, after all that was given; a line without a quantity has nothing."""
    remaining = {int(line["number"]): Decimal(line["quantity"] or 0) for line in lines}
    for part in given:
        remaining[part.number] -= part.quantity
    return remaining


def state_of(lines: Sequence[Mapping[str, Any]], given: Sequence[Part]) -> str:
    """Issued, partly dispensed or dispensed."""
    if not given:
        return ISSUED
    return DISPENSED if all(quantity <= _ZERO for quantity in left(lines, given).values()) else PARTLY


def check_parts(asked: Sequence[Part]) -> None:
    """At least one line, each once, each of a quantity that can be. Raises NothingAsked, LineTwice, QuantityWrong."""
    if not asked:
        raise errors.NothingAsked(field="lines")
    if len({part.number for part in asked}) != len(asked):
        raise errors.LineTwice(field="lines")
    for part in asked:
        if not _can_be(part.quantity):
            raise errors.QuantityWrong(field=f"quantity-{part.number}", line=part.number)


def check_enough(lines: Sequence[Mapping[str, Any]], given: Sequence[Part], asked: Sequence[Part]) -> None:
    """Never more than prescribed, in all (Decision 228/QĐ-QLD 2023). Raises UnknownLine, MoreThanPrescribed."""
    remaining, by_number = left(lines, given), {int(line["number"]): line for line in lines}
    for part in asked:
        line = by_number.get(part.number)
        if line is None:
            raise errors.UnknownLine(field="lines", line=part.number)
        if part.quantity > remaining[part.number]:
            rest = f"{remaining[part.number].normalize():f}"
            told = {"name": line["name"], "left": rest, "unit": line["unit"], "prescribed": line["quantity"] or "0"}
            raise errors.MoreThanPrescribed(field=f"quantity-{part.number}", line=part.number, **told)


def read_quantity(text: str) -> Decimal | None:
    """A quantity as people and programs write it, `2,5` or `2.5`; None for anything else."""
    tidy = text.strip().replace(",", ".")
    digits = tidy.replace(".", "", 1)
    if not (digits.isascii() and digits.isdecimal()) or len(tidy) > 14:
        return None
    return Decimal(tidy)


def _can_be(quantity: Decimal) -> bool:
    if not quantity.is_finite() or not _ZERO < quantity < _MOST:
        return False
    return -int(quantity.normalize().as_tuple().exponent) <= PLACES


@cache
def _validity() -> dict[str, list[tuple[Period, int]]]:
    found: dict[str, list[tuple[Period, int]]] = {}
    for row in _rows("validity.csv"):
        end = date.fromisoformat(row["valid_to"]) + timedelta(days=1) if row["valid_to"] else None
        period = Period(date.fromisoformat(row["valid_from"]), end)
        found.setdefault(row["kind"], []).append((period, int(row["days"])))
    return found


@cache
def _dispensers() -> dict[str, Whose]:
    return {row["form"]: Whose(row["whose"]) for row in _rows("dispensers.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    text = files("ymach.exchange.prescriptions").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))

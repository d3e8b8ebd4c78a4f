"""The terms the law sets: when something is due, how that stands today, in one sentence. Plain functions over data.

Terms are rows of `data/clocks.csv`. Days are Vietnamese calendar days; a term in working days does not count the day it
begins on (Civil Code 91/2015/QH13 Art. 147); the last day belongs to the term.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from ymach.base.clock import print_day
from ymach.base.text import Text
from ymach.base.workdays import add_working_days, working_days_between
from ymach.practitioners.rules.spans import months_later

CME_HOURS = Decimal(120)
"""Credit hours in every five years (Circular 32/2023/TT-BYT Art. 3)."""

_FILE = Path(__file__).parent / "data" / "clocks.csv"


class Standing(StrEnum):
    """How a term stands: nothing to do yet, soon, past, or met (in time or late)."""

    OK = "ok"
    SOON = "soon"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"


@dataclass(frozen=True, slots=True)
class Clock:
    """One term. warn_days: so many calendar days before the end it is “soon”, the widest first."""

    code: str
    unit: str
    amount: int
    warn_days: tuple[int, ...]
    label: Text
    source: str

    def due(self, start: date) -> date:
        """The last day of the term that begins on `start`."""
        if self.unit == "working_days":
            return add_working_days(start, self.amount)
        if self.unit == "months":
            return months_later(start, self.amount)
        return start + timedelta(days=self.amount)


@dataclass(frozen=True, slots=True)
class Term:
    """A term of something: when it ends and how it stands."""

    clock: Clock
    due_on: date
    standing: Standing
    sentence: Text


@cache
def clocks() -> dict[str, Clock]:
    """Every term, by its code."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _clock(row) for row in csv.DictReader(file)}


def term(code: str, due_on: date, *, on: date, done_on: date | None = None) -> Term:
    """How the term `code` that ends on `due_on` stands on the day `on`; done_on: the day it was met."""
    clock = clocks()[code]
    standing = standing_of(clock, due_on, on=on, done_on=done_on)
    return Term(clock, due_on, standing, sentence(clock, due_on, standing, on=on, done_on=done_on))


def standing_of(clock: Clock, due_on: date, *, on: date, done_on: date | None = None) -> Standing:
    """Met, late, past, soon or none of these."""
    if done_on is not None:
        return Standing.MET if done_on <= due_on else Standing.MET_LATE
    if on > due_on:
        return Standing.OVERDUE
    return Standing.SOON if (due_on - on).days <= max(clock.warn_days) else Standing.OK


def sentence(clock: Clock, due_on: date, standing: Standing, *, on: date, done_on: date | None = None) -> Text:
    """The term in words, always with its last day."""
    last = print_day(due_on)
    if standing is Standing.MET:
        return Text(f"đúng hạn (hạn {last})", f"in time (due {last})")
    vi, en = _distance(clock, due_on, done_on or on)
    if standing is Standing.MET_LATE:
        return Text(f"muộn {vi} (hạn {last})", f"{en} late (due {last})")
    if standing is Standing.OVERDUE:
        return Text(f"quá hạn {vi} (hạn {last})", f"{en} overdue (due {last})")
    if due_on == on:
        return Text(f"hết hạn hôm nay, {last}", f"due today, {last}")
    return Text(f"còn {vi}, hạn {last}", f"{en} left, due {last}")


def cme_missing(hours: Decimal) -> Decimal:
    """Credit hours still missing of the 120 of five years."""
    return max(CME_HOURS - hours, Decimal(0))


def _distance(clock: Clock, one: date, other: date) -> tuple[str, str]:
    if clock.unit == "working_days":
        number = abs(working_days_between(one, other)) or 1
        return f"{number} ngày làm việc", "1 working day" if number == 1 else f"{number} working days"
    number = abs((one - other).days)
    return f"{number} ngày", "1 day" if number == 1 else f"{number} days"


def _clock(row: dict[str, str]) -> Clock:
    warn = tuple(sorted((int(one) for one in row["warn_days"].split(";")), reverse=True))
    label = Text(row["label_vi"], row["label_en"])
    return Clock(row["code"], row["unit"], int(row["amount"]), warn, label, row["source"])

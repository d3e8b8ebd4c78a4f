"""Working days of Viet Nam, by which the law counts its short terms.

Monday to Friday, less public holidays and the days off given for them, plus the Saturdays worked in exchange
(Labour Code 45/2019/QH14 Art. 111, 112; the exchange is announced each year). The days are data, one file a year;
`basis` says “announced” or “assumed”. An operator adds or replaces whole years with a file of the same columns.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from ymach.base.errors import Misconfigured
from ymach.base.text import Text

FIXED = ((1, 1), (4, 30), (5, 1), (9, 2))
"""Month and day of the holidays that the solar calendar fixes: all that is known of a year without data."""

_DATA = Path(__file__).parent / "data"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Special:
    """A day that is not as its weekday says. is_work: worked although at a weekend; is_assumed: not announced yet."""

    day: date
    is_work: bool
    name: Text
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The special days, by day, and the years they tell of."""

    days: Mapping[date, Special] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    @classmethod
    def of(cls, *files: Iterable[Special]) -> Calendar:
        """A year told of by a later file replaces what an earlier one said of it."""
        days: dict[date, Special] = {}
        for specials in files:
            fresh = list(specials)
            told = {special.day.year for special in fresh}
            days = {day: special for day, special in days.items() if day.year not in told}
            days.update({special.day: special for special in fresh})
        return cls(MappingProxyType(days), frozenset(day.year for day in days))

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on `day`."""
        special = self.days.get(day)
        if special is not None:
            return special.is_work
        if day.year not in self.years and (day.month, day.day) in FIXED:
            return False
        return day.weekday() < 5

    def is_assumed(self, day: date) -> bool:
        """Whether nobody has announced what `day` is: its year has no data, or the day is marked so."""
        special = self.days.get(day)
        return special.is_assumed if special else day.year not in self.years


_in_use: Calendar | None = None


def configure(extra: Path | None = None) -> Calendar:
    """Read the shipped years, and the operator's file over them. Raises Misconfigured where a file cannot be read."""
    global _in_use
    files = [*sorted(_DATA.glob("holidays_*.csv")), *([extra] if extra else [])]
    _in_use = Calendar.of(*(list(_read(path)) for path in files))
    return _in_use


def calendar() -> Calendar:
    """The calendar in use in this process."""
    return _in_use or configure()


def add_working_days(day: date, number: int) -> date:
    """The `number`-th working day after `day` (before it, if negative); `day` itself is not counted.

    With 0: `day`, or the next working day where it is none.
    """
    here = calendar()
    step = -_DAY if number < 0 else _DAY
    left = abs(number)
    while left or not here.is_working_day(day):
        day += step
        left -= left > 0 and here.is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; negative where `end` comes first."""
    here = calendar()
    first, last, sign = (start, end, 1) if start <= end else (end, start, -1)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sign * sum(map(here.is_working_day, days))


def _read(path: Path) -> Iterator[Special]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                name = Text(row["name_vi"], row["name_en"])
                is_work = {"off": False, "work": True}[row["kind"]]
                yield Special(date.fromisoformat(row["day"]), is_work, name, row["basis"] != "announced")
    except (OSError, KeyError, ValueError, TypeError) as fault:
        raise Misconfigured(why=f"YMACH_HOLIDAYS, {path}: {fault}") from fault

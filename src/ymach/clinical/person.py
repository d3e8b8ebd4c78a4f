"""What the tables say about a person: birth dates that are only partly known, and insurance cards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day of which the month, the day or the hour may be unknown; the clock is Viet Nam's.

    Decision 130/QD-BYT 2023 writes unknown parts of a birth as zeros: `198500000000` is a legal value and no calendar
    date. `day` is never given without `month`; midnight counts as an unknown time.

    Raises ValueError when the known parts are no date.
    """

    year: int
    month: int | None = None
    day: int | None = None
    time: dt.time | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day without its month")
        date(self.year, self.month or 1, self.day or 1)

    @property
    def day_or_none(self) -> date | None:
        """The calendar day, when month and day are known."""
        if self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def earliest(self) -> date:
        """The first calendar day it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """A fully known day without hour."""
        return cls(day.year, day.month, day.day)


@dataclass(frozen=True, slots=True)
class InsuranceCard:
    """One health-insurance card as the visit used it.

    registered_facility: code of the facility of first registration; valid_from, valid_to: days, both included.
    """

    number: str
    registered_facility: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


def cards(
    numbers: tuple[str, ...], facilities: tuple[str, ...], starts: tuple[date, ...], ends: tuple[date, ...]
) -> tuple[InsuranceCard, ...]:
    """The cards behind four parallel lists; a list that is too short leaves the rest unknown."""
    return tuple(
        InsuranceCard(number, _at(facilities, place), _at(starts, place), _at(ends, place))
        for place, number in enumerate(numbers)
    )


def split_codes(joined: str | None) -> tuple[str, ...]:
    """The codes of a text that joins several with `;`."""
    return tuple(part.strip() for part in (joined or "").split(";") if part.strip())


def _at(values: tuple[_T, ...], place: int) -> _T | None:
    return values[place] if place < len(values) else None

"""Months, years and sets of days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ymach.base.periods import Period

Days = tuple[tuple[int, int], ...]
"""Half-open stretches of ordinal days, in order and apart from each other."""


def months_later(day: date, months: int) -> date:
    """The same day `months` later (earlier, if negative), or the first of the month after where that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    try:
        return day.replace(year=day.year + years, month=month + 1)
    except ValueError:
        return date(day.year + years, month + 2, 1)


def whole_months(start: date, end: date) -> int:
    """How many months are full between two days; 0 when `end` is not after `start`."""
    months = max((end.year - start.year) * 12 + end.month - start.month, 0)
    return months if months == 0 or months_later(start, months) <= end else months - 1


def age_on(birth: date, day: date) -> int:
    """Full years of age on a day; negative before the birth."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def days_of(periods: Iterable[Period]) -> Days:
    """The days covered by any of the periods."""
    return _joined(map(_stretch, periods))


def either(these: Days, those: Days) -> Days:
    """The days in one or both."""
    return _joined((*these, *those))


def _joined(stretches: Iterable[tuple[int, int]]) -> Days:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return tuple(joined)


def both(these: Days, those: Days) -> Days:
    """The days in both."""
    met = ((max(a, c), min(b, d)) for a, b in these for c, d in those)
    return tuple(sorted((start, end) for start, end in met if start < end))


def without(these: Days, those: Days) -> Days:
    """The days of `these` that are not in `those`."""
    left = these
    for start, end in those:
        left = tuple(piece for a, b in left for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1])
    return left


def count(days: Days) -> int:
    """How many days."""
    return sum(end - start for start, end in days)


def _stretch(period: Period) -> tuple[int, int]:
    start, end = period.start or date.min, period.end or date.max
    return start.toordinal(), end.toordinal()

"""When an appointment is missed, which visit keeps it, when the citizen is reminded. Plain functions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from ymach.base.clock import VIETNAM
from ymach.clinical.person import PartialDate

PLANNED, CAME, CANCELLED, MISSED = "planned", "came", "cancelled", "missed"

EARLY, LATE = timedelta(days=3), timedelta(days=7)
"""A visit this long before the day, or after it, keeps the appointment: people come when they can."""

GIVEN_UP = LATE + timedelta(days=3)
"""So long after the day a visit may still be reported."""


def is_missed(state: str, on_day: date, today: date) -> bool:
    """Whether nobody came: the day and the days of grace are over. Derived, never kept: a late report undoes it."""
    return state == PLANNED and today > on_day + LATE


def first_check(on_day: date) -> datetime:
    """From when on the visit is looked for: midnight in Viet Nam of the first day that would keep the appointment."""
    return datetime.combine(on_day - EARLY, time(), VIETNAM)


def hour_of(appointed: PartialDate | None) -> datetime | None:
    """The moment, where the slip gives the hour; None where it gives the day alone."""
    if appointed is None or appointed.day_or_none is None or appointed.time is None:
        return None
    return datetime.combine(appointed.day_or_none, appointed.time, VIETNAM)


def reminded_days(today: date, days_before: int) -> tuple[date, date]:
    """The first and the last day of appointments of which the citizen is reminded on `today`."""
    return today + timedelta(days=1), today + timedelta(days=days_before)

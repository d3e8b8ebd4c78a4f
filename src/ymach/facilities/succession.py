"""Rows of one thing in time: a change closes the row in force and opens the next, leaving no gap and no overlap. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ymach.base.clock import print_day
from ymach.base.periods import Period
from ymach.facilities.errors import LaterChange


@dataclass(frozen=True, slots=True)
class Succession:
    """What becomes of the row in force, and the days of the next row.

    closed: the days left to the row in force; None where none is in force or it began on the very day of the change, so
    that the next row takes its place (a correction on the same day).
    """

    closed: Period | None
    opened: Period


def in_force(held: Iterable[Period], on: date) -> Period | None:
    """The period of a thing that holds on the day."""
    return next((one for one in held if on in one), None)


def succeed(held: Iterable[Period], on: date) -> Succession:
    """A change that holds from `on` (Viet Nam), where the thing's rows hold for `held`.

    The next row takes over the end of the one in force. Raises LaterChange when a row begins after `on`: the past of a
    later change is not rewritten.
    """
    periods = list(held)
    check_nothing_later(periods, on)
    present = in_force(periods, on)
    if present is None:
        return Succession(None, Period(on))
    return Succession(_until(present, on), Period(on, present.end))


def close(held: Iterable[Period], on: date) -> Period | None:
    """The days left to the row in force when the thing ends on `on`; None when it began on that day and leaves no day.

    Raises LaterChange as `succeed`; ValueError when nothing is in force.
    """
    periods = list(held)
    check_nothing_later(periods, on)
    present = in_force(periods, on)
    if present is None:
        raise ValueError(f"nothing in force on {on}")
    return _until(present, on)


def check_nothing_later(held: Iterable[Period], on: date) -> None:
    """Raise LaterChange when a row begins after the day `on`."""
    later = min((one.start for one in held if one.start is not None and one.start > on), default=None)
    if later is not None:
        raise LaterChange(day=print_day(later))


def _until(period: Period, on: date) -> Period | None:
    return None if period.start == on else Period(period.start, on)

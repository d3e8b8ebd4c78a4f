"""Diplomas, continuing education, trainees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ymach.base.clock import print_day
from ymach.base.periods import Period
from ymach.practitioners.errors import (
    CmeHoursWrong,
    DiplomaKindUnknown,
    DiplomaTooEarly,
    IssuedInFuture,
    TooManyTrainees,
)
from ymach.practitioners.rules.spans import age_on, months_later

CME_HOURS, CME_MONTHS = Decimal(120), 60  # Circular 32/2023/TT-BYT Art. 3
MOST_HOURS_AT_ONCE = Decimal(999)
YOUNGEST_GRADUATE = 16
MOST_TRAINEES = 5  # Decree 96/2023/NĐ-CP Art. 7


@dataclass(frozen=True, slots=True)
class Credit:
    """Credit hours of one activity that ended on a day."""

    hours: Decimal
    on: date
    is_verified: bool


@dataclass(frozen=True, slots=True)
class CmeStanding:
    """Credit hours of the running five years: verified, and stated but not verified yet; `required` for renewal."""

    since: date
    verified: Decimal
    stated: Decimal
    required: Decimal = CME_HOURS

    @property
    def missing(self) -> Decimal:
        """Verified hours still to come before renewal."""
        return max(self.required - self.verified, Decimal(0))


def cme_standing(activities: Iterable[Credit], on: date) -> CmeStanding:
    """The sum over the five years that end with the day `on`."""
    since = months_later(on, -CME_MONTHS)
    running = [one for one in activities if since < one.on <= on]
    verified = sum((one.hours for one in running if one.is_verified), Decimal(0))
    stated = sum((one.hours for one in running if not one.is_verified), Decimal(0))
    return CmeStanding(since, verified, stated)


def check_cme(hours: Decimal, on: date, *, today: date) -> None:
    """Hours are positive and the activity is over. Raises CmeHoursWrong, IssuedInFuture."""
    if not 0 < hours <= MOST_HOURS_AT_ONCE:
        raise CmeHoursWrong(field="hours")
    if on > today:
        raise IssuedInFuture(field="on", day=print_day(on))


def check_diploma(kind: str, issued_on: date, *, birth: date, kinds: Iterable[str], today: date) -> None:
    """A known kind, not in the future, not before the age of 16.

    Raises DiplomaKindUnknown, IssuedInFuture, DiplomaTooEarly.
    """
    if kind not in set(kinds):
        raise DiplomaKindUnknown(field="kind", kind=kind)
    if issued_on > today:
        raise IssuedInFuture(field="issued_on", day=print_day(issued_on))
    if age_on(birth, issued_on) < YOUNGEST_GRADUATE:
        raise DiplomaTooEarly(field="issued_on")


def check_trainees(wanted: Period, held: Iterable[Period]) -> None:
    """One instructor guides at most five trainees at the same time (Decree 96/2023/NĐ-CP Art. 7).

    held: the periods of those already there. Raises TooManyTrainees.
    """
    meeting = [one for one in held if one.overlaps(wanted)]
    # The most at once is reached on the first day of one of them, or of the one to come.
    starts = {max(one.start or date.min, wanted.start or date.min) for one in (*meeting, wanted)}
    if any(sum(day in one for one in meeting) >= MOST_TRAINEES for day in starts):
        raise TooManyTrainees(field="practitioner", most=MOST_TRAINEES)

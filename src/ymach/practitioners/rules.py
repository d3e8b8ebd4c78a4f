"""What must hold before a practitioner, a licence or a registration is written. Plain functions; `check_…` raise."""

from __future__ import annotations

import re
from datetime import date

from ymach.base.licence_numbers import number_key
from ymach.base.periods import Period
from ymach.facilities.rules import check_period
from ymach.practitioners.errors import (
    LicenceNotInForce,
    LicenceNumberWrong,
    PersonalNumberWrong,
    SuspensionTooLong,
)

SUSPENSION_MONTHS = (1, 24)  # Law 15/2023/QH15 Art. 34
_PERSONAL_NUMBER = re.compile(r"[0-9]{12}\Z")


def check_identity(personal_number: str | None, passport_number: str, nationality: str) -> None:
    """Citizens give twelve digits, foreigners a passport (Law 15/2023/QH15 Art. 27). Raises PersonalNumberWrong."""
    if personal_number is not None:
        if not _PERSONAL_NUMBER.match(personal_number):
            raise PersonalNumberWrong(field="personal_number")
    elif not passport_number or nationality == "VN":
        raise PersonalNumberWrong(field="personal_number")


def check_licence_number(number: str) -> None:
    """A number is free text and never blank: no official pattern exists. Raises LicenceNumberWrong."""
    if not number_key(number):
        raise LicenceNumberWrong(field="number")


def check_suspension(period: Period) -> None:
    """A suspension lasts 1 to 24 months (Law 15/2023/QH15 Art. 34). Raises PeriodWrong, SuspensionTooLong."""
    check_period(period)
    if period.start is None or period.end is None:
        raise SuspensionTooLong(field="period")
    shortest, longest = (months_later(period.start, months) for months in SUSPENSION_MONTHS)
    if not shortest <= period.end <= longest:
        raise SuspensionTooLong(field="period")


def check_within(period: Period, licence: Period, number: str) -> None:
    """A registration starts while its licence holds. Raises LicenceNotInForce."""
    if period.start not in licence:
        raise LicenceNotInForce(field="licence", number=number)


def months_later(day: date, months: int) -> date:
    """The same day `months` later, or the first of the month after where that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    try:
        return day.replace(year=day.year + years, month=month + 1)
    except ValueError:
        return date(day.year + years, month + 2, 1)

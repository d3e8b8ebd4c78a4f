"""Licences: numbers, terms, suspensions, bans (Law 15/2023/QH15 Art. 20, 27, 30, 34, 35)."""

from __future__ import annotations

from datetime import date

from ymach.base.clock import print_day
from ymach.base.licence_numbers import number_key
from ymach.base.periods import Period
from ymach.facilities.errors import PeriodWrong
from ymach.facilities.rules import check_period
from ymach.practitioners.errors import (
    BanCaseUnknown,
    ConversionWrong,
    DecidedAfterIssue,
    DecisionMissing,
    IssuedInFuture,
    LicenceNumberWrong,
    LicenceTooYoung,
    PeriodBeforeLicence,
    SuspensionTooLong,
    TitleUnknown,
)
from ymach.practitioners.rules.spans import age_on, months_later
from ymach.practitioners.rules.tables import ban_cases, titles

SUSPENSION_MONTHS = (1, 24)  # Law 15/2023/QH15 Art. 34
ADULT = 18
CERTIFICATES_END = 2035  # Decree 96/2023/NĐ-CP Art. 143(3): on the day and month of issue


def check_licence_number(number: str) -> None:
    """A number is free text and never blank: no official pattern exists. Raises LicenceNumberWrong."""
    if not number_key(number):
        raise LicenceNumberWrong(field="number")


def check_title(title: str) -> None:
    """One of the ten titles of Law 15/2023/QH15 Art. 26(1), or a pharmacist. Raises TitleUnknown."""
    if title not in titles():
        raise TitleUnknown(field="title", title=title)


def check_issue(issued_on: date, *, birth: date, today: date) -> None:
    """A licence is issued to an adult, and not in the future. Raises IssuedInFuture, LicenceTooYoung."""
    if issued_on > today:
        raise IssuedInFuture(field="issued_on", day=print_day(issued_on))
    if age_on(birth, issued_on) < ADULT:
        raise LicenceTooYoung(field="issued_on")


def check_decided(decision: str, decided_on: date | None, *, issued_on: date, is_transcribed: bool) -> None:
    """A licence is granted by a decision, with its number and a day not later than the licence (Art. 28).

    is_transcribed: it was granted elsewhere; its paper may not name the decision, but then neither number nor day.
    Raises DecisionMissing, DecidedAfterIssue.
    """
    if not decision.strip() and not (is_transcribed and decided_on is None):
        raise DecisionMissing(field="decision")
    if decision.strip() and decided_on is None:
        raise DecisionMissing(field="decided_on")
    if decided_on is not None and decided_on > issued_on:
        raise DecidedAfterIssue(field="decided_on", day=print_day(decided_on), issued=print_day(issued_on))


def term_end(title: str, *, is_certificate: bool, issued_on: date) -> date | None:
    """The first day after the term: five years (Art. 27); None for titles without term.

    A certificate of the law of 2009 that nobody converted ends in 2035, on the day and month it was issued on.
    """
    years = titles()[title].term_years
    if years is None:
        return None
    end = months_later(issued_on, 12 * years)
    return max(end, months_later(issued_on, 12 * (CERTIFICATES_END - issued_on.year))) if is_certificate else end


def check_suspension(period: Period, licence: Period | None = None) -> None:
    """A suspension lasts 1 to 24 months (Art. 34) and does not begin before the licence. It may lie in the past.

    Raises PeriodWrong, SuspensionTooLong, PeriodBeforeLicence.
    """
    check_period(period)
    if period.start is None or period.end is None:
        raise SuspensionTooLong(field="period")
    shortest, longest = (months_later(period.start, months) for months in SUSPENSION_MONTHS)
    if not shortest <= period.end <= longest:
        raise SuspensionTooLong(field="period")
    if licence is not None:
        check_not_before(period.start, licence)


def check_shorter(period: Period, ends_on: date) -> None:
    """A stop ends after its first day and not later than it would have. Raises PeriodWrong."""
    check_period(Period(period.start, ends_on))
    if period.end is not None and ends_on > period.end:
        raise PeriodWrong(field="period", start=print_day(ends_on), end=print_day(period.end))


def check_returned(suspension: Period, returned_on: date) -> None:
    """Practice is taken up again when the suspension is over (Art. 34). Raises PeriodWrong."""
    if suspension.end is None or returned_on < suspension.end:
        end = print_day(suspension.end) if suspension.end else None
        raise PeriodWrong(field="returned_on", start=end, end=print_day(returned_on))


def check_not_before(day: date, licence: Period) -> None:
    """A decision about a licence takes effect while it holds. Raises PeriodBeforeLicence."""
    if day not in licence:
        raise PeriodBeforeLicence(field="period", day=print_day(day))


def check_ban(period: Period, case: str) -> None:
    """A ban has a first day and is one of the cases of Art. 20. Raises PeriodWrong, BanCaseUnknown."""
    check_period(period)
    if case not in ban_cases():
        raise BanCaseUnknown(field="case", case=case)


def check_conversion(*, is_old_certificate: bool, is_new_licence: bool, same_person: bool) -> None:
    """A certificate of the law of 2009 becomes a licence of the same person (Decree 96/2023/NĐ-CP Art. 143).

    Raises ConversionWrong.
    """
    if not (is_old_certificate and is_new_licence and same_person):
        raise ConversionWrong(field="converted_from")
